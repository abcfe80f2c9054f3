"""Reads people's own copies of the usual corpora of emotional speech, and any CSV manifest.

Each corpus says in its file names what a clip is. The rules here are those of ``hypeclip evaluate --dataset``; the two must
not drift apart. Nothing is downloaded.
"""

from __future__ import annotations

import csv
import re
import subprocess
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np

from hypetrain.logmel import SAMPLE_RATE

EXTENSIONS = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".aif", ".aiff", ".m4a", ".mp4", ".avi", ".flv", ".mkv"}
"""Files that are looked at; what libsndfile cannot read goes through the ``ffmpeg`` command."""


@dataclass(frozen=True)
class Item:
    """One labelled file."""

    path: Path
    corpus: str
    emotion: str
    speaker: str
    sex: str
    """``female``, ``male`` or empty where it is not known."""


def _ravdess(path: Path) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"0[13]-01-(0[1-8])-\d\d-\d\d-\d\d-(\d\d)", path.stem)
    if not found:
        return None
    emotion = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise")[int(found[1]) - 1]
    return emotion, found[2], "male" if int(found[2]) % 2 else "female"


def _tess(path: Path) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"(OAF?|YAF)_[a-z]+_(angry|disgust|fear|happy|neutral|ps|sad)", path.stem, re.IGNORECASE)
    if not found:
        return None
    emotion = found[2].lower()
    return "surprise" if emotion == "ps" else emotion, "YAF" if found[1].upper() == "YAF" else "OAF", "female"


def _crema(path: Path) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"(1\d{3})_[A-Z]{3}_(ANG|DIS|FEA|HAP|NEU|SAD)_(LO|MD|HI|XX|X)", path.stem, re.IGNORECASE)
    if not found:
        return None
    names = {"ANG": "angry", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
    return names[found[2].upper()], found[1], ""


_SHORT = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral", "sa": "sad", "su": "surprise"}


def _savee(path: Path) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"(?:(DC|JE|JK|KL)_)?(a|d|f|h|n|sa|su)\d\d", path.stem, re.IGNORECASE)
    if not found:
        return None
    speaker = (found[1] or path.parent.name).upper()
    return (_SHORT[found[2].lower()], speaker, "male") if speaker in ("DC", "JE", "JK", "KL") else None


def _emodb(path: Path) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"(\d\d)[ab]\d\d([WLEAFTN])[a-z]?", path.stem)
    if not found:
        return None
    names = {"W": "angry", "L": "boredom", "E": "disgust", "A": "fear", "F": "happy", "T": "sad", "N": "neutral"}
    return names[found[2]], found[1], "male" if found[1] in ("03", "10", "11", "12", "15") else "female"


def _enterface(path: Path) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"s_?(\d+)_(an|di|fe|ha|sa|su)_?\d.*", path.stem, re.IGNORECASE)
    if not found:
        return None
    names = {"an": "angry", "di": "disgust", "fe": "fear", "ha": "happy", "sa": "sad", "su": "surprise"}
    return names[found[2].lower()], str(int(found[1])), ""


RULES = {"ravdess": _ravdess, "tess": _tess, "crema-d": _crema, "savee": _savee, "emodb": _emodb,
         "enterface05": _enterface}
"""For each corpus, what a path says: emotion, speaker, sex; ``None`` for a file that is no clip of it."""
_SPEAKER = {"crema-d": "crema"}


def folder(corpus: str, directory: Path) -> list[Item]:
    """The clips of a corpus under a folder, sorted by path. An unknown corpus or a folder without clips is an error."""
    if corpus not in RULES:
        raise ValueError(f"There is no corpus '{corpus}'; known are {', '.join(RULES)}.")
    if not directory.is_dir():
        raise ValueError(f"{directory} is no folder.")
    sexes = _demographics(directory) if corpus == "crema-d" else {}
    items = []
    for path in sorted(directory.rglob("*")):
        found = RULES[corpus](path) if path.suffix.lower() in EXTENSIONS else None
        if found:
            emotion, speaker, sex = found
            items.append(Item(path, corpus, emotion, f"{_SPEAKER.get(corpus, corpus)}-{speaker}",
                              sexes.get(speaker, sex)))
    if not items:
        raise ValueError(f"{directory} holds no file named like a clip of {corpus}.")
    return items


def _demographics(directory: Path) -> dict[str, str]:
    """Sex of each CREMA-D actor from the ``VideoDemographics.csv`` that comes with the corpus, if it is there."""
    for path in [*directory.rglob("VideoDemographics.csv"), directory.parent / "VideoDemographics.csv"]:
        if path.is_file():
            with path.open(newline="") as lines:
                return {row["ActorID"].strip(): row["Sex"].strip().lower() for row in csv.DictReader(lines)}
    return {}


def manifest(path: Path) -> list[Item]:
    """Rows of a CSV with ``path`` (relative to the CSV), ``emotion`` and optionally ``corpus``, ``speaker``, ``sex``.

    Without a corpus a row belongs to ``own``; without a speaker each file counts as a speaker of its own.
    """
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or "path" not in rows[0] or "emotion" not in rows[0]:
        raise ValueError(f"{path} needs a header with path and emotion, and rows.")
    return [Item(path.parent / row["path"], row.get("corpus") or "own", row["emotion"],
                 row.get("speaker") or f"own-{row['path']}", row.get("sex") or "") for row in rows]


def samples(path: Path) -> np.ndarray:
    """A file as 16 kHz mono float32: channels averaged, resampled with SciPy's polyphase filter."""
    import soundfile

    try:
        data, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        return _ffmpeg(path)
    mono = data.mean(1)
    if rate != SAMPLE_RATE:
        from scipy.signal import resample_poly

        shared = gcd(rate, SAMPLE_RATE)
        mono = resample_poly(mono, SAMPLE_RATE // shared, rate // shared).astype(np.float32)
    return mono


def _ffmpeg(path: Path) -> np.ndarray:
    """Sound of a film or of a format that libsndfile does not know."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-vn", "-af", f"aresample={SAMPLE_RATE}:rematrix_maxval=1",
               "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError:
        raise RuntimeError(f"{path}: needs the ffmpeg command, which is not installed.") from None
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{path}: {error.stderr.decode(errors='replace').strip()}") from None
    return np.frombuffer(done.stdout, np.float32).copy()
