"""Labelled films of people, from folders laid out as the corpora are published, and folds that keep people apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hypetrain import corpora
from hypetrain.labels import BASIC, EMOTIONS, emotion_index
from hypetrain.videomae.clips import FilmError, clips

CORPORA = ("crema-d", "enterface05", "ravdess")
"""Corpora with pictures. RAVDESS: the films with sound (``01-…``), or those without (``02-…``) where they are alone."""
EXTENSIONS = {".mp4", ".flv", ".avi", ".mkv", ".mov", ".webm", ".mpg"}


class DataError(ValueError):
    """Folders that cannot be trained on, with what to do about it."""


@dataclass(frozen=True)
class Film:
    path: Path
    corpus: str
    speaker: str
    label: str


def folder(corpus: str, directory: Path) -> list[Film]:
    """The films of a corpus under a folder, sorted by path; calm counts as neutral."""
    if corpus not in CORPORA:
        raise DataError(f"There is no corpus '{corpus}' with pictures; known are {', '.join(CORPORA)}.")
    if not directory.is_dir():
        raise DataError(f"{directory} is no folder.")
    films = []
    for path in sorted(directory.rglob("*")):
        if path.suffix.lower() not in EXTENSIONS:
            continue
        named = path
        if corpus == "ravdess" and path.stem.startswith("02-"):
            if path.with_name("01" + path.name[2:]).exists():
                continue
            named = path.with_name("01" + path.name[2:])
        found = corpora.RULES[corpus](named)
        index = emotion_index(found[0]) if found else None
        if index is not None:
            label = "neutral" if EMOTIONS[index] == "calm" else EMOTIONS[index]
            films.append(Film(path, corpus, f"{corpus}-{found[1]}", label))
    if not films:
        raise DataError(f"{directory} holds no film named like a clip of {corpus}.")
    return films


@dataclass
class Clips:
    """Clips of all films, and what is known about each."""

    pictures: np.ndarray
    """Uint8 ``[n, frames, 3, side, side]``; a file on the disk."""
    film: np.ndarray
    """Number of the film that each clip is of. ``[n]``"""
    label: np.ndarray
    """Number in :attr:`names`. ``[n]``"""
    speaker: np.ndarray
    """``[n]``, text"""
    names: list[str]
    """Emotions that occur, in the order of ``labels.BASIC``."""
    skipped: list[str]
    """Films that could not be read, each with its reason."""


def decode(films: list[Film], frames: int, side: int, cache: Path) -> Clips:
    """Decodes every film into a file on the disk; one that cannot be read is left out and said so."""
    cache.mkdir(parents=True, exist_ok=True)
    raw = cache / "clips.u8"
    counts, kept, skipped = [], [], []
    with raw.open("wb") as out:
        for film in films:
            try:
                pictures = clips(film.path, frames, side)
            except FilmError as error:
                skipped.append(str(error))
                continue
            out.write(pictures.tobytes())
            counts.append(len(pictures))
            kept.append(film)
    if not kept:
        raise DataError("No film could be read: " + "; ".join(skipped[:3]))
    names = [name for name in BASIC if any(film.label == name for film in kept)]
    if len(names) < 2:
        raise DataError(f"Films of one emotion alone ({', '.join(names)}) teach nothing.")
    of = np.repeat(np.arange(len(kept)), counts)
    return Clips(np.memmap(raw, np.uint8, "r", shape=(sum(counts), frames, 3, side, side)), of,
                 np.array([names.index(film.label) for film in kept])[of],
                 np.array([film.speaker for film in kept])[of], names, skipped)


def folds(speakers: np.ndarray, count: int, seed: int = 1) -> list[np.ndarray]:
    """For each fold which clips test, so that nobody is in two folds and the folds are about equally large."""
    people, sizes = np.unique(speakers, return_counts=True)
    if len(people) < count:
        raise DataError(f"{count} folds need at least {count} people, and there are {len(people)}; say --folds {len(people)}.")
    order = np.random.default_rng(seed).permutation(len(people))
    order = order[np.argsort(-sizes[order], kind="stable")]
    load, of = np.zeros(count), {}
    for person in order:
        fold = int(load.argmin())
        of[people[person]] = fold
        load[fold] += sizes[person]
    number = np.array([of[speaker] for speaker in speakers])
    result = [number == fold for fold in range(count)]
    refuse_leaks(speakers, result)
    return result


def refuse_leaks(speakers: np.ndarray, tests: list[np.ndarray]) -> None:
    """Raises where somebody who tests in a fold also trains in it, or a clip does not test exactly once."""
    for number, test in enumerate(tests):
        shared = sorted(set(speakers[test]) & set(speakers[~test]))
        if shared:
            raise DataError(f"Fold {number + 1} leaks: {', '.join(shared[:3])} would both train and test.")
    if not (np.sum(tests, 0) == 1).all():
        raise DataError("Some clips test in no fold or in several.")
