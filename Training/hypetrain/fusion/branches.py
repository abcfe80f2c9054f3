"""What the two shipped networks say about faces and voices that they never saw or heard; computed once, then kept.

Faces are FER2013's PublicTest (fits the fusion) and PrivateTest (measures it). The Training split is of no use here: the
face network knows those pictures, so its answers to them are surer and righter than to any face it will meet.

Voices are the RAVDESS clips. The network that ships has heard twenty of the 24 actors; but it is one of five, and each
actor was never heard by one of them. So an actor's probabilities and embedding come from that network. The five were trained
apart and their embeddings do not mean the same; :func:`translation` brings one network's vectors into another's space.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from hypetrain import metrics
from hypetrain.face import data as faces
from hypetrain.labels import BASIC, EMOTIONS
from hypetrain.logmel import LogMel
from hypetrain.voice.data import FOLDS, Clip
from hypetrain.voice.evaluate import windows
from hypetrain.voice.net import VoiceNet
from hypetrain.voice.report import SHIPPED, Calibration, Judge, beside, fold_run, members

NEUTRAL, CALM = EMOTIONS.index("neutral"), EMOTIONS.index("calm")
SAMPLE = 9
"""Every ninth picture of the Training split is judged too, to show why it is not used."""
RIDGE = 0.1
"""Weight of the squared coefficients of a translation, as a share of the clips: of 0.001, 0.01, 0.1 and 1 the one that
explains most of the clips of actors that were left out of the fit."""


@dataclass
class Branch:
    """One side's readings: ``scores`` ``[n, 7]`` calibrated, ``embedding`` ``[n, d]``, ``labels`` ``[n]`` and whose they are."""

    scores: np.ndarray
    embedding: np.ndarray
    labels: np.ndarray
    people: np.ndarray
    """Speaker of each reading; the reading's own number where nobody knows who it is."""

    def only(self, mask: np.ndarray) -> Branch:
        """The readings in ``mask`` or at these places."""
        return Branch(self.scores[mask], self.embedding[mask], self.labels[mask], self.people[mask])


def basic(probabilities: np.ndarray) -> np.ndarray:
    """Eight emotions to seven: calm counts as neutral."""
    folded = probabilities[:, :len(BASIC)].copy()
    folded[:, NEUTRAL] += probabilities[:, CALM]
    return folded


def session(path: Path):
    """An ONNX file in ONNX Runtime on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def read_faces(models: Path, source: Path, split: str, step: int = 1) -> Branch:
    """The shipped face network on a split of FER2013."""
    loaded = faces.load(source, split)
    images, labels = loaded.images[::step], loaded.labels[::step]
    net = session(models / "face-expression.onnx")
    parts = [net.run(["logits", "embedding"], {"face": images[i:i + 64].astype(np.float32)[:, None]})
             for i in range(0, len(images), 64)]
    logits, embedding = (np.concatenate(part) for part in zip(*parts))
    return Branch(metrics.softmax(logits.astype(np.float64)), embedding, labels.astype(int), np.arange(len(labels)))


def embed(nets: list[VoiceNet], clips: list[Clip], batch: int = 64) -> np.ndarray:
    """Mean embedding over the windows of each clip, ``[nets, clips, 384]``."""
    pieces = [windows(clip) for clip in clips]
    owner = np.repeat(np.arange(len(clips)), [len(piece) for piece in pieces])
    samples, features = torch.from_numpy(np.concatenate(pieces)), LogMel()
    caught: dict[int, list[torch.Tensor]] = {place: [] for place in range(len(nets))}
    hooks = [net.emotion.register_forward_pre_hook(lambda _, inputs, place=place: caught[place].append(inputs[0]))
             for place, net in enumerate(nets)]
    with torch.no_grad():
        for part in samples.split(batch):
            mel = features(part).contiguous(memory_format=torch.channels_last)
            for net in nets:
                net.eval()(mel)
    for hook in hooks:
        hook.remove()
    result = np.zeros((len(nets), len(clips), nets[0].emotion.in_features))
    for place, parts in caught.items():
        np.add.at(result[place], owner, torch.cat(parts).numpy())
    return (result / np.bincount(owner)[None, :, None]).astype(np.float32)


def translation(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Affine map ``[d + 1, d]`` from one network's embeddings of some clips to another's of the same, by ridge regression."""
    mean = source.mean(0)
    centred = source - mean
    square = centred.T @ centred + RIDGE * len(source) * np.eye(source.shape[1]) * centred.var(0).mean()
    turn = np.linalg.solve(square, centred.T @ (target - target.mean(0)))
    return np.concatenate([turn, (target.mean(0) - mean @ turn)[None]])


