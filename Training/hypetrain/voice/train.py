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
from hypetrain.logmel import FRAMES
from hypetrain.runtime import Ema
from hypetrain.voice.augment import colour, hide
from hypetrain.voice.bank import Bank
from hypetrain.voice.data import Clip, sampling, split_of
from hypetrain.voice.evaluate import answer
from hypetrain.voice.net import VoiceNet

NEVER = 1e-9
"""Share that stands for none, so that logarithms stay finite: an emotion that a corpus lacks is no part of its choice."""


@dataclass
class Plan:
    """Everything that decides the result besides the data and the bank."""

    epochs: int = 24
    windows: int = 4096
    batch: int = 32
    rate: float = 2e-3
    decay: float = 2e-2
    smoothing: float = 0.08
    mixup: float = 0.3
    nothing: float = 0.03
    arousal: float = 1.0
    floor: float = 0.0
    """Least share that an emotion counts with where a corpus lacks it. 0: such a corpus says nothing about that emotion."""
    frames: int = 112
    """Length of the windows, in frames, in the first part of the run; the net takes any length and short ones are cheap."""
    short: float = 0.75
    """Share of the run with short windows; the rest sees whole ones."""
    masks: int = 2
    """Masks of bands and of frames per window."""
    clean: float = 0.0
    """Share of the windows drawn from the second bank, which is clean."""
    dropout: float = 0.3
    fold: int = -1
    without: str = ""
    """A corpus that is kept from training altogether."""
    seed: int = 1

    def split_of(self, clip: Clip) -> str:
        """``train``, ``validation`` or ``test`` for the speaker of a clip."""
        return split_of(clip, self.fold if self.fold >= 0 else None, self.without)


