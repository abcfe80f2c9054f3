"""The figures of the face network, and what bad pictures cost it."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional as F

from hypetrain import metrics
from hypetrain.face.data import SIDE
from hypetrain.labels import BASIC

THRESHOLDS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9)


def measure(logits: np.ndarray, labels: np.ndarray) -> dict:
    """The figures of calibrated ``logits``."""
    probabilities, answers = metrics.softmax(logits), logits.argmax(1)
    return {
        "n": len(labels),
        "accuracy": vars(metrics.bootstrap(metrics.war, labels, answers)),
        "uar": vars(metrics.bootstrap(metrics.uar, labels, answers)),
        "ece": metrics.ece(probabilities, labels),
        "reliability": metrics.reliability(probabilities, labels),
        "abstention": metrics.abstention(probabilities, labels, THRESHOLDS),
        "confusion": metrics.confusion(labels, answers, len(BASIC)).tolist(),
    }


def _affine(x: torch.Tensor, degrees: np.ndarray | float = 0, zoom: np.ndarray | float = 1,
            shift: np.ndarray | float = 0) -> torch.Tensor:
    """Turned, zoomed about the middle and shifted (x and y, pixels); the border repeats."""
    count = len(x)
    angle = torch.tensor(np.broadcast_to(np.radians(degrees), count).astype(np.float32))
    scale = torch.tensor(1 / np.broadcast_to(zoom, count).astype(np.float32))
    move = torch.tensor(np.broadcast_to(shift, (count, 2)).astype(np.float32)) * 2 / SIDE
    theta = torch.stack([torch.stack([angle.cos() * scale, -angle.sin() * scale, move[:, 0]], 1),
                         torch.stack([angle.sin() * scale, angle.cos() * scale, move[:, 1]], 1)], 1)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _jitter(x: torch.Tensor) -> torch.Tensor:
    random = np.random.default_rng(11)
    count = len(x)
    return _affine(x, random.normal(0, 5, count), np.exp(random.normal(0, 0.07, count)), random.normal(0, 1.5, (count, 2)))


def _noise(x: torch.Tensor, deviation: float) -> torch.Tensor:
    return x + deviation * torch.randn(x.shape, generator=torch.Generator().manual_seed(12))


def _blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    reach = math.ceil(3 * sigma)
    kernel = torch.exp(-torch.arange(-reach, reach + 1.0).square() / (2 * sigma * sigma))
    kernel = kernel / kernel.sum()
    padded = F.pad(x, (reach,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, 1, -1)), kernel.view(1, 1, -1, 1))


def _jpeg(x: torch.Tensor, quality: int) -> torch.Tensor:
    from PIL import Image

    decoded = np.empty(x.shape, np.float32)
    for index, image in enumerate(x.round().clamp(0, 255).to(torch.uint8).numpy()[:, 0]):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=quality)
        decoded[index, 0] = np.asarray(Image.open(file))
    return torch.from_numpy(decoded)


def _small(x: torch.Tensor, side: int) -> torch.Tensor:
    small = F.interpolate(x, size=(side, side), mode="area").round()
    return F.interpolate(small, size=(SIDE, SIDE), mode="bilinear", align_corners=False)


def _rectangle(x: torch.Tensor, rows: slice, columns: slice, grey: float) -> torch.Tensor:
    x = x.clone()
    x[:, :, rows, columns] = grey
    return x


def _microphone(x: torch.Tensor) -> torch.Tensor:
    y, column = torch.meshgrid(torch.arange(SIDE) + 0.5, torch.arange(SIDE) + 0.5, indexing="ij")
    disc = (y - 39).square() + (column - 27).square() < 49
    stand = (y > 39) & ((column - 27).abs() < 2.5)
    return torch.where(disc | stand, 25.0, x)


_RAMP = torch.linspace(0, 1, SIDE)

DEGRADATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "as it is": lambda x: x,
    "dark: a tenth of the light, sensor noise of 2 grey levels": lambda x: _noise(x * 0.1, 2),
    "light from one side: 100 % falling to 10 %": lambda x: x * (1 - 0.9 * _RAMP),
    "light from below: 10 % rising to 100 %": lambda x: x * (0.1 + 0.9 * _RAMP[:, None]),
    "sensor noise of 15 grey levels": lambda x: _noise(x, 15),
    "blur, sigma 1 pixel": lambda x: _blur(x, 1),
    "blur, sigma 2 pixels": lambda x: _blur(x, 2),
    "JPEG, quality 30": lambda x: _jpeg(x, 30),
    "JPEG, quality 10": lambda x: _jpeg(x, 10),
    "small face, 24 pixels scaled up": lambda x: _small(x, 24),
    "small face, 16 pixels scaled up": lambda x: _small(x, 16),
    "small face, 12 pixels scaled up": lambda x: _small(x, 12),
    "dark bar over the eyes (glasses)": lambda x: _rectangle(x, slice(15, 23), slice(6, 42), 25),
    "dark disc before mouth and chin (microphone)": _microphone,
    "grey bar over mouth and chin (mask, hand)": lambda x: _rectangle(x, slice(31, 48), slice(8, 40), 110),
    "turned by 15°": lambda x: _affine(x, 15),
    "turned by 30°": lambda x: _affine(x, 30),
    "shifted by 4 pixels": lambda x: _affine(x, shift=4),
    "cut 15 % too tight": lambda x: _affine(x, zoom=1.15),
    "cut 15 % too wide": lambda x: _affine(x, zoom=0.87),
    "jitter of a face detector (5°, 7 %, 1.5 pixels, standard deviations)": _jitter,
}
"""What is done to each picture (float grey ``[n, 1, 48, 48]``) before it is rounded to whole grey levels."""


def robustness(predict: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray) -> list[dict]:
    """Accuracy and mean confidence under each degradation.

    ``predict`` takes ``[n, 48, 48]`` and returns calibrated logits.
    """
    rows = []
    for name, degrade in DEGRADATIONS.items():
        with torch.no_grad():
            changed = degrade(torch.from_numpy(images).float()[:, None])
        logits = predict(changed.round().clamp(0, 255).to(torch.uint8).numpy()[:, 0])
        rows.append({"name": name, "accuracy": float((logits.argmax(1) == labels).mean()),
                     "confidence": float(metrics.softmax(logits).max(1).mean()),
                     "ece": metrics.ece(metrics.softmax(logits), labels)})
    return rows
