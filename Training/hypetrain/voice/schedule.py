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


class _Epochs(NamedTuple):
    folds: int = 24
    others: int = 12


SCHEDULE = _Epochs()
FOLDED = "ravdess"
"""The corpus whose actors make the folds; the run that never heard it is where the folds begin."""


def every_run(clips: list[Clip], bank: Bank, runs: Path, device: torch.device, folds: int, others: int,
              base: Plan = Plan()) -> None:
    """Trains what ``export`` needs. A finished run is kept, one that was cut short goes on.

    The run without RAVDESS comes first: it is a row of the cross-corpus table, and, as it heard no RAVDESS actor at all,
    all five folds may begin with its weights. The fold that ships comes next. ``base`` holds all other options.
    """
    first = without_run(runs, FOLDED)

    def run(folder: Path, plan: Plan, start: Path | None = None) -> None:
        runtime.prepare(plan.seed, torch.get_num_threads())
        train(clips, bank, folder, plan, device, start)

    run(first, replace(base, epochs=others, without=FOLDED, floor=0.01, short=0.65))
    for fold in sorted(range(len(FOLDS)), key=lambda fold: fold != SHIPPED):
        run(fold_run(runs, fold), replace(base, epochs=folds, fold=fold), first / "last.pt")
    for corpus in sorted({clip.corpus for clip in clips} - {FOLDED}):
        run(without_run(runs, corpus), replace(base, epochs=others, without=corpus))
