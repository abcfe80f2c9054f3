"""FER2013 in the layout of ``fer2013.npz``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hypetrain.labels import BASIC, emotion_index

SPLITS = {"train": 0, "public": 1, "private": 2}


@dataclass
class Faces:
    """Grey pictures ``[n, 48, 48]`` (uint8) and labels in :data:`hypetrain.labels.BASIC` order."""

    images: np.ndarray
    labels: np.ndarray


def load(path: Path, split: str) -> Faces:
    """Reads one split of an ``npz`` with ``images``, ``labels``, ``usage`` and ``label_names``.

    ``usage`` is 0 for Training, 1 for PublicTest, 2 for PrivateTest; the names may be in any order.
    """
    with np.load(path, allow_pickle=False) as archive:
        chosen = archive["usage"] == SPLITS[split]
        order = []
        for name in archive["label_names"]:
            index = emotion_index(str(name))
            if index is None or index >= len(BASIC):
                raise ValueError(f"{path}: '{name}' is none of the seven classes {', '.join(BASIC)}.")
            order.append(index)
        return Faces(archive["images"][chosen], np.asarray(order)[archive["labels"][chosen]].astype(np.int64))
