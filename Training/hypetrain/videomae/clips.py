"""Films to the clips that the network sees: the same times and the same pixels as ``HypeEmotion/Video`` in Swift."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

RATE = 16
"""Points of the grid per second."""
GRID = 32
"""Points of the grid in a clip: 2 s."""
SHORTEST = 8
"""Points below which the rest of a film is left out, unless it is all there is."""


class FilmError(RuntimeError):
    """A film that cannot be read."""


def samples(available: int, frames: int = 16, grid: int = GRID) -> np.ndarray:
    """Which of the points that have a picture are shown to the network, as VideoMAE's authors choose them."""
    distance = max(1, grid // frames)
    if available >= grid:
        places = np.linspace(0, available, num=frames)
    else:
        moving = min(frames, available // distance)
        places = np.concatenate([np.linspace(0, available, num=moving), np.full(frames - moving, available)])
    return np.clip(places, 0, available - 1).astype(np.int64)


def picture(image: Image.Image, side: int) -> np.ndarray:
    """A picture as the network sees it, before its numbers are normalised. Uint8 ``[3, side, side]``."""
    short, long = min(image.size), max(image.size)
    scaled = int(side * long / short)
    width, height = (side, scaled) if image.width <= image.height else (scaled, side)
    left, top = (width - side) // 2, (height - side) // 2
    square = image.resize((width, height), Image.Resampling.BILINEAR).crop((left, top, left + side, top + side))
    return np.asarray(square).transpose(2, 0, 1)


def normalise(pictures: np.ndarray, mean: list[float], std: list[float]) -> np.ndarray:
    """Bytes ``[…, 3, side, side]`` to float32 of the same shape."""
    scaled = pictures.astype(np.float32) * np.float32(1 / 255)
    return (scaled - np.asarray(mean, np.float32)[:, None, None]) / np.asarray(std, np.float32)[:, None, None]


def grid(path: Path, side: int) -> np.ndarray:
    """The picture on the screen at every point of the grid. Uint8 ``[points, 3, side, side]``.

    Reads through the ``ffmpeg`` command; its filter gives each point the last picture that began before or at it.
    """
    width, height = _size(path)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-an", "-vf", f"setpts=PTS-STARTPTS,fps={RATE}:round=up",
               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    length, pictures, errors = width * height * 3, [], b""
    try:
        with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process:
            while len(data := process.stdout.read(length)) == length:
                pictures.append(picture(Image.frombytes("RGB", (width, height), data), side))
            process.wait()
            said.seek(0)
            errors = said.read()
    except FileNotFoundError:
        raise FilmError(f"{path}: needs the ffmpeg command, which is not installed.") from None
    if not pictures:
        raise FilmError(f"{path}: {errors.decode(errors='replace').strip() or 'has no picture'}")
    return np.stack(pictures)


def _size(path: Path) -> tuple[int, int]:
    """Columns and rows of the upright picture."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
               "stream=width,height:stream_side_data=rotation", "-of", "json", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
        stream = json.loads(done.stdout)["streams"][0]
        width, height = int(stream["width"]), int(stream["height"])
    except FileNotFoundError:
        raise FilmError(f"{path}: needs the ffprobe command, which is not installed.") from None
    except subprocess.CalledProcessError as error:
        raise FilmError(f"{path}: {error.stderr.decode(errors='replace').strip()}") from None
    except (KeyError, IndexError, ValueError):
        raise FilmError(f"{path}: has no picture track.") from None
    turned = any(abs(int(data.get("rotation", 0))) % 180 == 90 for data in stream.get("side_data_list", []))
    return (height, width) if turned else (width, height)


def clips(path: Path, frames: int, side: int) -> np.ndarray:
    """The clips of a film. Uint8 ``[clips, frames, 3, side, side]``."""
    pictures = grid(path, side)
    result = []
    for start in range(0, len(pictures), GRID):
        part = pictures[start:start + GRID]
        if len(part) >= SHORTEST or start == 0:
            result.append(part[samples(len(part), frames)])
    return np.stack(result)
