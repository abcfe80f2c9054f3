"""Trains an emotion head on people's own films, with as much of the backbone as is asked for.

With a frozen backbone its features are computed once, and each fold trains a normalisation and a linear layer on them: minutes on
a processor. With ``--unfreeze N`` the last N blocks learn too, which wants a GPU for the published sizes.

Every figure is of people who did not train: each fold keeps whole people back. The shipped network learns from everybody; its
temperature and its threshold are those of the folds together.
"""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from hypetrain import metrics
from hypetrain.videomae.clips import normalise
from hypetrain.videomae.films import Clips, folds
from hypetrain.videomae.net import VideoMAE
from hypetrain.videomae.weights import Checkpoint

ANSWER_ACCURACY = 0.5
"""The network abstains where its answers would be right less often than this."""


@dataclass
class Plan:
    """How a head is trained."""

    epochs: int = 30
    unfreeze: int = 0
    """Blocks of the backbone that learn too, counted from the last."""
    rate: float = 1e-3
    backbone_rate: float = 2e-5
    decay: float = 0.05
    smoothing: float = 0.1
    batch: int = 16
    folds: int = 5
    seed: int = 1


def fresh(checkpoint: Checkpoint, classes: int, plan: Plan) -> VideoMAE:
    """The checkpoint's backbone with a new head; only the head and the last blocks may learn."""
    torch.manual_seed(plan.seed)
    net = VideoMAE(checkpoint.net.shape.with_classes(classes))
    backbone = {k: v for k, v in checkpoint.net.state_dict().items() if not k.startswith(("norm.", "head."))}
    net.load_state_dict(backbone, strict=False)
    nn.init.trunc_normal_(net.head.weight, std=0.02)
    nn.init.zeros_(net.head.bias)
    net.requires_grad_(False)
    for part in (net.norm, net.head, *(net.blocks[-plan.unfreeze:] if plan.unfreeze else ())):
        part.requires_grad_(True)
    return net


class Trainer:
    """Trains and asks networks over one set of clips."""

    def __init__(self, checkpoint: Checkpoint, clips: Clips, plan: Plan, device: torch.device):
        self.checkpoint, self.clips, self.plan, self.device = checkpoint, clips, plan, device
        self.frozen = None if plan.unfreeze else self._features()

    def _video(self, indices: np.ndarray) -> torch.Tensor:
        pictures = normalise(np.asarray(self.clips.pictures[indices]), self.checkpoint.mean, self.checkpoint.std)
        return torch.from_numpy(pictures).to(self.device)

    @torch.no_grad()
    def _features(self) -> torch.Tensor:
        """What the backbone makes of each clip. ``[n, width]``"""
        net = self.checkpoint.net.to(self.device).eval()
        parts = [net.features(self._video(chunk)).cpu() for chunk in self._chunks(np.arange(len(self.clips.label)))]
        return torch.cat(parts)

    def _chunks(self, indices: np.ndarray) -> list[np.ndarray]:
        return [indices[start:start + self.plan.batch] for start in range(0, len(indices), self.plan.batch)]

    def _logits(self, net: VideoMAE, indices: np.ndarray) -> torch.Tensor:
        features = net.features(self._video(indices)) if self.frozen is None else self.frozen[indices].to(self.device)
        return net.classify(features)[0]

    def train(self, indices: np.ndarray) -> VideoMAE:
        """A network that has learnt from some of the clips, all emotions equally often."""
        plan, labels = self.plan, self.clips.label
        net = fresh(self.checkpoint, len(self.clips.names), plan).to(self.device)
        groups = [{"params": [*net.norm.parameters(), *net.head.parameters()], "lr": plan.rate}]
        if plan.unfreeze:
            groups.append({"params": [*net.blocks[-plan.unfreeze:].parameters()], "lr": plan.backbone_rate})
        optimiser = torch.optim.AdamW(groups, weight_decay=plan.decay)
        steps = max(1, -(-len(indices) // plan.batch))
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, [group["lr"] for group in groups], total_steps=steps * plan.epochs, pct_start=0.1)
        counts = np.bincount(labels[indices], minlength=len(self.clips.names))
        chance = 1 / counts[labels[indices]]
        random = np.random.default_rng(plan.seed)
        for _ in range(plan.epochs):
            net.train()
            drawn = random.choice(indices, steps * plan.batch, p=chance / chance.sum())
            for chunk in self._chunks(drawn):
                loss = nn.functional.cross_entropy(self._logits(net, chunk), torch.from_numpy(labels[chunk]).to(self.device),
                                                   label_smoothing=plan.smoothing)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], 1.0)
                optimiser.step()
                schedule.step()
        return net.eval()

    @torch.no_grad()
    def ask(self, net: VideoMAE, indices: np.ndarray) -> np.ndarray:
        """Logits of some of the clips. Float64 ``[n, classes]``"""
        return torch.cat([self._logits(net, chunk).cpu() for chunk in self._chunks(indices)]).double().numpy()


