"""Windows of training clips, and what a stream does to a voice, for whole batches at once."""

from __future__ import annotations

import numpy as np
import torch

from hypetrain.logmel import BANDS, SAMPLE_RATE, WINDOW
from hypetrain.voice.data import Clip

ROOM = 8_000
"""Samples of a room's response, 0.5 s."""
TRANSFORM = 40_960
"""Length of the transforms for filters and rooms, at least ``WINDOW + ROOM`` so that nothing wraps around."""


def window(clip: Clip, random: np.random.Generator, resample: bool = True) -> np.ndarray:
    """A random window of a clip's speech, ``[32000]``, with pitch and pace changed together in most cases.

    The window may begin up to 0.4 s before the speech and end after it; what lies outside of the clip is filled with
    silence, faint noise or more of the same speech.
    """
    rate = float(np.exp(random.normal(0, 0.07))) if resample and random.random() < 0.7 else 1.0
    need = int(WINDOW * rate) + 2
    spare = (clip.end - clip.begin) - need
    if spare >= 0:
        start = clip.begin + int(random.uniform(-0.1 * need, spare + 0.1 * need))
    else:
        start = clip.begin + int(random.uniform(spare - 0.05 * need, 0.05 * need))
    begin, end = max(0, start), min(len(clip.samples), start + need)
    piece = clip.samples[begin:end]
    before, after = begin - start, start + need - end
    if before or after:
        kind = random.random()
        if kind < 0.4:
            piece = np.pad(piece, (before, after), mode="wrap")
        else:
            level = 0.0 if kind < 0.6 else 10 ** random.uniform(-4, -2)
            padded = random.standard_normal(need).astype(np.float32) * level
            padded[before:need - after] += piece
            piece = padded
    if rate == 1.0:
        return piece[:WINDOW]
    return np.interp(np.arange(WINDOW) * rate, np.arange(need), piece).astype(np.float32)


