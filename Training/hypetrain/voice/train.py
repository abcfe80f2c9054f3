"""The training loop of the voice network."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from hypetrain import metrics
from hypetrain.labels import EMOTIONS
from hypetrain.logmel import LogMel
from hypetrain.runtime import Ema
from hypetrain.voice import synth
from hypetrain.voice.augment import Stream, hide, window
from hypetrain.voice.data import Clip, sampling, split_of
from hypetrain.voice.evaluate import answer
from hypetrain.voice.net import VoiceNet


@dataclass
class Plan:
    """Everything that decides the result besides the data."""

    epochs: int = 60
    windows: int = 4096
    batch: int = 64
    rate: float = 2e-3
    decay: float = 2e-2
    smoothing: float = 0.08
    mixup: float = 0.3
    nothing: float = 0.03
    arousal: float = 1.0
    floor: float = 0.01
    fold: int = -1
    seed: int = 1


class Batches:
    """Draws augmented training batches: log-mel, soft targets, arousal targets, log shares of the corpora."""

    def __init__(self, clips: list[Clip], plan: Plan):
        self.clips, self.plan = clips, plan
        self.chances, self.shares = sampling(clips, plan.floor)
        self.random = np.random.default_rng(plan.seed)
        self.generator = torch.Generator().manual_seed(plan.seed)
        self.stream = Stream(synth.bank(6, seed=plan.seed), plan.seed)
        self.features = LogMel()

    def draw(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """``mel [N, 1, 80, 197]``, targets ``[N, 8]`` (zero: no class to learn), arousal ``[N]`` (NaN: none), log shares."""
        plan, classes = self.plan, len(EMOTIONS)
        chosen = [self.clips[i] for i in self.random.choice(len(self.clips), plan.batch, p=self.chances)]
        voices = torch.from_numpy(np.stack([window(clip, self.random) for clip in chosen]))
        targets = torch.zeros(plan.batch, classes)
        for row, clip in enumerate(chosen):
            if clip.label >= 0:
                targets[row] = plan.smoothing / classes
                targets[row, clip.label] += 1 - plan.smoothing
        arousal = torch.tensor([clip.arousal for clip in chosen])
        shares = torch.from_numpy(np.stack([self.shares[clip.corpus] for clip in chosen])).float()
        silent = torch.from_numpy(self.random.random(plan.batch) < plan.nothing)
        voices[silent] = self.stream._background(int(silent.sum())) if silent.any() else voices[silent]
        targets[silent], shares[silent], arousal[silent] = 1 / classes, 1 / classes, math.nan
        mel = hide(self.features(self.stream(voices)), self.generator)
        if self.random.random() < 0.5:
            share = float(self.random.beta(plan.mixup, plan.mixup))
            order = torch.randperm(plan.batch, generator=self.generator)
            mel = share * mel + (1 - share) * mel[order]
            targets = share * targets + (1 - share) * targets[order]
            shares = share * shares + (1 - share) * shares[order]
            arousal = share * arousal + (1 - share) * arousal[order]
        return mel, targets, arousal, shares.log()


def loss_of(logits: torch.Tensor, excitement: torch.Tensor, targets: torch.Tensor, arousal: torch.Tensor,
            shares: torch.Tensor, weight: float) -> torch.Tensor:
    """Cross-entropy against a corpus's own choice of emotions, plus that of the arousal where it is known."""
    classes = -(targets * F.log_softmax(logits + shares, 1)).sum(1).mean()
    known = ~arousal.isnan()
    return classes + weight * F.binary_cross_entropy_with_logits(excitement[known], arousal[known])


def train(clips: list[Clip], folder: Path, plan: Plan, device: torch.device, start: Path | None = None) -> None:
    """Trains and writes ``last.pt`` (averaged weights) after each epoch.

    The last average is what ships: the validation speakers are too few to choose an epoch by them. ``start`` is a
    checkpoint to begin from instead of random weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fold = plan.fold if plan.fold >= 0 else None
    batches = Batches([clip for clip in clips if split_of(clip, fold) == "train"], plan)
    held = [clip for clip in clips if split_of(clip, fold) == "validation" and clip.label >= 0]
    net = VoiceNet()
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True)["state"])
    net = net.to(device, memory_format=torch.channels_last)
    average = Ema(net)
    shadow = VoiceNet().to(device, memory_format=torch.channels_last)
    matrices = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": plan.decay},
                                   {"params": others, "weight_decay": 0.0}], lr=plan.rate)
    steps, warm, done = plan.windows // plan.batch, 150, 0
    for epoch in range(plan.epochs):
        net.train()
        begun, total = time.time(), 0.0
        for _ in range(steps):
            progress = done / (steps * plan.epochs)
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(1.0, (done + 1) / warm) * 0.5 * (1 + math.cos(math.pi * progress))
            mel, *truth = (t.to(device) for t in batches.draw())
            logits, excitement = net(mel.contiguous(memory_format=torch.channels_last))
            loss = loss_of(logits, excitement, *truth, plan.arousal)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            average.update(net)
            total += float(loss.detach())
            done += 1
        shadow.load_state_dict(average.state)
        line = {"epoch": epoch + 1, "loss": round(total / steps, 4)}
        if (epoch + 1) % 5 == 0 or epoch + 1 == plan.epochs:
            answers = answer(shadow, held, device)
            for corpus in sorted({clip.corpus for clip in held}):
                mine = np.array([clip.corpus == corpus for clip in held])
                line[corpus] = round(metrics.uar(answers.labels[mine], answers.choices(mine)), 3)
        torch.save({"state": average.state, "plan": asdict(plan), "epoch": epoch + 1}, folder / "last.pt")
        print(json.dumps(line | {"seconds": round(time.time() - begun)}), flush=True)
