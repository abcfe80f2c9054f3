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

WINDOW = 40
"""Pixels of the 48 that a training view shows; a stage of another side resamples this window."""


@dataclass(frozen=True)
class Pass:
    """One descent of the learning rate. A pass starts from the averaged weights of the one before.

    ``stages`` is a list of side × epochs: small pictures cost less than large ones and teach nearly as much; the export
    finds the scale that fits the last stage. The rate falls along half a
    cosine over the last ``settle`` epochs of ``length`` and is constant before; a run may stop short of the length, where
    the rate is small and the average steady. A share ``mixed`` of the batches is mixed in pairs, a
    share ``hidden`` of the pictures has something in front of the face. The last ``calm`` epochs of ``length`` have no
    mixed batches and gentler turns, zooms and shifts.
    """

    stages: str
    settle: int
    rate: float = 0.05
    mixed: float = 0.15
    hidden: float = 0.2
    dropout: float = 0.1
    calm: int = 0
    length: int = 0
    """Epochs of the whole descent; 0 for as many as the stages have."""

    def sides(self) -> list[int]:
        """The picture side of each epoch."""
        stages = [stage.split("x") for stage in self.stages.split(",")]
        return [int(side) for side, epochs in stages for _ in range(int(epochs))]


@dataclass(frozen=True)
class Plan:
    """Everything that decides the result besides the data: warm restarts as in SGDR (Loshchilov and Hutter 2017)."""

    passes: tuple[Pass, ...] = (
        Pass("40x15", settle=15, mixed=0.5, hidden=0.3, dropout=0.25),
        Pass("32x21", settle=25, rate=0.04, calm=22, length=31),
        Pass("32x2", settle=3, rate=0.015, mixed=0.0, calm=3, length=3),
        Pass("32x10,40x28", settle=31, mixed=0.25, dropout=0.2, calm=9, length=38),
    )
    batch: int = 64
    decay: float = 5e-4
    smoothing: float = 0.1
    mixup: float = 0.2
    seed: int = 1

    @staticmethod
    def read(document: dict) -> Plan:
        """The plan of a JSON object such as the sidecar's ``plan``."""
        return Plan(**document | {"passes": tuple(Pass(**entry) for entry in document["passes"])})


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
    if float(torch.rand(1, generator=generator)) < 1 - mixed:
        return F.cross_entropy(net(x), y, label_smoothing=plan.smoothing)
    share = float(np.random.beta(plan.mixup, plan.mixup))
    order = torch.randperm(len(x), generator=generator)
    logits = net(share * x + (1 - share) * x[order])
    return (share * F.cross_entropy(logits, y, label_smoothing=plan.smoothing)
            + (1 - share) * F.cross_entropy(logits, y[order], label_smoothing=plan.smoothing))


