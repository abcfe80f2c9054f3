"""Puts the tracks together: raw pictures through named pipes into one ffmpeg."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import pathlib
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterator

import numpy as np


@dataclasses.dataclass(frozen=True)
class Layer:
    """A picture track: who makes its frames, their size, rate, pixel format, and where they go in the picture."""

    make: Callable[[], Iterator[np.ndarray]]
    size: tuple[int, int]
    rate: int
    format: str
    place: tuple[int, int] = (0, 0)
    shown: tuple[int, int] | None = None  # size in the picture, where it differs


class EncodingFailed(RuntimeError):
    """ffmpeg or one of the picture makers failed."""


def write_wave(path: pathlib.Path, samples: np.ndarray, rate: int) -> None:
    """Writes mono 16-bit PCM."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _pump(layer: Layer, pipe: str) -> None:
    """Writes one layer's frames into its pipe; ends quietly when ffmpeg has left."""
    try:
        with open(pipe, "wb", buffering=1 << 20) as sink:
            for frame in layer.make():
                sink.write(np.ascontiguousarray(frame).data)
    except BrokenPipeError:
        return


def encode(
    layers: list[Layer], sounds: list[pathlib.Path], size: tuple[int, int], output: list[str], last_filter: str = "null"
) -> None:
    """Runs ffmpeg over the layers (the first fills the picture) and the mixed sounds; `output` ends its arguments.

    `last_filter` is applied to the finished picture.

    - raises EncodingFailed: with ffmpeg's last words.
    """
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    processes = []
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        for index, layer in enumerate(layers):
            pipe = str(pathlib.Path(folder) / f"layer{index}.raw")
            os.mkfifo(pipe)
            command += ["-thread_queue_size", "16", "-f", "rawvideo", "-pix_fmt", layer.format]
            command += ["-framerate", str(layer.rate), "-video_size", f"{layer.size[0]}x{layer.size[1]}", "-i", pipe]
            processes.append(context.Process(target=_pump, args=(layer, pipe), daemon=True))
        for sound in sounds:
            command += ["-i", str(sound)]
        command += ["-filter_complex", _graph(layers, len(sounds), size, last_filter), "-map", "[picture]"]
        if sounds:
            command += ["-map", "[sound]"]
        for process in processes:
            process.start()
        try:
            made = subprocess.run([*command, *output], stderr=subprocess.PIPE, text=True, check=False)
        finally:
            for process in processes:
                process.join(timeout=2)
                process.kill()
    if made.returncode != 0:
        raise EncodingFailed(made.stderr.strip())
    if any(process.exitcode not in (0, -9) for process in processes):
        raise EncodingFailed("a picture maker failed; its message is above")


def _graph(layers: list[Layer], sounds: int, size: tuple[int, int], last_filter: str) -> str:
    """The filter graph: layers on top of each other, sounds mixed and limited."""
    steps = [f"[0:v]scale={size[0]}:{size[1]}:flags=neighbor,format=yuv420p[v0]"]
    for index, layer in enumerate(layers[1:], start=1):
        source = f"[{index}:v]"
        if layer.shown and layer.shown != layer.size:
            steps.append(f"{source}scale={layer.shown[0]}:{layer.shown[1]}:flags=area[s{index}]")
            source = f"[s{index}]"
        steps.append(f"[v{index - 1}]{source}overlay={layer.place[0]}:{layer.place[1]}:format=yuv420[v{index}]")
    steps.append(f"[v{len(layers) - 1}]{last_filter}[picture]")
    if sounds:
        steps += [f"[{len(layers) + index}:a]aresample=48000[a{index}]" for index in range(sounds)]
        inputs = "".join(f"[a{index}]" for index in range(sounds))
        steps.append(
            f"{inputs}amix=inputs={sounds}:normalize=0:duration=first,alimiter=limit=0.95:level=0,"
            "aformat=channel_layouts=stereo[sound]"
        )
    return ";".join(steps)
