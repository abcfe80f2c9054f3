"""A bank of augmented windows: made once, drawn from by every fold, split and cross-corpus run.

Rooms, resampling and game sound cost as much as the network's own training step, and each of the dozen runs that an
honest table needs would pay for them again. So each clip gets a number of changed windows in advance, as log-mel on disk; what
is cheap (crops, masks, mixing, equalisers) stays random in each draw.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from hypetrain.logmel import BANDS, FRAMES, WINDOW, LogMel
from hypetrain.voice import synth
from hypetrain.voice.augment import Stream, window
from hypetrain.voice.data import Clip

VARIANTS = {"ravdess": 20, "emodb": 14, "crema-d": 8, "tess": 5}
"""Windows per clip; a corpus that is not named gets 10."""
CLEAN = 0.2
"""Share of the windows that keep their sound, besides pitch and pace."""
PURE = {"ravdess": 10, "emodb": 8, "crema-d": 5, "tess": 3}
"""Windows per clip of the second bank, which holds clean windows only; a corpus that is not named gets 6."""
EMPTY = 1_200
"""Windows without a voice: game sound, noise and silence."""


class Bank:
    """``mel [rows, 80, 197]`` (float16, mapped from disk) and for each row the index of its clip, -1 for no voice."""

    def __init__(self, folder: Path):
        self.mel = np.load(folder / "mel.npy", mmap_mode="r")
        self.owner = np.load(folder / "owner.npy")

    def rows(self, clips: list[int]) -> list[np.ndarray]:
        """The rows of each of the clips, and of them alone."""
        order = np.argsort(self.owner, kind="stable")
        place = np.searchsorted(self.owner[order], clips, "left"), np.searchsorted(self.owner[order], clips, "right")
        return [order[a:b] for a, b in zip(*place)]


def _fingerprint(clips: list[Clip], seed: int, variants: dict[str, int], clean: float) -> str:
    shape = [(c.corpus, c.speaker, c.label, int(c.begin), int(c.end), len(c.samples)) for c in clips]
    return hashlib.sha256(json.dumps([shape, seed, variants, clean, EMPTY, 2]).encode()).hexdigest()


def make(clips: list[Clip], folder: Path, seed: int = 1, variants: dict[str, int] = VARIANTS, empty: int = EMPTY,
         batch: int = 64, clean: float = CLEAN) -> Bank:
    """Makes the bank of ``clips`` in ``folder``, or opens it where it already holds these clips."""
    mark = _fingerprint(clips, seed, variants, clean)
    if (folder / "mark").exists() and (folder / "mark").read_text() == mark:
        return Bank(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mark").unlink(missing_ok=True)
    random = np.random.default_rng([seed, 77])
    owner = np.concatenate([np.repeat(np.arange(len(clips)), [variants.get(c.corpus, 10) for c in clips]),
                            np.full(empty, -1)])
    random.shuffle(owner)
    stream, features = Stream(synth.bank(10, seed=seed), seed), LogMel()
    mel = np.lib.format.open_memmap(folder / "mel.npy", "w+", np.float16, (len(owner), BANDS, FRAMES))
    for start in range(0, len(owner), batch):
        owners = owner[start:start + batch]
        voices = np.stack([window(clips[i], random) if i >= 0 else _nothing(stream, random) for i in owners])
        voices = torch.from_numpy(voices)
        changed = stream(voices) if clean < 1 else voices
        kept = torch.from_numpy((random.random(len(owners)) < clean) & (owners >= 0))
        changed[kept] = voices[kept]
        mel[start:start + batch] = features(changed)[:, 0].numpy()
    mel.flush()
    np.save(folder / "owner.npy", owner)
    (folder / "mark").write_text(mark)
    return Bank(folder)


def both(clips: list[Clip], folder: Path) -> tuple[Bank, Bank]:
    """The bank that training draws from, and a second one of clean windows only."""
    pure = {corpus: PURE.get(corpus, 6) for corpus in sorted({clip.corpus for clip in clips})}
    return make(clips, folder), make(clips, folder / "clean", seed=2, variants=pure, empty=0, clean=1.0)


def _nothing(stream: Stream, random: np.random.Generator) -> np.ndarray:
    """A window without a voice: generated sound, faint noise or silence."""
    kind = random.random()
    if kind < 0.7:
        return stream.background(1)[0].numpy() * np.float32(10 ** random.uniform(-2.5, -0.5))
    level = 0.0 if kind < 0.75 else 10 ** random.uniform(-5, -1)
    return (random.standard_normal(WINDOW) * level).astype(np.float32)