class Run:
    """The state of a training run: what ``last.pt`` holds and resuming reads."""

    def __init__(self, plan: Plan, device: torch.device):
        self.plan = plan
        self.number, self.epoch, self.steps = 0, 0, 0
        self.net = FaceNet().to(device, memory_format=torch.channels_last)
        self.generator = torch.Generator().manual_seed(plan.seed)
        self._begin()

    def _begin(self) -> None:
        """Fresh optimizer and average for a pass."""
        self.average = Ema(self.net)
        self.net.head[0].p = self.current.dropout
        weights = [p for p in self.net.parameters() if p.ndim > 1]
        others = [p for p in self.net.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.SGD([{"params": weights, "weight_decay": self.plan.decay}, {"params": others}],
                                         lr=self.current.rate, momentum=0.9, nesterov=True)

    @property
    def current(self) -> Pass:
        return self.plan.passes[self.number]

    def next_pass(self) -> bool:
        """Goes on with the averaged weights in the next pass; false after the last.

        Every pass seeds anew, so one can be repeated from the weights of the one before.
        """
        if self.number + 1 == len(self.plan.passes):
            return False
        self.number, self.epoch, self.steps = self.number + 1, 0, 0
        self.generator.manual_seed(self.plan.seed + self.number)
        torch.manual_seed(self.plan.seed + self.number)
        np.random.seed(self.plan.seed + self.number)
        self.net.load_state_dict(self.average.state)
        self._begin()
        return True

    def save(self, path: Path, public: float | None) -> None:
        """Writes everything that the next epoch depends on, in one step so that an interruption leaves the old file."""
        _, keys, *rest = np.random.get_state()
        document = {
            "state": self.average.state, "plan": asdict(self.plan), "pass": self.number, "epoch": self.epoch,
            "public": public, "net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(),
            "steps": self.steps, "averaged": self.average.step, "generator": self.generator.get_state(),
            "torch": torch.get_rng_state(), "numpy": [torch.from_numpy(keys.astype(np.int64)), *rest],
        }
        torch.save(document, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def load(self, path: Path) -> None:
        """Continues from ``path``; the plan may be another one as long as the epochs so far are the same."""
        saved = torch.load(path, weights_only=True)
        self.number, self.epoch, self.steps = saved["pass"], saved["epoch"], saved["steps"]
        self.net.load_state_dict(saved["net"])
        self._begin()
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average.state = {key: value.clone() for key, value in saved["state"].items()}
        self.average.step = saved["averaged"]
        self.generator.set_state(saved["generator"])
        torch.set_rng_state(saved["torch"])
        keys, *rest = saved["numpy"]
        np.random.set_state(("MT19937", keys.numpy().astype(np.uint32), *rest))


def train(source: Path, folder: Path, plan: Plan, device: torch.device, resume: bool = False) -> None:
    """Trains and writes ``last.pt`` after each epoch: the averaged weights and all that ``resume`` needs.

    PublicTest is measured every few epochs for the log alone; nothing is chosen by it in here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    faces, public = data.load(source, "train"), data.load(source, "public")
    images, labels = torch.from_numpy(faces.images), torch.from_numpy(faces.labels)
    if len(images) < plan.batch:
        raise data.DataError(f"{source}: {len(images)} training pictures are fewer than one batch of {plan.batch}. "
                             "Give more pictures, or a plan with a smaller batch.")
    run = Run(plan, device)
    shadow = FaceNet().to(device, memory_format=torch.channels_last)
    if resume and (folder / "last.pt").exists():
        run.load(folder / "last.pt")
    while True:
        sides = run.current.sides()
        while run.epoch < len(sides):
            line = _epoch(run, sides, images, labels, device)
            accuracy = None
            if run.epoch % 4 == 0 or run.epoch == len(sides):
                shadow.load_state_dict(run.average.state)
                view = round(line["side"] * public.images.shape[-1] / WINDOW)
                accuracy = float((predict(shadow, public.images, device, view).argmax(1) == public.labels).mean())
                line["public"] = round(accuracy, 4)
            run.save(folder / "last.pt", accuracy)
            print(json.dumps(line), flush=True)
        if not run.next_pass():
            return


def _epoch(run: Run, sides: list[int], images: torch.Tensor, labels: torch.Tensor, device: torch.device) -> dict:
    """One epoch; returns its line of the log."""
    plan, current = run.plan, run.current
    length = current.length or len(sides)
    side, calm = sides[run.epoch], length - run.epoch <= current.calm
    steps, warm, begun, total = len(images) // plan.batch, 200, time.time(), 0.0
    held = steps * (length - current.settle)
    run.net.train()
    order = torch.randperm(len(images), generator=run.generator)[:steps * plan.batch]
    for chosen in order.split(plan.batch):
        progress = max(0, run.steps - held) / (steps * current.settle)
        rate = current.rate * min(1.0, (run.steps + 1) / warm) * 0.5 * (1 + math.cos(math.pi * progress))
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        x = augment(images[chosen].float().unsqueeze(1), WINDOW, run.generator, 0.6 if calm else 1.0, current.hidden, side)
        x = standardise(x.to(device)).contiguous(memory_format=torch.channels_last)
        loss = _loss(run.net, x, labels[chosen].to(device), plan, 0.0 if calm else current.mixed, run.generator)
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        run.optimizer.step()
        run.average.update(run.net)
        total += float(loss.detach())
        run.steps += 1
    run.epoch += 1
    return {"pass": run.number + 1, "epoch": run.epoch, "side": side, "loss": round(total / steps, 4),
            "seconds": round(time.time() - begun)}
