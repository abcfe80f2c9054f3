"""Sounds that lie under a streamer's voice, generated: nothing is downloaded and nothing needs a licence."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, sosfilt

from hypetrain.logmel import SAMPLE_RATE as RATE

KINDS = ("noise", "engine", "arpeggio", "pad", "drums", "shots", "keys", "crowd")


def _coloured(count: int, random: np.random.Generator) -> np.ndarray:
    """Noise with a random spectral slope, slowly swelling, sometimes a band only."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum /= np.maximum(np.arange(len(spectrum)), 30) ** random.uniform(0, 1.2)
    noise = np.fft.irfft(spectrum, count)
    if random.random() < 0.4:
        low = random.uniform(80, 2500)
        noise = sosfilt(butter(2, [low, min(low * random.uniform(1.5, 6), 7800)], "bandpass", fs=RATE, output="sos"),
                        noise)
    swell = np.interp(np.arange(count), np.linspace(0, count, count // 8000 + 2),
                      random.uniform(0.3, 1, count // 8000 + 2))
    return noise * swell


def _tone(pitch: np.ndarray, shape: int) -> np.ndarray:
    """A sine, triangle, square or saw wave that follows ``pitch`` in Hz."""
    phase = np.cumsum(pitch) / RATE
    turn = phase % 1
    return (np.sin(2 * np.pi * phase), 4 * np.abs(turn - 0.5) - 1, np.where(turn < 0.5, 1.0, -1.0), 2 * turn - 1)[shape]


def _engine(count: int, random: np.random.Generator) -> np.ndarray:
    """A motor: harmonics of a wandering low pitch."""
    knots = count // 12000 + 2
    pitch = np.interp(np.arange(count), np.linspace(0, count, knots), random.uniform(45, 190, knots))
    return sum(_tone(pitch * k, 0) / k ** random.uniform(0.4, 1.3) for k in range(1, 9))


def _place(out: np.ndarray, sound: np.ndarray, start: int) -> None:
    end = min(len(out), start + len(sound))
    out[start:end] += sound[:max(0, end - start)]


def _arpeggio(count: int, random: np.random.Generator) -> np.ndarray:
    """A melody of short notes, as menus and old games have."""
    out, step = np.zeros(count), int(RATE * random.uniform(0.09, 0.35))
    root, scale, shape = random.uniform(110, 660), (0, 2, 3, 5, 7, 8, 10, 12, 15), int(random.integers(4))
    for start in range(0, count, step):
        if random.random() < 0.8:
            length = int(step * random.uniform(0.6, 2))
            note = np.full(length, root * 2 ** (scale[random.integers(len(scale))] / 12))
            _place(out, _tone(note, shape) * np.exp(-np.arange(length) / (RATE * random.uniform(0.05, 0.3))), start)
    return out


def _pad(count: int, random: np.random.Generator) -> np.ndarray:
    """Slow chords of detuned saws behind a low-pass, as background music has."""
    out, step = np.zeros(count), int(RATE * random.uniform(0.8, 2.4))
    root = random.uniform(90, 260)
    for start in range(0, count, step):
        length = int(step * 1.3)
        chord = root * 2 ** (random.choice((0, 3, 5, 7, 8)) / 12)
        fade = np.sin(np.pi * np.arange(length) / length)
        for interval in (0, random.choice((3, 4)), 7):
            for detune in (0.997, 1.003):
                _place(out, fade * _tone(np.full(length, chord * 2 ** (interval / 12) * detune), 3), start)
    return sosfilt(butter(2, random.uniform(600, 4000), fs=RATE, output="sos"), out)


def _drums(count: int, random: np.random.Generator) -> np.ndarray:
    """Kick, snare and hat in a steady beat."""
    out, beat = np.zeros(count), int(RATE * 60 / random.uniform(80, 180) / 2)
    t = np.arange(int(RATE * 0.25)) / RATE
    kick = np.sin(2 * np.pi * (50 * t + 40 * (1 - np.exp(-t * 25)) / 2.5)) * np.exp(-t * 14)
    for index, start in enumerate(range(0, count, beat)):
        hat = np.diff(random.standard_normal(len(t) + 1)) * np.exp(-t * random.uniform(40, 90)) * 0.2
        _place(out, hat, start)
        if index % 4 == 0 or random.random() < 0.1:
            _place(out, kick, start)
        if index % 4 == 2:
            _place(out, random.standard_normal(len(t)) * np.exp(-t * 22) * 0.5, start)
    return out


def _shots(count: int, random: np.random.Generator) -> np.ndarray:
    """Gunfire and explosions: noise bursts with echo."""
    out, position = np.zeros(count), 0
    while position < count:
        burst, gap = int(random.integers(1, 9)), int(RATE * random.uniform(0.06, 0.16))
        decay, cut = random.uniform(4, 45), random.uniform(500, 7500)
        for index in range(burst):
            length = int(RATE * min(1.2, 5 / decay))
            bang = random.standard_normal(length) * np.exp(-np.arange(length) / RATE * decay)
            _place(out, sosfilt(butter(1, cut, fs=RATE, output="sos"), bang), position + index * gap)
        position += burst * gap + int(RATE * random.uniform(0.1, 1.5))
    return out


def _keys(count: int, random: np.random.Generator) -> np.ndarray:
    """Keyboard and mouse clicks."""
    out, position = np.zeros(count), 0
    while position < count:
        length = int(RATE * random.uniform(0.004, 0.02))
        click = random.standard_normal(length) * np.exp(-np.arange(length) / (length / 4)) * random.uniform(0.3, 1)
        _place(out, click, position)
        position += int(RATE * random.uniform(0.05, 0.4))
    return out


def _crowd(count: int, random: np.random.Generator) -> np.ndarray:
    """A murmuring or cheering crowd: formant-like noise bands that swell independently."""
    out = np.zeros(count)
    for _ in range(10):
        centre = random.uniform(250, 3200)
        band = sosfilt(butter(2, [centre * 0.85, centre * 1.15], "bandpass", fs=RATE, output="sos"),
                       random.standard_normal(count))
        knots = count // 3000 + 2
        out += band * np.interp(np.arange(count), np.linspace(0, count, knots), random.random(knots) ** 2)
    return out


_MAKERS = dict(zip(KINDS, (_coloured, _engine, _arpeggio, _pad, _drums, _shots, _keys, _crowd)))


def make(kind: str, seconds: float, seed: int) -> np.ndarray:
    """A sound of one of :data:`KINDS` with a root mean square of 1, float32."""
    random = np.random.default_rng([seed, KINDS.index(kind)])
    sound = _MAKERS[kind](int(seconds * RATE), random)
    return (sound / max(np.sqrt(np.mean(np.square(sound))), 1e-9)).astype(np.float32)


def bank(pieces: int, seed: int, seconds: float = 6.0) -> np.ndarray:
    """``pieces`` sounds of each kind, and as many mixtures of two kinds, ``[count, samples]``."""
    random = np.random.default_rng(seed)
    single = [make(kind, seconds, seed * 1000 + piece) for piece in range(pieces) for kind in KINDS]
    mixed = []
    for _ in range(len(single)):
        first, second = random.choice(len(single), 2, replace=False)
        mixture = single[first] + single[second] * random.uniform(0.3, 1)
        mixed.append(mixture / np.sqrt(np.mean(np.square(mixture))))
    return np.stack(single + mixed).astype(np.float32)