class Stream:
    """Rooms, microphones, game sound, clipping: applies a random choice to each waveform of a batch."""

    def __init__(self, sounds: np.ndarray, seed: int):
        self.sounds = torch.from_numpy(sounds)
        self.generator = torch.Generator().manual_seed(seed)
        self.frequency = torch.fft.rfftfreq(TRANSFORM, 1 / SAMPLE_RATE)

    def _random(self, count: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, generator=self.generator)

    def _microphones(self, count: int) -> torch.Tensor:
        """Smooth equalisers on a logarithmic frequency axis, and a low-pass for some, ``[count, bins]``."""
        knots = torch.randn(count, 7, generator=self.generator) * 4.0 * (self._random(count) < 0.7)[:, None]
        place = (torch.log2(self.frequency.clamp_min(62.5) / 62.5) / 7 * 6).clamp(0, 5.999)
        lower = place.long()
        decibel = knots[:, lower] + (knots[:, lower + 1] - knots[:, lower]) * (place - lower)
        cut = torch.where(self._random(count) < 0.2, self._random(count, 3000, 7000), torch.tensor(9000.0))
        decibel = decibel - 60 * ((self.frequency[None] - cut[:, None]) / 400).clamp(0, 1)
        return 10 ** (decibel / 20)

    def _rooms(self, count: int) -> torch.Tensor:
        """Responses of direct sound and decaying noise, 0.1 to 0.7 s to -60 dB, ``[count, ROOM]``."""
        time = torch.arange(ROOM) / SAMPLE_RATE
        decay = self._random(count, 0.1, 0.7)
        tail = torch.randn(count, ROOM, generator=self.generator) * torch.exp(-6.91 * time / decay[:, None])
        tail[:, :32] = 0
        tail = tail / tail.square().sum(1, keepdim=True).sqrt()
        response = tail * 10 ** (self._random(count, -16, 2) / 20)[:, None]
        response[:, 0] = 1
        return response

    def background(self, count: int) -> torch.Tensor:
        """Pieces of the generated sounds, ``[count, 32000]`` with a root mean square of about 1."""
        which = torch.randint(len(self.sounds), (count,), generator=self.generator)
        start = torch.randint(self.sounds.shape[1] - WINDOW, (count,), generator=self.generator)
        return torch.stack([self.sounds[w, s:s + WINDOW] for w, s in zip(which.tolist(), start.tolist())])

    def mix(self, voices: torch.Tensor, sounds: torch.Tensor, decibel: torch.Tensor) -> torch.Tensor:
        """Adds ``sounds`` at a signal-to-noise ratio in decibels over the window."""
        voice = voices.square().mean(1).clamp_min(1e-10).sqrt()
        noise = sounds.square().mean(1).clamp_min(1e-10).sqrt()
        return voices + sounds * (voice / noise * 10 ** (-decibel / 20))[:, None]

    def compress(self, x: torch.Tensor, strength: torch.Tensor) -> torch.Tensor:
        """Evens out the level over time, as a streamer's compressor does: ``strength`` 0 is none, 1 is all."""
        count = len(x)
        if not count:
            return x
        blocks = x.reshape(count, -1, 400).square().mean(2).sqrt()
        blocks = torch.nn.functional.avg_pool1d(blocks[:, None], 3, 1, 1, count_include_pad=False)
        gain = (blocks / blocks.amax(2, keepdim=True).clamp_min(1e-6)).clamp_min(0.03) ** -strength[:, None, None]
        return x * torch.nn.functional.interpolate(gain, size=x.shape[1], mode="linear")[:, 0]

    def code(self, x: torch.Tensor, decibel: torch.Tensor) -> torch.Tensor:
        """What a codec at a low rate does, roughly: in each frame, bins far under the loudest become nothing."""
        if not len(x):
            return x
        hann = torch.hann_window(512)
        spectrum = torch.stft(x, 512, 256, window=hann, return_complex=True)
        power = spectrum.abs()
        limit = power.amax(1, keepdim=True) * 10 ** (-decibel / 20)[:, None, None]
        return torch.istft(torch.where(power > limit, spectrum, torch.zeros(())), 512, 256, window=hann,
                           length=x.shape[1])

    def __call__(self, voices: torch.Tensor) -> torch.Tensor:
        """A changed copy of ``[N, 32000]``."""
        count = len(voices)
        spectra = torch.fft.rfft(voices, TRANSFORM) * self._microphones(count)
        roomy = self._random(count) < 0.4
        spectra[roomy] *= torch.fft.rfft(self._rooms(int(roomy.sum())), TRANSFORM)
        x = torch.fft.irfft(spectra, TRANSFORM)[:, :WINDOW].contiguous()
        played = self._random(count) < 0.6
        some = int(played.sum())
        x[played] = self.mix(x[played], self.background(some), self._random(some, 0, 22))
        hissing = self._random(count) < 0.3
        some = int(hissing.sum())
        hiss = torch.randn(some, WINDOW, generator=self.generator)
        x[hissing] = self.mix(x[hissing], hiss, self._random(some, 12, 45))
        pressed = self._random(count) < 0.25
        x[pressed] = self.compress(x[pressed], self._random(int(pressed.sum()), 0.2, 0.7))
        coded = self._random(count) < 0.2
        x[coded] = self.code(x[coded], self._random(int(coded.sum()), 20, 45))
        peak = x.abs().amax(1, keepdim=True).clamp_min(1e-5)
        limit = torch.where(self._random(count) < 0.15, self._random(count, 0.15, 0.6), torch.tensor(1.0))[:, None]
        x = torch.clamp(x / peak, -limit, limit)
        return x * 10 ** (self._random(count, -40, 0) / 20)[:, None]


def hide(mel: np.ndarray, random: np.random.Generator, masks: int = 2) -> None:
    """SpecAugment on one ``[80, T]`` in place: ``masks`` of bands and of frames, filled with the window's mean."""
    mean, frames = mel.mean(), mel.shape[1]
    for size, widest, axis in ((BANDS, 12, 0), (frames, max(frames // 7, 4), 1)):
        for _ in range(masks):
            extent = int(random.random() * widest)
            start = int(random.random() * (size - extent))
            if axis == 0:
                mel[start:start + extent] = mean
            else:
                mel[:, start:start + extent] = mean


def colour(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Cheap changes of one log-mel ``[80, T]``: all bands moved by up to two, and a smooth equaliser of a few dB."""
    move = int(random.integers(-2, 3))
    if move:
        mel = mel[np.clip(np.arange(BANDS) + move, 0, BANDS - 1)]
    knots = random.standard_normal(6) * 0.5
    return mel + np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 6), knots).astype(np.float32)[:, None]