class Batches:
    """Draws training batches from the bank: log-mel, soft targets, arousal targets, log shares of the corpora.

    A batch depends on the plan's seed and its number only, so that a run may stop and go on.
    """

    def __init__(self, clips: list[Clip], banks: tuple[Bank, Bank], plan: Plan):
        self.plan, (self.bank, self.pure) = plan, banks
        self.places = [i for i, clip in enumerate(clips) if plan.split_of(clip) == "train"]
        self.clips = [clips[i] for i in self.places]
        self.rows, self.pure_rows = self.bank.rows(self.places), self.pure.rows(self.places)
        self.empty = np.flatnonzero(self.bank.owner < 0)
        self.chances, self.shares = sampling(self.clips, plan.floor)

    def draw(self, number: int, frames: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """``mel [N, 1, 80, frames]``, targets ``[N, 8]`` (zero: no class to learn), arousal ``[N]`` (NaN: none), log shares."""
        plan, classes = self.plan, len(EMOTIONS)
        random = np.random.default_rng([plan.seed, number])
        mel = np.empty((plan.batch, 1, *self.bank.mel.shape[1:2], frames), np.float32)
        targets, shares = np.zeros((plan.batch, classes), np.float32), np.empty((plan.batch, classes), np.float32)
        arousal = np.empty(plan.batch, np.float32)
        for place, index in enumerate(random.choice(len(self.clips), plan.batch, p=self.chances)):
            clip, source = self.clips[index], self.bank.mel
            if random.random() < plan.nothing:
                row = random.choice(self.empty)
                targets[place], shares[place], arousal[place] = 1 / classes, 1 / classes, math.nan
            else:
                if random.random() < plan.clean:
                    row, source = random.choice(self.pure_rows[index]), self.pure.mel
                else:
                    row = random.choice(self.rows[index])
                shares[place], arousal[place] = self.shares[clip.corpus], clip.arousal
                if clip.label >= 0:
                    targets[place] = plan.smoothing * shares[place] / shares[place].sum()
                    targets[place, clip.label] += 1 - plan.smoothing
            start = int(random.integers(FRAMES - frames + 1))
            piece = colour(source[row, :, start:start + frames].astype(np.float32), random)
            hide(piece, random, plan.masks)
            mel[place, 0] = piece
        if plan.mixup > 0 and random.random() < 0.5:
            share = np.float32(random.beta(plan.mixup, plan.mixup))
            order = random.permutation(plan.batch)
            mel, targets, shares, arousal = (share * x + (1 - share) * x[order]
                                             for x in (mel, targets, shares, arousal))
        mel, targets, shares, arousal = (torch.from_numpy(x) for x in (mel, targets, shares, arousal))
        return mel, targets, arousal, shares.clamp_min(NEVER).log()


def loss_of(logits: torch.Tensor, excitement: torch.Tensor, targets: torch.Tensor, arousal: torch.Tensor,
            shares: torch.Tensor, weight: float) -> torch.Tensor:
    """Cross-entropy against a corpus's own choice of emotions, plus that of the arousal where it is known."""
    classes = -(targets * F.log_softmax(logits + shares, 1)).sum(1).mean()
    known = ~arousal.isnan()
    return classes + weight * F.binary_cross_entropy_with_logits(excitement[known], arousal[known])


def train(clips: list[Clip], banks: tuple[Bank, Bank], folder: Path, plan: Plan, device: torch.device,
          start: Path | None = None) -> None:
    """Trains and writes ``last.pt`` (averaged weights); a run that was cut short goes on from ``resume.pt``.

    The last average is what ships: the validation speakers are too few to choose an epoch by them. ``start`` is a
    checkpoint to begin from instead of random weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "last.pt").exists():
        return
    batches = Batches(clips, banks, plan)
    held = [clip for clip in clips if plan.split_of(clip) == "validation" and clip.label >= 0]
    net = VoiceNet(dropout=plan.dropout)
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True)["state"])
    net = net.to(device, memory_format=torch.channels_last)
    average = Ema(net)
    shadow = VoiceNet().to(device, memory_format=torch.channels_last)
    matrices = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": plan.decay},
                                   {"params": others, "weight_decay": 0.0}], lr=plan.rate)
    steps, warm, begin = plan.windows // plan.batch, 150, 0
    if (folder / "resume.pt").exists():
        saved = torch.load(folder / "resume.pt", weights_only=True)
        if saved["plan"] != asdict(plan):
            raise ValueError(f"{folder} holds a run with other options; remove it or choose another folder.")
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        average.state, average.step, begin = saved["average"], saved["steps"], saved["epoch"]
    for epoch in range(begin, plan.epochs):
        net.train()
        torch.manual_seed(plan.seed * 10_000 + epoch)
        begun, total = time.time(), 0.0
        for done in range(epoch * steps, (epoch + 1) * steps):
            progress = done / (steps * plan.epochs)
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(1.0, (done + 1) / warm) * 0.5 * (1 + math.cos(math.pi * progress))
            frames = plan.frames if progress < plan.short else FRAMES
            mel, *truth = (t.to(device) for t in batches.draw(done, frames))
            logits, excitement = net(mel.contiguous(memory_format=torch.channels_last))
            loss = loss_of(logits, excitement, *truth, plan.arousal)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            average.update(net)
            total += float(loss.detach())
        line = {"epoch": epoch + 1, "loss": round(total / steps, 4)}
        if held and ((epoch + 1) % 10 == 0 or epoch + 1 == plan.epochs):
            shadow.load_state_dict(average.state)
            answers = answer(shadow, held, device)
            for corpus in sorted({clip.corpus for clip in held}):
                mine = np.array([clip.corpus == corpus for clip in held])
                line[corpus] = round(metrics.uar(answers.labels[mine], answers.choices(mine)), 3)
                if corpus == "crema-d":
                    chosen = answers.choices(mine, ("happy", "sad"))
                    line["happy/sad"] = round(metrics.uar(answers.labels[mine], chosen), 3)
        if (epoch + 1) % 4 == 0:
            torch.save({"net": net.state_dict(), "average": average.state, "steps": average.step, "epoch": epoch + 1,
                        "optimizer": optimizer.state_dict(), "plan": asdict(plan)}, folder / "resume.pt")
        print(json.dumps(line | {"seconds": round(time.time() - begun)}), flush=True)
    torch.save({"state": average.state, "plan": asdict(plan), "epoch": plan.epochs}, folder / "last.pt")
    (folder / "resume.pt").unlink(missing_ok=True)
