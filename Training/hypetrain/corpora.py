"""Reads people's own copies of the usual corpora of emotional speech, and any CSV manifest.

Each corpus says in its file names what a clip is. The rules here are those of ``hypeclip evaluate --dataset``; one list of
names, ``Tests/HypeEvaluationTests/Fixtures/names.csv``, holds both to them. Nothing is downloaded.
"""

from __future__ import annotations

import csv
import re
import subprocess
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np

from hypetrain.labels import EMOTIONS, emotion_index
from hypetrain.logmel import SAMPLE_RATE

EXTENSIONS = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".aif", ".aiff", ".m4a", ".mp4", ".avi", ".flv", ".mkv", ".mov",
              ".mpg", ".webm"}
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


@dataclass(frozen=True)
class Sign:
    """What a file's name says."""

    emotion: str
    speaker: str
    """With the corpus in front, such as ``crema-1001``."""
    sex: str
    clip: str
    """Which clip of the corpus it is; the same for a sound and a film of one performance."""
    fault: str = ""
    """Why the clip is not used though its name is right."""


_FILMS = {".mp4", ".avi", ".flv", ".mkv", ".mov", ".mpg", ".webm"}


def _ravdess(path: Path, channel: str = "01") -> Sign | None:
    found = re.fullmatch(r"(0[123])-(0[12])-(0[1-8])-(\d\d-\d\d-\d\d)-(\d\d)", path.stem, re.ASCII)
    if not found or found[2] != channel or not 1 <= int(found[5]) <= 24:
        return None
    if found[1] == "02" and path.suffix.lower() not in _FILMS:
        return None
    emotion = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise")[int(found[3]) - 1]
    return Sign(emotion, f"ravdess-{found[5]}", "male" if int(found[5]) % 2 else "female",
                "-".join(found.group(2, 3, 4, 5)))


def _ravdess_song(path: Path) -> Sign | None:
    return _ravdess(path, "02")


def _tess(path: Path) -> Sign | None:
    found = re.fullmatch(r"(oaf?|yaf)_([a-z]+)_(angry|disgust|fear|happy|neutral|ps|sad)", path.stem.lower())
    if not found:
        return None
    speaker = "YAF" if found[1] == "yaf" else "OAF"
    return Sign("surprise" if found[3] == "ps" else found[3], f"tess-{speaker}", "female",
                f"{speaker}_{found[2]}_{found[3]}")


_CREMA_FAULTS = {
    "1064_IEO_DIS_MD": "a minute long, with every emotion of that sentence",
    "1064_TIE_SAD_XX": "breaks off after less than a second",
    "1076_MTI_NEU_XX": "nearly empty, its film has three pictures",
    "1076_MTI_SAD_XX": "without sound",
}