@dataclass
class Outcome:
    """A head that learnt from everybody, and what the folds say about it."""

    checkpoint: Checkpoint
    temperature: float
    threshold: float
    report: dict


def tune(checkpoint: Checkpoint, clips: Clips, plan: Plan, device: torch.device, say=print) -> Outcome:
    """Trains one network for each fold and one on everybody."""
    trainer = Trainer(checkpoint, clips, plan, device)
    tests = folds(clips.speaker, plan.folds, plan.seed)
    logits = np.zeros((len(clips.label), len(clips.names)))
    rows = []
    for number, test in enumerate(tests):
        net = trainer.train(np.flatnonzero(~test))
        logits[test] = trainer.ask(net, np.flatnonzero(test))
        uar = metrics.uar(clips.label[test], logits[test].argmax(1))
        rows.append({"people": sorted(set(clips.speaker[test])), "clips": int(test.sum()), "uar": uar})
        say(f"fold {number + 1} of {len(tests)}: {int(test.sum())} clips of {len(rows[-1]['people'])} people, UAR {100 * uar:.1f} %")
    temperature = metrics.fit_temperature(logits, clips.label)
    probabilities = metrics.softmax(logits / temperature)
    threshold = metrics.abstain_threshold(probabilities, clips.label, ANSWER_ACCURACY)
    report = _report(clips, plan, rows, probabilities) | {"temperature": temperature, "threshold": threshold}
    net = trainer.train(np.arange(len(clips.label)))
    tuned = Checkpoint(copy.deepcopy(net).cpu(), list(clips.names), checkpoint.mean, checkpoint.std,
                       f"{checkpoint.source}, head trained on {len(set(clips.speaker))} people")
    return Outcome(tuned, temperature, threshold, report)


def _report(clips: Clips, plan: Plan, rows: list[dict], probabilities: np.ndarray) -> dict:
    """Figures of all folds together; a film counts once, with the mean of its clips."""
    films = np.unique(clips.film)
    mean = np.stack([probabilities[clips.film == film].mean(0) for film in films])
    first = np.array([np.flatnonzero(clips.film == film)[0] for film in films])
    labels, people, answers = clips.label[first], clips.speaker[first], mean.argmax(1)
    return {
        "plan": asdict(plan), "labels": clips.names, "people": len(set(people)), "films": len(films),
        "clips": len(clips.label), "skipped": clips.skipped, "folds": rows,
        "uar": asdict(metrics.bootstrap(metrics.uar, labels, answers, people)),
        "war": asdict(metrics.bootstrap(metrics.war, labels, answers, people)),
        "ece": metrics.ece(mean, labels), "chance": 1 / len(clips.names),
        "confusion": metrics.confusion(labels, answers, len(clips.names)).tolist(),
    }


def write(report: dict, path: Path) -> str:
    """Writes the report as JSON and as Markdown; answers the Markdown."""
    def interval(figure: dict) -> str:
        return str(metrics.Interval(**figure))

    text = "\n".join([
        f"# {path.name}", "",
        f"{report['films']} films ({report['clips']} clips) of {report['people']} people, {len(report['folds'])} folds that keep "
        "people apart. Intervals: 95 %, whole people drawn.", "",
        "| figure | of films |", "|---|---:|", f"| UAR | {interval(report['uar'])} |", f"| WAR | {interval(report['war'])} |",
        f"| guessing | {100 * report['chance']:.1f} % |", f"| ECE | {100 * report['ece']:.1f} % |", "",
        metrics.confusion_table(np.array(report["confusion"]), tuple(report["labels"])), "",
        *([f"Not read: {len(report['skipped'])} films.", *(f"- {reason}" for reason in report["skipped"])]
          if report["skipped"] else []),
    ])
    path.with_suffix(".report.json").write_text(json.dumps(report, indent=1) + "\n")
    path.with_suffix(".report.md").write_text(text + "\n")
    return text
