"""Answers of the voice network for whole clips, and the figures made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from hypetrain import metrics
from hypetrain.labels import EMOTIONS
from hypetrain.logmel import SAMPLE_RATE, WINDOW, LogMel
from hypetrain.voice.data import Clip
from hypetrain.voice.net import VoiceNet

HOP = SAMPLE_RATE // 2


def windows(clip: Clip) -> np.ndarray:
    """The windows that the product would judge: every 0.5 s through the speech, ``[n, 32000]``.

    Speech shorter than a window stands in its middle, with what surrounds it in the clip, then silence.
    """
    length = clip.end - clip.begin
    if length <= WINDOW:
        starts = [clip.begin - (WINDOW - length) // 2]
    else:
        starts = list(range(clip.begin, clip.end - WINDOW + 1, HOP))
        if starts[-1] + WINDOW < clip.end - HOP // 4:
            starts.append(clip.end - WINDOW)
    padded = np.pad(clip.samples, WINDOW)
    return np.stack([padded[s + WINDOW:s + 2 * WINDOW] for s in starts])


@dataclass
class Answers:
    """Uncalibrated outputs per window, with the clip each window is from."""

    logits: np.ndarray
    arousal: np.ndarray
    owner: np.ndarray
    clips: list[Clip]

    @property
    def labels(self) -> np.ndarray:
        """Label of each clip."""
        return np.array([clip.label for clip in self.clips])

    @property
    def window_labels(self) -> np.ndarray:
        """Label of each window."""
        return self.labels[self.owner]

    def probabilities(self, temperature: float = 1.0) -> np.ndarray:
        """Mean probability over the windows of each clip, ``[clips, 8]``."""
        return self._mean(metrics.softmax(self.logits / temperature))

    def clip_arousal(self) -> np.ndarray:
        """Mean arousal over the windows of each clip."""
        return self._mean(self.arousal[:, None])[:, 0]

    def choices(self, mask: np.ndarray, among: tuple[str, ...] = EMOTIONS) -> np.ndarray:
        """The likeliest of ``among`` for the clips in ``mask``, as indices in ``EMOTIONS``."""
        allowed = [EMOTIONS.index(name) for name in among]
        return np.array(allowed)[self.probabilities()[mask][:, allowed].argmax(1)]

    def _mean(self, values: np.ndarray) -> np.ndarray:
        total = np.zeros((len(self.clips), values.shape[1]))
        np.add.at(total, self.owner, values)
        return total / np.bincount(self.owner, minlength=len(self.clips))[:, None]


def answer(net: VoiceNet, clips: list[Clip], device: torch.device,
           disturb: Callable[[torch.Tensor], torch.Tensor] | None = None, batch: int = 128) -> Answers:
    """Runs the network over the windows of ``clips``; ``disturb`` may add noise to the waveforms first."""
    net.eval()
    pieces = [windows(clip) for clip in clips]
    samples = torch.from_numpy(np.concatenate(pieces))
    owner = np.repeat(np.arange(len(clips)), [len(p) for p in pieces])
    features, logits, arousal = LogMel(), [], []
    with torch.no_grad():
        for part in samples.split(batch):
            mel = features(part if disturb is None else disturb(part)).to(device)
            a, b = net(mel.contiguous(memory_format=torch.channels_last))
            logits.append(a.cpu())
            arousal.append(torch.sigmoid(b).cpu())
    return Answers(torch.cat(logits).numpy(), torch.cat(arousal).numpy(), owner, clips)


def figures(answers: Answers, mask: np.ndarray, probabilities: np.ndarray, among: tuple[str, ...] = EMOTIONS) -> dict:
    """Clip-level figures over the clips in ``mask``, choosing between ``among`` only.

    ``probabilities`` are those of all clips. The intervals draw whole speakers where there are at least five, else single
    clips.
    """
    names = [EMOTIONS.index(name) for name in among]
    probabilities = probabilities[mask][:, names]
    probabilities = probabilities / probabilities.sum(1, keepdims=True)
    labels = np.array([names.index(label) for label in answers.labels[mask]])
    clips = [clip for clip, kept in zip(answers.clips, mask) if kept]
    speakers, sexes = np.array([clip.speaker for clip in clips]), np.array([clip.sex for clip in clips])
    groups = speakers if len(np.unique(speakers)) >= 5 else None
    chosen = probabilities.argmax(1)
    return {
        "n": int(mask.sum()), "speakers": len(np.unique(speakers)),
        "uar": vars(metrics.bootstrap(metrics.uar, labels, chosen, groups)),
        "war": vars(metrics.bootstrap(metrics.war, labels, chosen, groups)),
        "ece": metrics.ece(probabilities, labels),
        "sex": {sex: metrics.uar(labels[sexes == sex], chosen[sexes == sex]) for sex in sorted(set(sexes)) if sex},
        "labels": list(among),
        "confusion": metrics.confusion(labels, chosen, len(among)).tolist(),
    }


def ranking(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve: how often a positive clip scores above a negative one."""
    order = scores.argsort().argsort() + 1
    count = int(positive.sum())
    return float((order[positive].sum() - count * (count + 1) / 2) / (count * (~positive).sum()))