def _crema(path: Path) -> Sign | None:
    found = re.fullmatch(r"((1\d{3})_[A-Z]{3}_(ANG|DIS|FEA|HAP|NEU|SAD))_(LO|MD|HI|XX|X)", path.stem.upper(), re.ASCII)
    if not found:
        return None
    names = {"ANG": "angry", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
    clip = f"{found[1]}_{'XX' if found[4] == 'X' else found[4]}"
    return Sign(names[found[3]], f"crema-{found[2]}", "", clip, _CREMA_FAULTS.get(clip, ""))


_SHORT = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral", "sa": "sad", "su": "surprise"}


def _savee(path: Path) -> Sign | None:
    found = re.fullmatch(r"(?:(dc|je|jk|kl)_)?(a|d|f|h|n|sa|su)(\d\d?)", path.stem.lower(), re.ASCII)
    if not found:
        return None
    speaker = (found[1] or path.parent.name).upper()
    if speaker not in ("DC", "JE", "JK", "KL"):
        return None
    return Sign(_SHORT[found[2]], f"savee-{speaker}", "male", f"{speaker}_{found[2]}{int(found[3])}")


_EMODB_MEN, _EMODB_WOMEN = ("03", "10", "11", "12", "15"), ("08", "09", "13", "14", "16")


def _emodb(path: Path) -> Sign | None:
    found = re.fullmatch(r"(\d\d)[ab]\d\d([wleaftn])[a-z]?", path.stem.lower(), re.ASCII)
    if not found or found[1] not in _EMODB_MEN + _EMODB_WOMEN:
        return None
    names = {"w": "angry", "l": "boredom", "e": "disgust", "a": "fear", "f": "happy", "t": "sad", "n": "neutral"}
    return Sign(names[found[2]], f"emodb-{found[1]}", "male" if found[1] in _EMODB_MEN else "female",
                path.stem.lower())


def _enterface(path: Path) -> Sign | None:
    # Subject 3 is written s_3, and one file ends in 3avi.avi. Subject 6 has one file per emotion.
    found = re.fullmatch(r"s_?(\d{1,2})_(an|di|fe|ha|sa|su)(?:_?(\d).*)?", path.stem.lower(), re.ASCII | re.DOTALL)
    if not found:
        return None
    names = {"an": "angry", "di": "disgust", "fe": "fear", "ha": "happy", "sa": "sad", "su": "surprise"}
    emotion, subject = names[found[2]], int(found[1])
    # The files of subject 11 are named s12 too: where both are there, the folder knows better.
    for part in path.parts[:-1]:
        if inside := re.fullmatch(r"subject[ _-]?(\d{1,2})", part.lower(), re.ASCII):
            subject = int(inside[1])
    if not 1 <= subject <= 44:
        return None
    folders = [EMOTIONS[index] for part in path.parts[:-1] if (index := emotion_index(part)) is not None]
    fault = ""
    if subject == 6:
        fault = "subject 6 is not cut into sentences"
    elif not found[3]:
        return None
    elif folders and folders[-1] != emotion:
        fault = f"its name says {emotion}, its folder {folders[-1]}"
    return Sign(emotion, f"enterface05-{subject}", "", f"{subject}_{found[2]}_{found[3] or ''}", fault)


RULES = {"ravdess": _ravdess, "ravdess-song": _ravdess_song, "tess": _tess, "crema-d": _crema, "savee": _savee,
         "emodb": _emodb, "enterface05": _enterface}
"""For each corpus, what a path in its folder says; ``None`` for a file that is no clip of it."""


def folder(corpus: str, directory: Path) -> list[Item]:
    """The clips of a corpus under a folder, sorted by path. An unknown corpus or a folder without clips is an error.

    Of a clip that is there in several forms or copies one is taken, rather a WAV than an MP3 than a film. Clips that are
    known to be broken are left out.
    """
    if corpus not in RULES:
        raise ValueError(f"There is no corpus '{corpus}'; known are {', '.join(RULES)}.")
    if not directory.is_dir():
        raise ValueError(f"{directory} is no folder.")
    sexes = _demographics(directory) if corpus == "crema-d" else {}
    items, taken = [], set()
    for path in sorted(directory.rglob("*"), key=_preference):
        inside = path.relative_to(directory)
        if any(part.startswith(".") or part == "__MACOSX" for part in inside.parts):
            continue
        sign = RULES[corpus](inside) if path.suffix.lower() in EXTENSIONS else None
        silent = corpus.startswith("ravdess") and path.name.startswith("02-")
        if sign and not sign.fault and not silent and sign.clip not in taken:
            taken.add(sign.clip)
            items.append(Item(path, corpus, sign.emotion, sign.speaker,
                              sexes.get(sign.speaker.rsplit("-", 1)[-1], sign.sex)))
    items.sort(key=lambda item: item.path)
    if not items:
        raise ValueError(f"{directory} holds no file named like a clip of {corpus}.")
    return items


def _preference(path: Path) -> tuple[int, Path]:
    ending = path.suffix.lower()
    return (2 if ending in _FILMS else 1 if ending == ".mp3" else 0), path


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
