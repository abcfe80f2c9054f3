"""The training loop of the face network."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from hypetrain.face import data
from hypetrain.face.augment import augment
from hypetrain.face.net import FaceNet, standardise
from hypetrain.runtime import Ema


@dataclass
class Plan:
    """Everything that decides the result besides the data."""

    epochs: int = 60
    batch: int = 64
    side: int = 40
    rate: float = 0.05
    decay: float = 5e-4
    smoothing: float = 0.1
    mixup: float = 0.2
    seed: int = 1


def predict(net: FaceNet, images: np.ndarray, device: torch.device, batch: int = 256) -> np.ndarray:
    """Uncalibrated logits ``[n, 7]`` of pictures ``[n, 48, 48]``, mean of the picture and its mirror image."""
    net.eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(images), batch):
            x = standardise(torch.from_numpy(images[start:start + batch]).to(device).float().unsqueeze(1))
            x = x.contiguous(memory_format=torch.channels_last)
            parts.append(((net(x) + net(x.flip(3))) / 2).cpu())
    return torch.cat(parts).numpy()


def _loss(net: FaceNet, x: torch.Tensor, y: torch.Tensor, plan: Plan, generator: torch.Generator) -> torch.Tensor:
    """Cross-entropy with smoothed labels; half of the batches are mixed in pairs."""
    if float(torch.rand(1, generator=generator)) < 0.5:
        return F.cross_entropy(net(x), y, label_smoothing=plan.smoothing)
    share = float(np.random.beta(plan.mixup, plan.mixup))
    order = torch.randperm(len(x), generator=generator)
    logits = net(share * x + (1 - share) * x[order])
    return (share * F.cross_entropy(logits, y, label_smoothing=plan.smoothing)
            + (1 - share) * F.cross_entropy(logits, y[order], label_smoothing=plan.smoothing))


def train(archive: Path, folder: Path, plan: Plan, device: torch.device, start: Path | None = None) -> None:
    """Trains and writes ``last.pt`` after each epoch and ``best.pt`` whenever PublicTest gets better.

    Both hold the averaged weights. ``start`` is a checkpoint to begin from instead of random weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    faces, public = data.load(archive, "train"), data.load(archive, "public")
    images, labels = torch.from_numpy(faces.images), torch.from_numpy(faces.labels)
    generator = torch.Generator().manual_seed(plan.seed)
    net = FaceNet()
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True)["state"])
    net = net.to(device, memory_format=torch.channels_last)
    average = Ema(net)
    shadow = FaceNet().to(device, memory_format=torch.channels_last)
    weights = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD([{"params": weights, "weight_decay": plan.decay}, {"params": others}],
                                lr=plan.rate, momentum=0.9, nesterov=True)
    steps, warm, done, best = len(images) // plan.batch, 200, 0, 0.0
    for epoch in range(plan.epochs):
        net.train()
        begun, total = time.time(), 0.0
        for chosen in torch.randperm(len(images), generator=generator)[:steps * plan.batch].split(plan.batch):
            progress = done / (steps * plan.epochs)
            rate = plan.rate * min(1.0, (done + 1) / warm) * 0.5 * (1 + math.cos(math.pi * progress))
            for group in optimizer.param_groups:
                group["lr"] = rate
            x = augment(images[chosen].float().unsqueeze(1), plan.side, generator)
            x = standardise(x.to(device)).contiguous(memory_format=torch.channels_last)
            loss = _loss(net, x, labels[chosen].to(device), plan, generator)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            average.update(net)
            total += float(loss.detach())
            done += 1
        shadow.load_state_dict(average.state)
        accuracy = float((predict(shadow, public.images, device).argmax(1) == public.labels).mean())
        saved = {"state": average.state, "plan": asdict(plan), "epoch": epoch + 1, "public": accuracy}
        torch.save(saved, folder / "last.pt")
        if accuracy >= best:
            best = accuracy
            torch.save(saved, folder / "best.pt")
        print(json.dumps({"epoch": epoch + 1, "loss": round(total / steps, 4), "public": round(accuracy, 4),
                          "best": round(best, 4), "seconds": round(time.time() - begun)}), flush=True)
