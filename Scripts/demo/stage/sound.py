"""The game's sound: a synthesised loop of music, shots and explosions."""

from __future__ import annotations

import numpy as np

from .plan import Plan

RATE = 48_000
"""Samples per second of the game's sound."""

BEAT = 0.5  # seconds: 120 beats per minute
CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))  # A minor, F, C, G as MIDI notes


def _frequency(note: float) -> float:
    return 440.0 * 2 ** ((note - 69) / 12)


def _tone(note: float, seconds: float, kind: str) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    phase = time * _frequency(note)
    if kind == "square":
        wave = np.sign(np.sin(2 * np.pi * phase)) * 0.5
    elif kind == "triangle":
        wave = 2 * np.abs(2 * (phase % 1) - 1) - 1
    else:
        wave = np.sin(2 * np.pi * phase)
    return (wave * np.exp(-time * 5.0 / seconds) * np.minimum(1, time / 0.004)).astype(np.float32)


def music(random: np.random.Generator) -> np.ndarray:
    """Sixteen seconds of chip music that loop, mono float samples."""
    loop = np.zeros(int(32 * BEAT * RATE), np.float32)

    def put(at: float, samples: np.ndarray, gain: float) -> None:
        index = (int(at * RATE) + np.arange(len(samples))) % len(loop)
        np.add.at(loop, index, samples * gain)

    for beat in range(32):
        chord = CHORDS[beat // 8]
        put(beat * BEAT, _tone(chord[0] - 24, 0.45, "triangle"), 0.5)
        for step in range(4):
            note = chord[(step + beat) % 3] + (12 if (beat + step) % 4 else 24)
            put((beat + step / 4) * BEAT, _tone(note, 0.22, "square"), 0.16)
        time = np.arange(int(0.18 * RATE)) / RATE
        kick = np.sin(2 * np.pi * (45 * time + 60 * (1 - np.exp(-time * 30)) / 30)) * np.exp(-time * 18)
        hat = random.standard_normal(len(time)) * np.exp(-time * 90)
        put(beat * BEAT, kick.astype(np.float32), 0.7)
        put((beat + 0.5) * BEAT, hat.astype(np.float32), 0.10)
        if beat % 2:
            put(beat * BEAT, (random.standard_normal(len(time)) * np.exp(-time * 25)).astype(np.float32), 0.18)
    return loop / np.sqrt(np.mean(loop**2))


def explosion(random: np.random.Generator, seconds: float = 2.5) -> np.ndarray:
    """A deep burst of noise with unit peak."""
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    noise = np.cumsum(random.standard_normal(count))
    noise -= np.convolve(noise, np.ones(801) / 801, "same")
    boom = noise / np.abs(noise).max() * np.exp(-time * 2.2) + 0.8 * np.sin(
        2 * np.pi * (38 * time + 40 * (1 - np.exp(-time * 6)) / 6)
    ) * np.exp(-time * 2.8)
    return (boom / np.abs(boom).max()).astype(np.float32)


def laser() -> np.ndarray:
    """One short shot."""
    time = np.arange(int(0.12 * RATE)) / RATE
    sweep = 1800 * time - 5200 * time**2
    return (np.sin(2 * np.pi * sweep) * np.exp(-time * 28)).astype(np.float32)


def track(plan: Plan, shots: list[float]) -> np.ndarray:
    """The whole game sound, mono float samples; `shots` are the times at which the ship fires."""
    random = np.random.default_rng(plan.seed)
    count = int(plan.duration * RATE)
    loop = music(random)
    samples = np.resize(loop, count) * 10 ** (-34 / 20)

    def put(at: float, sound: np.ndarray, gain: float) -> None:
        start = int(at * RATE)
        if 0 <= start < count:
            part = sound[: count - start]
            samples[start : start + len(part)] += part * gain

    pew = laser()
    for shot in shots:
        put(shot, pew, 0.02)
    boom = explosion(random)
    for cue in plan.game:
        if cue.kind == "explosion":
            put(cue.time, boom, min(0.95, 0.16 * cue.size**2))
    return samples
