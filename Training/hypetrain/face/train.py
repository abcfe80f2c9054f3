"""The training loop of the face network."""

from __future__ import annotations

import json
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

WINDOW = 40
"""Pixels of the 48 that a training view shows; a stage of another side resamples this window."""


@dataclass
class Plan:
    """Everything that decides the result besides the data.

    ``stages`` is a list of side × epochs: small pictures cost a third of large ones and teach nearly as much, so most
    epochs are small; the last stage sees the native scale that the deployed network gets. The rate stays constant and
    falls linearly to nothing over the last ``settle`` epochs. The last ``calm`` epochs see no mixed pictures and
    gentler changes.
    """

    stages: str = "24x12,32x16,40x8"
    settle: int = 14
    calm: int = 5
    batch: int = 64
    rate: float = 0.05
    decay: float = 5e-4
    smoothing: float = 0.1
    mixup: float = 0.2
    mixed: float = 0.15
    hidden: float = 0.2
    seed: int = 1

    def sides(self) -> list[int]:
        """The picture side of each epoch."""
        stages = [stage.split("x") for stage in self.stages.split(",")]
        return [int(side) for side, epochs in stages for _ in range(int(epochs))]


def predict(net: FaceNet, images: np.ndarray, device: torch.device, side: int | None = None,
            batch: int = 256) -> np.ndarray:
    """Uncalibrated logits ``[n, 7]`` of pictures ``[n, 48, 48]``, mean of the picture and its mirror image.

    ``side`` scales the pictures down first, to judge a network that is in a stage of small ones.
    """
    net.eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(images), batch):
            x = torch.from_numpy(images[start:start + batch]).to(device).float().unsqueeze(1)
            if side is not None and side != x.shape[-1]:
                x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
            x = standardise(x).contiguous(memory_format=torch.channels_last)
            parts.append(((net(x) + net(x.flip(3))) / 2).cpu())
    return torch.cat(parts).numpy()


def _loss(net: FaceNet, x: torch.Tensor, y: torch.Tensor, plan: Plan, mixed: float,
          generator: torch.Generator) -> torch.Tensor:
    """Cross-entropy with smoothed labels; a share ``mixed`` of the batches is mixed in pairs."""
    if float(torch.rand(1, generator=generator)) >= mixed:
        return F.cross_entropy(net(x), y, label_smoothing=plan.smoothing)
    share = float(np.random.beta(plan.mixup, plan.mixup))
    order = torch.randperm(len(x), generator=generator)
    logits = net(share * x + (1 - share) * x[order])
    return (share * F.cross_entropy(logits, y, label_smoothing=plan.smoothing)
            + (1 - share) * F.cross_entropy(logits, y[order], label_smoothing=plan.smoothing))


class Run:
    """The state of a training run: what ``last.pt`` holds and ``--resume`` reads."""

    def __init__(self, plan: Plan, device: torch.device):
        self.plan = plan
        self.epoch = 0
        self.steps = 0
        self.net = FaceNet().to(device, memory_format=torch.channels_last)
        self.average = Ema(self.net)
        self.generator = torch.Generator().manual_seed(plan.seed)
        weights = [p for p in self.net.parameters() if p.ndim > 1]
        others = [p for p in self.net.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.SGD([{"params": weights, "weight_decay": plan.decay}, {"params": others}],
                                         lr=plan.rate, momentum=0.9, nesterov=True)

    def save(self, path: Path, public: float | None) -> None:
        """Writes everything that the next epoch depends on, in one step so that an interruption leaves the old file."""
        kind, keys, position, gauss, cached = np.random.get_state()
        document = {
            "state": self.average.state, "plan": asdict(self.plan), "epoch": self.epoch, "public": public,
            "net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(), "steps": self.steps,
            "averaged": self.average.step, "generator": self.generator.get_state(), "torch": torch.get_rng_state(),
            "numpy": [kind, torch.from_numpy(keys.astype(np.int64)), position, gauss, cached],
        }
        torch.save(document, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def load(self, path: Path) -> None:
        """Continues from ``path``; the plan may be another one as long as its first epochs are the same."""
        saved = torch.load(path, weights_only=True)
        self.epoch, self.steps = saved["epoch"], saved["steps"]
        self.net.load_state_dict(saved["net"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average.state = {key: value.clone() for key, value in saved["state"].items()}
        self.average.step = saved["averaged"]
        self.generator.set_state(saved["generator"])
        torch.set_rng_state(saved["torch"])
        kind, keys, position, gauss, cached = saved["numpy"]
        np.random.set_state((kind, keys.numpy().astype(np.uint32), position, gauss, cached))


def train(source: Path, folder: Path, plan: Plan, device: torch.device, resume: bool = False) -> None:
    """Trains and writes ``last.pt`` after each epoch: the averaged weights and all that ``resume`` needs.

    PublicTest is measured every few epochs for the log alone; nothing is chosen by it in here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    faces, public = data.load(source, "train"), data.load(source, "public")
    images, labels = torch.from_numpy(faces.images), torch.from_numpy(faces.labels)
    run = Run(plan, device)
    shadow = FaceNet().to(device, memory_format=torch.channels_last)
    if resume and (folder / "last.pt").exists():
        run.load(folder / "last.pt")
    sides = plan.sides()
    steps, warm = len(images) // plan.batch, 200
    if steps == 0:
        raise ValueError(f"{source}: {len(images)} training pictures are fewer than one batch of {plan.batch}. "
                         "Give a smaller --batch or more pictures.")
    while run.epoch < len(sides):
        side, left = sides[run.epoch], len(sides) - run.epoch
        calm = left <= plan.calm
        run.net.train()
        begun, total = time.time(), 0.0
        order = torch.randperm(len(images), generator=run.generator)[:steps * plan.batch]
        for index, chosen in enumerate(order.split(plan.batch)):
            rate = plan.rate * min(1.0, (run.steps + 1) / warm, (left - index / steps) / max(plan.settle, 1))
            for group in run.optimizer.param_groups:
                group["lr"] = rate
            x = augment(images[chosen].float().unsqueeze(1), WINDOW, run.generator, 0.6 if calm else 1.0,
                        plan.hidden, side)
            x = standardise(x.to(device)).contiguous(memory_format=torch.channels_last)
            loss = _loss(run.net, x, labels[chosen].to(device), plan, 0.0 if calm else plan.mixed, run.generator)
            run.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            run.optimizer.step()
            run.average.update(run.net)
            total += float(loss.detach())
            run.steps += 1
        run.epoch += 1
        line = {"epoch": run.epoch, "side": side, "loss": round(total / steps, 4), "seconds": round(time.time() - begun)}
        accuracy = None
        if run.epoch % 4 == 0 or run.epoch == len(sides):
            shadow.load_state_dict(run.average.state)
            view = round(side * public.images.shape[-1] / WINDOW)
            accuracy = float((predict(shadow, public.images, device, view).argmax(1) == public.labels).mean())
            line["public"] = round(accuracy, 4)
        run.save(folder / "last.pt", accuracy)
        print(json.dumps(line), flush=True)