def translate(embedding: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Embeddings in the other network's space."""
    return (embedding @ table[:-1] + table[-1]).astype(np.float32)


@dataclass
class Voices:
    """RAVDESS through all five networks, and other held-out speakers through the one that ships."""

    scores: np.ndarray
    """``[5, clips, 7]``: row ``k`` is calibrated without fold ``k``'s actors; each clip by the network that never heard it."""
    embedding: np.ndarray
    """``[5, clips, 384]``: each network's own embedding of every clip."""
    labels: np.ndarray
    """Index in ``BASIC``; calm counts as neutral."""
    speakers: np.ndarray
    folds: np.ndarray
    """Fold whose network never heard the clip."""
    heads: np.ndarray
    """``[5, 385, 8]``: each network's last layer with its offsets, to judge translations."""
    others: Branch
    """EmoDB and CREMA-D speakers that the shipped network never heard."""

    def heard_by_none(self, fold: int) -> Branch:
        """Actors of ``fold`` by its own network: what a user of that network would get."""
        mask = self.folds == fold
        return Branch(self.scores[fold][mask], self.embedding[fold][mask], self.labels[mask], self.speakers[mask])

    def teaching(self, fold: int) -> Branch:
        """All other actors, each by a network that never heard them, in the space of ``fold``'s network."""
        mask = self.folds != fold
        embedding = np.zeros((len(self.labels), self.embedding.shape[2]), np.float32)
        for other in range(len(FOLDS)):
            if other == fold:
                continue
            both = (self.folds != fold) & (self.folds != other)
            table = translation(self.embedding[other][both], self.embedding[fold][both])
            mine = self.folds == other
            embedding[mine] = translate(self.embedding[other][mine], table)
        return Branch(self.scores[fold][mask], embedding[mask], self.labels[mask], self.speakers[mask])


def read_voices(clips: list[Clip], runs: Path) -> Voices:
    """Everything about voices. Needs the runs of all folds."""
    judges = [Judge(fold_run(runs, fold)) for fold in range(len(FOLDS))]
    heard = [judge.answer(members(clips, judge.plan, "test", "ravdess"), "actors") for judge in judges]
    validating = [beside(judge, clips) for judge in judges]
    calibrations = [Calibration.fit([*(part for place, part in enumerate(heard) if place != fold), *validating[fold]])
                    for fold in range(len(FOLDS))]
    people = [clip for part in heard for clip in part.clips]
    scores = np.stack([np.concatenate([basic(calibration.clips(part)) for part in heard]) for calibration in calibrations])
    unseen = [clip for clip in members(clips, judges[SHIPPED].plan, "test") if clip.corpus != "ravdess"]
    strangers = judges[SHIPPED].answer([*members(clips, judges[SHIPPED].plan, "test")], "test")
    kept = np.array([clip.corpus != "ravdess" for clip in strangers.clips])
    others = Branch(basic(calibrations[SHIPPED].clips(strangers))[kept], embed([judges[SHIPPED].net], unseen)[0],
                    _labels(unseen), np.array([clip.speaker for clip in unseen]))
    heads = np.stack([torch.cat([judge.net.emotion.weight.T, judge.net.emotion.bias[None]]).detach().numpy()
                      for judge in judges])
    return Voices(scores, embed([judge.net for judge in judges], people), _labels(people),
                  np.array([clip.speaker for clip in people]),
                  np.repeat(np.arange(len(FOLDS)), [len(part.clips) for part in heard]), heads, others)


def exported_from(model: Path, net: VoiceNet) -> bool:
    """Whether the last layer of an exported voice network is that of ``net``."""
    import onnx

    held = {tensor.name: tensor for tensor in onnx.load(str(model)).graph.initializer}
    return all(f"net.emotion.{name}" in held
               and np.array_equal(onnx.numpy_helper.to_array(held[f"net.emotion.{name}"]), value.detach().numpy())
               for name, value in net.emotion.named_parameters())


def _labels(clips: list[Clip]) -> np.ndarray:
    return np.array([NEUTRAL if clip.label == CALM else clip.label for clip in clips])


@dataclass
class Everything:
    """All readings that the fusion is made from and measured on."""

    public: Branch
    private: Branch
    training: Branch
    """A sample of the face network's own training pictures."""
    voices: Voices
    thresholds: tuple[float, float]
    """Confidence under which the face and the voice (of a clip) abstain by themselves."""


_PARTS = ("scores", "embedding", "labels", "people")


def load(models: Path, source: Path, clips, runs: Path, cache: Path) -> Everything:
    """Reads the readings from ``cache``, or makes them (some minutes) where it is not there.

    ``clips`` is a function that gives the voice clips, called only where they are needed.
    """
    sidecars = [json.loads((models / f"{name}.json").read_text()) for name in ("face-expression", "voice-emotion")]
    identity = np.array([sidecar["sha256"] for sidecar in sidecars])
    thresholds = (sidecars[0]["threshold"], sidecars[1].get("clipThreshold", sidecars[1]["threshold"]))
    if not cache.exists() or (np.load(cache)["identity"] != identity).any():
        if not exported_from(models / "voice-emotion.onnx", Judge(fold_run(runs, SHIPPED)).net):
            raise ValueError(f"{models / 'voice-emotion.onnx'} is not the network of {fold_run(runs, SHIPPED)}: name the runs that it "
                             "was exported from with --runs, or export it again.")
        parts = {"public": read_faces(models, source, "public"), "private": read_faces(models, source, "private"),
                 "training": read_faces(models, source, "train", SAMPLE)}
        voices = read_voices(clips(), runs)
        parts["others"] = voices.others
        arrays = {f"{name} {part}": getattr(branch, part) for name, branch in parts.items() for part in _PARTS}
        arrays |= {name: getattr(voices, name) for name in ("scores", "embedding", "labels", "speakers", "folds", "heads")}
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, identity=identity, **arrays)
    with np.load(cache) as kept:
        def branch(name: str) -> Branch:
            return Branch(*(kept[f"{name} {part}"] for part in _PARTS))

        voices = Voices(*(kept[name] for name in ("scores", "embedding", "labels", "speakers", "folds", "heads")),
                        branch("others"))
        return Everything(branch("public"), branch("private"), branch("training"), voices, thresholds)
