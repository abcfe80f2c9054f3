"""Puts the tracks together: raw pictures through named pipes into one ffmpeg."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import pathlib
import subprocess
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
    layers: list[Layer],
    overlay: pathlib.Path | None,
    sounds: list[pathlib.Path],
    size: tuple[int, int],
    output: list[str],
    folder: pathlib.Path,
) -> None:
    """Runs ffmpeg over the layers (the first one fills the picture) and the sounds (mixed), with `output` as its last arguments.

    - raises EncodingFailed: with ffmpeg's last words.
    """
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    processes = []
    context = multiprocessing.get_context("fork")
    for index, layer in enumerate(layers):
        pipe = str(folder / f"layer{index}.raw")
        os.mkfifo(pipe)
        command += ["-thread_queue_size", "16", "-f", "rawvideo", "-pix_fmt", layer.format, "-framerate", str(layer.rate)]
        command += ["-video_size", f"{layer.size[0]}x{layer.size[1]}", "-i", pipe]
        processes.append(context.Process(target=_pump, args=(layer, pipe), daemon=True))
    if overlay:
        command += ["-i", str(overlay)]
    for sound in sounds:
        command += ["-i", str(sound)]
    command += ["-filter_complex", _graph(layers, overlay is not None, len(sounds), size), "-map", "[picture]"]
    if sounds:
        command += ["-map", "[sound]"]
    command += output
    for process in processes:
        process.start()
    made = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    for process in processes:
        if made.returncode != 0:
            process.terminate()
        process.join(timeout=20)
    for index in range(len(layers)):
        (folder / f"layer{index}.raw").unlink()
    failed = [p for p in processes if p.exitcode not in (0, None)]
    if made.returncode != 0 or failed:
        raise EncodingFailed(made.stderr.strip() or "a picture maker failed; see its message above")


def _graph(layers: list[Layer], overlay: bool, sounds: int, size: tuple[int, int]) -> str:
    """The filter graph: layers on top of each other, sounds mixed and limited."""
    steps = [f"[0:v]scale={size[0]}:{size[1]}:flags=neighbor,format=yuv420p[v0]"]
    current = "v0"
    for index, layer in enumerate(layers[1:], start=1):
        source = f"[{index}:v]"
        if layer.shown and layer.shown != layer.size:
            steps.append(f"{source}scale={layer.shown[0]}:{layer.shown[1]}:flags=area[s{index}]")
            source = f"[s{index}]"
        steps.append(f"[{current}]{source}overlay={layer.place[0]}:{layer.place[1]}:format=yuv420[v{index}]")
        current = f"v{index}"
    if overlay:
        steps.append(f"[{current}][{len(layers)}:v]overlay=0:0:format=yuv420[vo]")
        current = "vo"
    steps.append(f"[{current}]null[picture]")
    if sounds:
        first = len(layers) + int(overlay)
        inputs = "".join(f"[a{i}]" for i in range(sounds))
        steps += [f"[{first + i}:a]aresample=48000[a{i}]" for i in range(sounds)]
        steps.append(f"{inputs}amix=inputs={sounds}:normalize=0:duration=first,alimiter=limit=0.95:level=0,"
                     "aformat=channel_layouts=stereo[sound]")
    return ";".join(steps)
