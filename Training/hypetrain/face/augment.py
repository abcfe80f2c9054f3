"""What webcams, encoders and an imperfect alignment do to a face crop, for whole batches at once."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F


def _chance(count: int, share: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(count, generator=generator) < share


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _geometry(batch: torch.Tensor, side: int, generator: torch.Generator, strength: float) -> torch.Tensor:
    """Mirror, turn, zoom, stretch, shift and crop to ``side``; one resampling for all."""
    count, full = batch.shape[0], batch.shape[-1]
    angle = torch.randn(count, generator=generator) * math.radians(7) * strength
    zoom = torch.exp(torch.randn(count, generator=generator) * 0.09 * strength)
    stretch = torch.exp(torch.randn(count, generator=generator) * 0.04 * strength)
    shear = torch.randn(count, generator=generator) * 0.05 * strength
    flip = torch.where(_chance(count, 0.5, generator), -1.0, 1.0)
    reach = side / full
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0] = flip * reach * zoom * stretch * torch.cos(angle)
    theta[:, 0, 1] = -reach * zoom * (torch.sin(angle) + shear)
    theta[:, 1, 0] = flip * reach * zoom * torch.sin(angle)
    theta[:, 1, 1] = reach * zoom / stretch * torch.cos(angle)
    slack = (1 - reach) + 2.0 / full
    theta[:, :, 2] = (2 * torch.rand(count, 2, generator=generator) - 1) * slack * strength
    grid = F.affine_grid(theta, [count, 1, side, side], align_corners=False)
    return F.grid_sample(batch, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _soften(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Blur, or a small face scaled up, for a part of the batch."""
    count, side = batch.shape[0], batch.shape[-1]
    small = F.interpolate(batch, scale_factor=float(_uniform(1, 0.45, 0.85, generator)), mode="area")
    small = F.interpolate(small, size=(side, side), mode="bilinear", align_corners=False)
    blurred = F.avg_pool2d(F.pad(batch, (1, 1, 1, 1), mode="replicate"), 3, 1)
    kind = torch.rand(count, 1, 1, 1, generator=generator)
    return torch.where(kind < 0.07, small, torch.where(kind < 0.16, blurred, batch))


def _blocks(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Coarse quantisation of 8×8 cosine blocks, as strong JPEG and video compression do, for a part of the batch."""
    chosen = _chance(batch.shape[0], 0.12, generator)
    if not chosen.any():
        return batch
    part = batch[chosen]
    count, _, height, width = part.shape
    n = torch.arange(8.0)
    basis = torch.cos(math.pi * (2 * n[None] + 1) * n[:, None] / 16) * 0.5
    basis[0] *= 1 / math.sqrt(2)
    tiles = part.reshape(count, height // 8, 8, width // 8, 8).transpose(2, 3)
    step = _uniform(count, 6, 22, generator).reshape(-1, 1, 1, 1, 1) * (1 + (n[:, None] + n[None]) * 0.35)
    coefficients = torch.round(basis @ tiles @ basis.T / step) * step
    batch = batch.clone()
    batch[chosen] = (basis.T @ coefficients @ basis).transpose(2, 3).reshape(count, 1, height, width)
    return batch


def _light(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Gamma, a light from one side, contrast, sensor noise."""
    count, side = batch.shape[0], batch.shape[-1]
    shape = (-1, 1, 1, 1)
    gamma = torch.exp(torch.randn(count, generator=generator) * 0.25).reshape(shape)
    x = (batch.clamp(0, 255) / 255).clamp_min(1e-3) ** gamma
    ramp = torch.linspace(-1, 1, side)
    slope = torch.randn(2, count, generator=generator) * 0.15
    x = x * (1 + slope[0].reshape(shape) * ramp + slope[1].reshape(shape) * ramp[:, None])
    contrast = _uniform(count, 0.6, 1.3, generator).reshape(shape)
    noise = torch.randn(x.shape, generator=generator)
    noise = noise * (_uniform(count, 0, 0.05, generator) * _chance(count, 0.3, generator)).reshape(shape)
    return ((x - 0.5) * contrast + 0.5 + noise).clamp(0, 1) * 255


def _hide(batch: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
    """A rectangle of the picture's mean grey (hand, microphone, overlay) for ``share`` of the batch."""
    count, side = batch.shape[0], batch.shape[-1]
    ramp = torch.arange(side)
    masks = []
    for _ in range(2):
        extent = _uniform(count, 0.15, 0.45, generator) * side
        start = torch.rand(count, generator=generator) * side - extent / 2
        masks.append((ramp >= start[:, None]) & (ramp < (start + extent)[:, None]))
    mask = masks[0][:, :, None] & masks[1][:, None, :] & _chance(count, share, generator)[:, None, None]
    return torch.where(mask[:, None], batch.mean((2, 3), keepdim=True), batch)


def augment(batch: torch.Tensor, window: int, generator: torch.Generator, strength: float = 1.0, hidden: float = 0.2,
            side: int | None = None) -> torch.Tensor:
    """Training view of a batch.

    ``batch``: grey 0…255 ``[N, 1, 48, 48]`` float. The result shows ``window`` of the 48 pixels, scaled to
    ``[N, 1, side, side]`` where ``side`` is another (both multiples of 8). ``strength`` scales turning, zooming and
    shifting, ``hidden`` is the share of the batch with something in front of the face.
    """
    x = _geometry(batch, window, generator, strength)
    x = _soften(x, generator)
    if side is not None and side != window:
        x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    x = _light(x, generator)
    x = _blocks(x, generator)
    return _hide(x, hidden, generator).clamp(0, 255)
