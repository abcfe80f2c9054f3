"""The voice corpora: manifest, decoding, speakers of each split."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hypetrain.labels import EMOTIONS, arousal_target, emotion_index
from hypetrain.logmel import SAMPLE_RATE

HELD_OUT = {
    "ravdess": {"validation": ("19", "20"), "test": ("21", "22", "23", "24")},
    "emodb": {"validation": ("14",), "test": ("15", "16")},
    "crema-d": {"validation": ("1054", "1055", "1057", "1058", "1059", "1060"),
                "test": ("1062", "1063", "1064", "1065", "1067", "1072", "1073", "1074", "1075", "1078")},
}
"""Speakers of each corpus that are kept from training, by the end of their name. TESS only trains: it has one voice."""


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
    parts = Path(name).stem.split("-" if corpus == "ravdess" else "_")
    if corpus == "ravdess" and len(parts) == 7:
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


def decode(manifest: Path, cache: Path) -> list[Clip]:
    """Reads every clip of a manifest (path, corpus, emotion, speaker, sex), through a cache of decoded samples."""
    import soundfile

    with manifest.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        decoded = []
        for row in rows:
            samples, rate = soundfile.read(manifest.parent / row["path"], dtype="float32")
            if rate != SAMPLE_RATE or samples.ndim != 1:
                raise ValueError(f"{row['path']}: {rate} Hz, {samples.ndim} channels; 16 kHz mono is needed.")
            decoded.append((samples / max(np.abs(samples).max(), 1e-4)).astype(np.float16))
        np.savez(cache, samples=np.concatenate(decoded), lengths=[len(s) for s in decoded])
    with np.load(cache) as archive:
        samples, ends = archive["samples"].astype(np.float32), np.cumsum(archive["lengths"])
    if len(ends) != len(rows):
        raise ValueError(f"{cache} belongs to another manifest; delete it.")
    clips = []
    for row, end, start in zip(rows, ends, np.concatenate([[0], ends[:-1]])):
        part = samples[start:end]
        index = emotion_index(row["emotion"])
        clips.append(Clip(part, *speech_bounds(part), row["corpus"], row["speaker"], row["sex"],
                          -1 if index is None else index,
                          arousal_target(row["emotion"], intensity(row["corpus"], row["path"]))))
    return clips


def split_of(clip: Clip, fold: int | None = None, folds: int = 5) -> str:
    """``train``, ``validation`` or ``test`` for the speaker of a clip.

    With ``fold``, the RAVDESS actors are divided by their number modulo ``folds`` instead: those of ``fold`` test
    and, for the choice of the temperature, two of the next fold validate. The other corpora keep their split.
    """
    number = clip.speaker.rsplit("-", 1)[-1]
    if clip.corpus == "ravdess" and fold is not None:
        place = (int(number) - 1) // 2 % folds
        if place == fold:
            return "test"
        return "validation" if place == (fold + 1) % folds and (int(number) - 1) // 2 < folds else "train"
    for split, speakers in HELD_OUT.get(clip.corpus, {}).items():
        if number in speakers:
            return split
    return "train"


CORPUS_SHARE = {"ravdess": 0.45, "emodb": 0.17, "crema-d": 0.20, "tess": 0.13}
"""Share of training windows per corpus; one that is not named counts 0.2 before the sum is made 1."""


def sampling(clips: list[Clip], floor: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Probability of drawing each clip, and what share of a corpus's draws each emotion then has.

    Within a corpus all labels are equally likely. The shares ``[8]``, at least ``floor``, tell the loss what a corpus
    cannot contain: CREMA-D's happy clips must not teach that its microphones never hear anger.
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
