"""Labelled faces in the forms in which people have them.

- ``fer2013.npz``: ``images`` ``[n, 48, 48]``, ``labels``, ``usage`` (0 Training, 1 PublicTest, 2 PrivateTest), ``label_names``.
- ``fer2013.csv`` or ``icml_face_data.csv``: columns ``emotion`` (0…6 in FER2013's order), ``pixels``, ``Usage``.
- ``fer2013new.csv`` (FERPlus) with one of the two above beside it: the votes of ten people. The label is the class with
  most votes; pictures where that is contempt, "unknown" or "no face", or where two classes tie, are left out.
- a folder ``train/<label>/*.jpg`` with ``test/<label>/…`` and perhaps ``val/<label>/…`` (AffectNet sorted by class, FER2013's
  folder form): faces already cut out, in any size and colour. Without ``val`` a tenth of ``train``, chosen by the
  file's name, takes its place.

Everywhere "public" is the split that choices are made on and "private" the one that gives the figure.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from hypetrain.labels import BASIC, emotion_index

SIDE = 48
SPLITS = {"train": 0, "public": 1, "private": 2}
_USAGES = {"Training": "train", "PublicTest": "public", "PrivateTest": "private"}
_FOLDERS = {"train": ("train", "training"), "public": ("val", "valid", "validation", "public", "publictest"),
            "private": ("test", "testing", "private", "privatetest")}
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
_LEFT_OUT = {"contempt"}
"""Classes that data sets have and the network has not: their pictures are skipped, not guessed."""


class DataError(ValueError):
    """The data cannot be used; the message says what to do."""


@dataclass
class Faces:
    """Grey pictures ``[n, 48, 48]`` (uint8) and labels in :data:`hypetrain.labels.BASIC` order."""

    images: np.ndarray
    labels: np.ndarray


def load(source: Path, split: str) -> Faces:
    """One split, "train", "public" or "private", of any of the forms above.

    Training pictures that occur pixel by pixel in one of the other splits are left out.

    :raises DataError: where the source is in no known form, or the split is empty.
    """
    splits = _read(Path(source))
    faces = splits.get(split)
    if faces is None or len(faces.labels) == 0:
        raise DataError(f"{source} has no '{split}' pictures. It needs the splits of FER2013 (Training, PublicTest, "
                        "PrivateTest) or the folders train, val and test.")
    return faces


def unpack(source: Path, split: str, folder: Path) -> int:
    """Writes one split as ``folder/<label>/<index>.png`` and returns how many pictures that were."""
    from PIL import Image

    faces = load(source, split)
    for name in BASIC:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for index, (image, label) in enumerate(zip(faces.images, faces.labels)):
        Image.fromarray(image).save(folder / BASIC[label] / f"{index:05}.png")
    return len(faces.labels)


@lru_cache(maxsize=1)
def _read(source: Path) -> dict[str, Faces]:
    if source.is_dir():
        splits = _read_folder(source)
    elif not source.exists():
        raise DataError(f"{source} is not there. Training/README.md says in which forms faces may lie.")
    elif source.suffix == ".npz":
        splits = _read_npz(source)
    elif source.suffix == ".csv":
        splits = _read_csv(source)
    else:
        raise DataError(f"{source} is neither a folder nor an .npz or .csv file. Training/README.md says in which forms "
                        "faces may lie.")
    return _without_overlap(splits)


def _without_overlap(splits: dict[str, Faces]) -> dict[str, Faces]:
    held_out = {image.tobytes() for name in ("public", "private") if name in splits for image in splits[name].images}
    if "train" not in splits or not held_out:
        return splits
    train = splits["train"]
    kept = np.array([image.tobytes() not in held_out for image in train.images], bool)
    if not kept.all():
        print(f"Left out {int((~kept).sum())} training pictures that are also among the test pictures.")
    return splits | {"train": Faces(train.images[kept], train.labels[kept])}


def _class(name: str, source: Path) -> int:
    index = emotion_index(name)
    if index is None or index >= len(BASIC):
        raise DataError(f"{source}: '{name}' is none of the seven classes {', '.join(BASIC)}. Rename or remove it; numbers "
                        "must be replaced by names, since data sets number the classes differently.")
    return index


def _read_npz(source: Path) -> dict[str, Faces]:
    with np.load(source, allow_pickle=False) as archive:
        missing = {"images", "labels", "usage", "label_names"} - set(archive.files)
        if missing:
            raise DataError(f"{source} lacks {', '.join(sorted(missing))}. Training/README.md describes the arrays.")
        order = np.array([_class(str(name), source) for name in archive["label_names"]])
        images, labels, usage = archive["images"], archive["labels"], archive["usage"]
    if images.shape[1:] != (SIDE, SIDE) or images.dtype != np.uint8:
        raise DataError(f"{source}: images are {images.dtype} {list(images.shape)}, but must be uint8 [n, {SIDE}, {SIDE}].")
    return {name: Faces(images[usage == code], order[labels[usage == code]].astype(np.int64))
            for name, code in SPLITS.items()}


def _rows(source: Path) -> list[dict[str, str]]:
    with source.open(newline="", encoding="utf-8-sig") as file:
        return [{(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
                for row in csv.DictReader(file)]


def _read_csv(source: Path) -> dict[str, Faces]:
    rows = _rows(source)
    columns = set(rows[0]) if rows else set()
    if {"neutral", "happiness", "NF"} <= columns:
        return _read_votes(source, rows)
    if not {"emotion", "pixels", "Usage"} <= columns:
        raise DataError(f"{source} has the columns {', '.join(sorted(columns)) or 'of an empty file'}, but needs emotion, "
                        "pixels and Usage as in fer2013.csv, or the votes of FERPlus' fer2013new.csv.")
    parts = {name: ([], []) for name in SPLITS}
    for line, row in enumerate(rows, 2):
        images, labels = parts[_usage(source, line, row)]
        images.append(_pixels(source, line, row))
        if row["emotion"] not in "0123456" or not row["emotion"]:
            raise DataError(f"{source}, line {line}: emotion '{row['emotion']}' is not 0 to 6.")
        labels.append(int(row["emotion"]))
    return {name: _faces(images, labels) for name, (images, labels) in parts.items()}


def _read_votes(source: Path, votes: list[dict[str, str]]) -> dict[str, Faces]:
    beside = [source.with_name(name) for name in ("fer2013.csv", "icml_face_data.csv")]
    pictures = next((path for path in beside if path.exists()), None)
    if pictures is None:
        raise DataError(f"{source} has votes but no pictures. Put fer2013.csv beside it.")
    rows = _rows(pictures)
    if len(rows) != len(votes):
        raise DataError(f"{source} has {len(votes)} lines and {pictures.name} {len(rows)}: the two do not belong together. "
                        "FERPlus goes with the complete fer2013.csv, lines in the original order.")
    candidates = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]
    parts = {name: ([], []) for name in SPLITS}
    for line, (vote, row) in enumerate(zip(votes, rows), 2):
        counts = [int(vote[name] or 0) for name in candidates]
        winner = candidates[int(np.argmax(counts))]
        if winner in ("contempt", "unknown", "NF") or counts.count(max(counts)) > 1:
            continue
        images, labels = parts[_usage(pictures, line, row)]
        images.append(_pixels(pictures, line, row))
        labels.append(_class(winner, source))
    return {name: _faces(images, labels) for name, (images, labels) in parts.items()}


def _usage(source: Path, line: int, row: dict[str, str]) -> str:
    if row["Usage"] not in _USAGES:
        raise DataError(f"{source}, line {line}: Usage '{row['Usage']}' is none of {', '.join(_USAGES)}.")
    return _USAGES[row["Usage"]]


def _pixels(source: Path, line: int, row: dict[str, str]) -> np.ndarray:
    try:
        return np.array([int(value) for value in row["pixels"].split()], np.uint8).reshape(SIDE, SIDE)
    except (ValueError, OverflowError) as error:
        raise DataError(f"{source}, line {line}: pixels are not {SIDE * SIDE} numbers from 0 to 255.") from error


def _faces(images: list[np.ndarray], labels: list[int]) -> Faces:
    stacked = np.stack(images) if images else np.zeros((0, SIDE, SIDE), np.uint8)
    return Faces(stacked, np.asarray(labels, np.int64))


def _read_folder(source: Path) -> dict[str, Faces]:
    found = {entry.name.lower(): entry for entry in source.iterdir() if entry.is_dir()}
    places = {name: next((found[folder] for folder in folders if folder in found), None)
              for name, folders in _FOLDERS.items()}
    if places["train"] is None:
        raise DataError(f"{source} has no folder 'train' with one folder for each class in it.")
    files = {name: _labelled(place) if place else [] for name, place in places.items()}
    if not files["public"]:
        files["public"] = [item for item in files["train"] if _is_tenth(item[0])]
        files["train"] = [item for item in files["train"] if not _is_tenth(item[0])]
    return {name: _faces([_decode(path) for path, _ in items], [label for _, label in items])
            for name, items in files.items()}


def _labelled(place: Path) -> list[tuple[Path, int]]:
    """The pictures of one split with their labels, in the order of their names."""
    items = []
    for folder in sorted(entry for entry in place.iterdir() if entry.is_dir()):
        if folder.name.lower() in _LEFT_OUT:
            print(f"Left out {folder}: the network has no such class.")
            continue
        label = _class(folder.name, place)
        items += [(path, label) for path in sorted(folder.iterdir()) if path.suffix.lower() in _PICTURES]
    return items


def _is_tenth(path: Path) -> bool:
    return hashlib.sha256(path.name.encode()).digest()[0] < 26


def _decode(path: Path) -> np.ndarray:
    """A picture as grey 48×48: the largest square in its middle, scaled with an area filter."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError) as error:
        raise DataError(f"{path} cannot be read as a picture ({error}). Remove or replace it.") from error
    side = min(grey.size)
    left, top = (grey.width - side) // 2, (grey.height - side) // 2
    square = grey.crop((left, top, left + side, top + side))
    return np.asarray(square if side == SIDE else square.resize((SIDE, SIDE), Image.Resampling.BOX if side > SIDE
                                                                else Image.Resampling.BICUBIC), np.uint8)
