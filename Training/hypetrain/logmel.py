"""The log-mel front-end of the voice network, as a fixed contract with the Swift implementation.

16 kHz mono in -1…1; frames of 512 samples every 160, periodic Hann window, no centring and no padding (frame ``i``
covers samples ``160 i`` to ``160 i + 511``); power spectrum; 80 Slaney mel bands from 0 to 8 kHz with Slaney's area
normalisation (``librosa.filters.mel(sr=16000, n_fft=512, n_mels=80, htk=False, norm="slaney")``); natural logarithm
of ``max(energy, 1e-10)``. A window of 2.0 s gives a ``[80, 197]`` matrix, band-major.
"""

from __future__ import annotations

import numpy as np
import torch

SAMPLE_RATE = 16_000
FRAME = 512
HOP = 160
BANDS = 80
FLOOR = 1e-10
WINDOW = 32_000
"""Samples of one analysis window, 2.0 s."""
FRAMES = 1 + (WINDOW - FRAME) // HOP
"""Frames of one analysis window, 197."""


def mel_frequencies(count: int, low: float, high: float) -> np.ndarray:
    """``count`` frequencies in Hz, evenly spaced on Slaney's mel scale (linear to 1 kHz, logarithmic above)."""
    step = np.log(6.4) / 27.0

    def to_mel(hz: float) -> float:
        return 15.0 + np.log(hz / 1000.0) / step if hz >= 1000.0 else hz * 3.0 / 200.0

    mels = np.linspace(to_mel(low), to_mel(high), count)
    return np.where(mels >= 15.0, 1000.0 * np.exp(step * (mels - 15.0)), mels * 200.0 / 3.0)


def mel_filters() -> np.ndarray:
    """The filter bank ``[80, 257]``, float32."""
    bins = np.linspace(0, SAMPLE_RATE / 2, FRAME // 2 + 1)
    edges = mel_frequencies(BANDS + 2, 0.0, SAMPLE_RATE / 2)
    rising = (bins[None, :] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None, :]) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


class LogMel(torch.nn.Module):
    """Waveforms ``[N, samples]`` to log-mel matrices ``[N, 1, 80, frames]``."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("hann", torch.hann_window(FRAME, periodic=True))
        self.register_buffer("filters", torch.from_numpy(mel_filters().T.copy()))

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        spectrum = torch.fft.rfft(samples.unfold(-1, FRAME, HOP) * self.hann)
        power = spectrum.real.square() + spectrum.imag.square()
        return torch.log((power @ self.filters).clamp_min(FLOOR)).transpose(-1, -2).unsqueeze(1)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Reference in NumPy and float64: waveform ``[samples]`` to ``[80, frames]``, float32."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), FRAME)[::HOP]
    power = np.abs(np.fft.rfft(frames * hann)) ** 2
    return np.log(np.maximum(power @ mel_filters().T.astype(np.float64), FLOOR)).T.astype(np.float32)
