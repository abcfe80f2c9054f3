"""Training clips: decoding, speech bounds, speakers of each split, how often each clip is drawn."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hypetrain import corpora
from hypetrain.corpora import Item
from hypetrain.labels import BASIC, EMOTIONS, arousal_target, emotion_index
from hypetrain.logmel import SAMPLE_RATE

HELD_OUT = {
    "ravdess": {"validation": ("19", "20"), "test": ("21", "22", "23", "24")},
    "emodb": {"validation": ("14",), "test": ("15", "16")},
    "crema-d": {"validation": ("1054", "1055", "1057", "1058", "1059", "1060"),
                "test": ("1062", "1063", "1064", "1065", "1067", "1072", "1073", "1074", "1075", "1078")},
}
"""Speakers of each corpus that are kept from training, by the end of their name; see :func:`split_of` for other corpora."""
TRAINS_ONLY = ("tess",)
"""Corpora with too few voices to keep one back."""

TERMS = {"ravdess": "RAVDESS (CC BY-NC-SA 4.0)", "ravdess-song": "RAVDESS songs (CC BY-NC-SA 4.0)",
         "tess": "TESS (CC BY-NC-ND 4.0)", "emodb": "EmoDB (research)",
         "crema-d": "CREMA-D (ODbL 1.0)", "savee": "SAVEE (research)", "enterface05": "eNTERFACE'05 (research)"}
"""What the weights must name. CREMA-D is without its other emotions where those are not there."""


@dataclass
class Clip:
    """One utterance: samples, where its speech lies, what it is and who speaks."""

    samples: np.ndarray
    begin: int
    end: int
    corpus: str
    speaker: str
    sex: str
    label: int
    """Index in ``EMOTIONS``; -1 where the label is none of them (then only the arousal teaches)."""
    arousal: float


def intensity(corpus: str, name: str) -> int:
    """Strength the actor was asked for, -1, 0 or 1, from the file name."""
    parts = Path(name).stem.split("-" if corpus.startswith("ravdess") else "_")
    if corpus.startswith("ravdess") and len(parts) == 7:
        return 1 if parts[3] == "02" else -1
    if corpus == "crema-d" and len(parts) == 4:
        return {"LO": -1, "HI": 1}.get(parts[3], 0)
    return 0


def speech_bounds(samples: np.ndarray) -> tuple[int, int]:
    """Samples from the first to the last 20 ms frame within 34 dB of the loud frames, with 60 ms around them."""
    frame = SAMPLE_RATE // 50
    count = len(samples) // frame
    level = 10 * np.log10(np.square(samples[:count * frame].reshape(count, frame)).mean(1) + 1e-12)
    active = np.flatnonzero(level > np.percentile(level, 95) - 34)
    return max(0, (active[0] - 3) * frame), min(len(samples), (active[-1] + 4) * frame)


def decode(items: list[Item], cache: Path) -> list[Clip]:
    """Reads every clip, through a cache of decoded samples that is made where it is missing."""
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        decoded = []
        for item in items:
            data = corpora.samples(item.path)
            if len(data) < SAMPLE_RATE // 10:
                raise ValueError(f"{item.path}: shorter than 0.1 s.")
            decoded.append((data / max(np.abs(data).max(), 1e-4)).astype(np.float16))
        np.savez(cache, samples=np.concatenate(decoded), lengths=[len(s) for s in decoded])
    with np.load(cache) as archive:
        samples, ends = archive["samples"].astype(np.float32), np.cumsum(archive["lengths"])
    if len(ends) != len(items):
        raise ValueError(f"{cache} belongs to other data; delete it or name another with --cache.")
    clips = []
    for item, end, start in zip(items, ends, np.concatenate([[0], ends[:-1]])):
        part = samples[start:end]
        index = emotion_index(item.emotion)
        clips.append(Clip(part, *speech_bounds(part), item.corpus, item.speaker, item.sex,
                          -1 if index is None else index,
                          arousal_target(item.emotion, intensity(item.corpus, item.path.name))))
    return clips


FOLDS = ((1, 6), (7, 12), (13, 16), (17, 20), (21, 24))
"""First and last RAVDESS actor of each fold; men and women alternate. The last fold is the split that ships."""


def split_of(clip: Clip, fold: int | None = None, without: str = "") -> str:
    """``train``, ``validation`` or ``test`` for the speaker of a clip.

    Of a corpus that :data:`HELD_OUT` does not name, about one speaker in ten tests and one validates, by their name.
    With ``fold``, the RAVDESS actors of that fold test and all others train; the other corpora keep their split. With
    ``without``, everybody of that corpus tests.
    """
    number = clip.speaker.rsplit("-", 1)[-1]
    # Who sings in one corpus speaks in the other; they must not be in two splits.
    corpus = clip.corpus.removesuffix("-song")
    if without in (clip.corpus, corpus):
        return "test"
    if corpus == "ravdess" and fold is not None:
        first, last = FOLDS[fold]
        return "test" if first <= int(number) <= last else "train"
    for split, speakers in HELD_OUT.get(corpus, {}).items():
        if number in speakers:
            return split
    if corpus in HELD_OUT or corpus in TRAINS_ONLY:
        return "train"
    return {0: "test", 1: "validation"}.get(zlib.crc32(clip.speaker.encode()) % 10, "train")


MOST = 5
"""Of the seven basic emotions a corpus must have this many to say how often an answer among all of them is right."""


def complete(clips: list[Clip]) -> set[str]:
    """The corpora with :data:`MOST` of the basic emotions; all, where none has them.

    Of a corpus with two emotions, an answer is right for want of others to be wrong with; temperatures and thresholds
    fitted to it are those of a question that nobody asks.
    """
    kinds: dict[str, set[int]] = {}
    for clip in clips:
        kinds.setdefault(clip.corpus, set()).add(clip.label)
    return {corpus for corpus, found in kinds.items() if len(found & set(range(len(BASIC)))) >= MOST} or set(kinds)


CORPUS_SHARE = {"ravdess": 0.48, "emodb": 0.14, "crema-d": 0.25, "tess": 0.13}
"""Share of training windows per corpus; one that is not named counts 0.2 before the sum is made 1."""


def sampling(clips: list[Clip], floor: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Probability of drawing each clip, and what share of a corpus's draws each emotion then has.

    Within a corpus all labels are equally likely. The shares ``[8]``, at least ``floor``, tell the loss what a corpus
    cannot contain: CREMA-D's happy clips must not teach that its microphones never hear anger. With a floor of 0 its clips
    choose between its own emotions only.
    """
    weights = np.zeros(len(clips))
    priors = {}
    for corpus in sorted({clip.corpus for clip in clips}):
        labels = np.array([clip.label if clip.corpus == corpus else -9 for clip in clips])
        kinds = [k for k in np.unique(labels) if k != -9]
        for kind in kinds:
            weights[labels == kind] = CORPUS_SHARE.get(corpus, 0.2) / len(kinds) / (labels == kind).sum()
        present = np.isin(np.arange(len(EMOTIONS)), kinds)
        priors[corpus] = np.maximum(present / max(present.sum(), 1), floor)
    return weights / weights.sum(), priors
