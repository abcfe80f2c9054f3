#!/usr/bin/env python3
"""Measures mel spectrogram and MFCC beside librosa, alternating in one run, and prints the medians.

    python3 Benchmarks/feature_bench.py .build/release/hypeclip-bench [SAMPLES.f32]

A minute of sound (32-bit floats at 16 kHz; made here where no file is given), 80 bands in dB, and 13 coefficients with
slopes and their slopes. Both sides have the samples in memory. Needs librosa 0.11. Processor time is what counts on a
machine that others use, too: librosa may use several threads.
"""

from __future__ import annotations

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import librosa
import numpy as np

SECONDS = 60
ROUNDS = 9
OPTIONS = {"sr": 16_000, "n_fft": 512, "win_length": 400, "hop_length": 160, "n_mels": 80}


def sound() -> np.ndarray:
    """Noise whose level and colour change, so that no band is silent."""
    random = np.random.default_rng(1)
    noise = random.standard_normal(SECONDS * 16_000) * 0.1
    return (np.convolve(noise, [1, 0.7, 0.4], "same") * np.sin(np.arange(len(noise)) / 9000)).astype(np.float32)


def mel(y: np.ndarray) -> np.ndarray:
    """The mel spectrogram in dB."""
    return librosa.power_to_db(librosa.feature.melspectrogram(y=y, **OPTIONS), ref=np.max)


def mfcc(y: np.ndarray) -> np.ndarray:
    """The coefficients with slopes."""
    x = librosa.feature.mfcc(y=y, n_mfcc=13, **OPTIONS)
    return np.vstack([x, librosa.feature.delta(x), librosa.feature.delta(x, order=2)])


def main() -> None:
    bench = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(folder) / "sound.f32"
        if len(sys.argv) <= 2:
            sound().tofile(path)
        y = np.fromfile(path, np.float32)
        for function in (mel, mfcc):
            function(y)
        times: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name, function in (("mel", mel), ("mfcc", mfcc)):
                wall, processor = time.perf_counter(), time.process_time()
                function(y)
                times.setdefault(f"librosa {name} wall", []).append(time.perf_counter() - wall)
                times.setdefault(f"librosa {name} processor", []).append(time.process_time() - processor)
            command = [bench, "features", path]
            ours = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            for name in ("mel", "mfcc"):
                times.setdefault(f"hypeclip {name} wall", []).extend(ours[f"{name}Seconds"])
                times.setdefault(f"hypeclip {name} processor", []).extend(ours[f"{name}ProcessorSeconds"])
    for name, values in times.items():
        print(f"{name:26} median {statistics.median(values) * 1000:7.1f} ms, least {min(values) * 1000:7.1f} ms")


if __name__ == "__main__":
    main()
