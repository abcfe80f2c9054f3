"""All the runs behind the card, in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch

from hypetrain import runtime
from hypetrain.voice.bank import Bank
from hypetrain.voice.data import FOLDS, Clip
from hypetrain.voice.report import SHIPPED, fold_run, without_run
from hypetrain.voice.train import Plan, train


class Epochs(NamedTuple):
    """Epochs of each kind of run."""

    others: int = 12
    """Of each run without a corpus."""
    hard: int = 24
    """Of a fold's first stage, which mixes and masks much."""
    soft: int = 8
    """Of a fold's second stage, which does not, and draws many clean windows."""


FOLDED = "ravdess"
"""The corpus whose actors make the folds; the run that never heard it is where the folds begin."""
SOFT = {"mixup": 0.0, "smoothing": 0.03, "masks": 1, "clean": 0.35, "dropout": 0.15, "batch": 16, "rate": 1.2e-3}
"""What the second stage changes. The first alone leaves the network unsure: its temperature is 0.5, and it knows its own training
actors no better than three times in four."""


def every_run(clips: list[Clip], banks: tuple[Bank, Bank], runs: Path, device: torch.device, epochs: Epochs = Epochs(),
              base: Plan = Plan()) -> None:
    """Trains what ``export`` needs. A finished run is kept, one that was cut short goes on.

    The run without RAVDESS comes first: it is a row of the cross-corpus table, and, as it heard no RAVDESS actor at all,
    all five folds may begin with its weights. The fold that ships comes next. ``base`` holds all other options.
    """
    first = without_run(runs, FOLDED)

    def run(folder: Path, plan: Plan, start: Path | None = None) -> None:
        runtime.prepare(plan.seed, torch.get_num_threads())
        train(clips, banks, folder, plan, device, start)

    run(first, replace(base, epochs=epochs.others, without=FOLDED, short=0.65))
    for fold in sorted(range(len(FOLDS)), key=lambda fold: fold != SHIPPED):
        place = fold_run(runs, fold)
        run(place / "hard", replace(base, epochs=epochs.hard, fold=fold), first / "last.pt")
        run(place, replace(base, epochs=epochs.soft, fold=fold, **SOFT), place / "hard" / "last.pt")
    for corpus in sorted({clip.corpus for clip in clips} - {FOLDED}):
        run(without_run(runs, corpus), replace(base, epochs=epochs.others, without=corpus, **SOFT))
