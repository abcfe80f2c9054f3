"""Late fusion: a weighted product of both probabilities (log-linear opinion pool), fitted by likelihood.

With both branches ``log p(c) = (s log f(c) + (1 - s) log v(c)) / t + b(c) - log Σ``: one weight for the pair (``s``, the
face's share), a temperature ``t`` and an offset for each class. Alone a branch has a temperature and offsets of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from hypetrain import metrics
from hypetrain.face.calibrate import likelihood
from hypetrain.fusion.branches import Branch
from hypetrain.fusion.pairs import Pairs

FLOOR = 1e-4
"""Probabilities are at least this: one branch alone must not be able to forbid an emotion."""
PULL = 0.005
"""Weight of the squared offsets beside the likelihood."""
ANSWER_ACCURACY = 0.5
"""The fusion abstains where its answers would be right less often than this."""
COOLEST = 1.0
"""Least temperature of the joint pool. Made-up pairs err independently, and for those multiplying both probabilities (½) is right;
a real face and voice err together. At 1 two branches that agree are, but for the offsets, as sure together as each of them."""
BOTH, FACE, VOICE = "both", "face", "voice"


def logs(scores: np.ndarray) -> np.ndarray:
    """Logarithms of probabilities that are not less than :data:`FLOOR`."""
    return np.log(np.maximum(scores, FLOOR))


def sure(scores: np.ndarray, threshold: float) -> np.ndarray:
    """Which answers a branch would give by itself."""
    return scores.max(1) >= threshold


@dataclass
class Pool:
    """One way of answering: with both branches, or with one of them."""

    share: float
    """Share of the face, 0…1."""
    temperature: float
    offsets: np.ndarray
    threshold: float = 0.0

    def logits(self, face: np.ndarray | None, voice: np.ndarray | None) -> np.ndarray:
        """Unnormalised log-probabilities; a side whose share is 0 may be ``None``."""
        mixed = sum(share * logs(side) for share, side in ((self.share, face), (1 - self.share, voice)) if share > 0)
        return mixed / self.temperature + self.offsets

    def document(self) -> dict:
        """For the JSON file."""
        share = round(float(self.share), 4)
        return {"shares": {"face": share, "voice": round(1 - share, 4)},
                "temperature": round(self.temperature, 4), "offsets": [round(float(b), 4) for b in self.offsets],
                "threshold": self.threshold}

    @classmethod
    def of(cls, document: dict) -> Pool:
        """The pool of a JSON file, with its rounding."""
        return cls(document["shares"]["face"], document["temperature"], np.array(document["offsets"]), document["threshold"])


def fit_pool(face: np.ndarray | None, voice: np.ndarray | None, labels: np.ndarray, coolest: float = 0.0) -> Pool:
    """The likeliest pool of at least a temperature; with one side ``None``, that of the other alone."""
    alone = None if face is not None and voice is not None else float(face is not None)

    def pool(values: np.ndarray) -> Pool:
        share = alone if alone is not None else 1 / (1 + np.exp(-values[0]))
        return Pool(share, float(np.exp(values[1])), values[2:])

    def loss(values: np.ndarray) -> float:
        return likelihood(pool(values).logits(face, voice), labels) + PULL * float(np.square(values[2:]).sum())

    classes = (face if face is not None else voice).shape[1]
    bounds = [(None, None), (np.log(coolest) if coolest > 0 else None, None), *[(None, None)] * classes]
    best = pool(minimize(loss, np.zeros(2 + classes), method="L-BFGS-B", bounds=bounds).x)
    best.offsets = best.offsets - best.offsets.mean()
    return best


@dataclass
class Late:
    """The three ways, and who drops out: a branch that is missing, or unsure where the other is sure."""

    pools: dict[str, Pool]
    thresholds: tuple[float, float]
    """Confidence under which the face and the voice are unsure."""
    drops: bool = True
    """Whether an unsure branch drops out; without, only a missing one does (for the comparison)."""

    def ways(self, face: np.ndarray | None, voice: np.ndarray | None) -> np.ndarray:
        """Which of the pools answers each row."""
        return ways(face, voice, self.thresholds, self.drops)

    def __call__(self, face: np.ndarray | None, voice: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities ``[n, 7]`` and the threshold of each row."""
        chosen = self.ways(face, voice)
        logits, thresholds = np.zeros((len(chosen), len(self.pools[BOTH].offsets))), np.zeros(len(chosen))
        for way, pool in self.pools.items():
            rows = chosen == way
            if rows.any():
                logits[rows] = pool.logits(None if face is None else face[rows], None if voice is None else voice[rows])
                thresholds[rows] = pool.threshold
        return metrics.softmax(logits), thresholds


def ways(face: np.ndarray | None, voice: np.ndarray | None, thresholds: tuple[float, float], drops: bool = True) -> np.ndarray:
    """``both``, ``face`` or ``voice`` for each row."""
    if face is None or voice is None:
        return np.full(len(voice if face is None else face), VOICE if face is None else FACE)
    f, v = sure(face, thresholds[0]), sure(voice, thresholds[1])
    return np.where(f & ~v & drops, FACE, np.where(v & ~f & drops, VOICE, BOTH))


def fit(faces: Branch, voices: Branch, drawn: Pairs, thresholds: tuple[float, float], drops: bool = True,
        coolest: float = COOLEST) -> Late:
    """The pools, each fitted on what it will answer: pairs of which both branches count, faces alone, voices alone.

    Thresholds follow from the same rows: a pool has nine numbers, which thousands of rows cannot teach by heart. The joint pool's
    is at least the lower of the branches' own: on made-up pairs half of the unsure answers are right, because errors are
    unrelated, and that shall not loosen it.
    """
    face, voice = drawn.scores(faces, voices)
    rows = ways(face, voice, thresholds, drops) == BOTH
    parts = {BOTH: (face[rows], voice[rows], drawn.labels[rows]), FACE: (faces.scores, None, faces.labels),
             VOICE: (None, voices.scores, voices.labels)}
    pools = {way: fit_pool(*part, coolest if way == BOTH else 0.0) for way, part in parts.items()}
    for way, pool in pools.items():
        *sides, labels = parts[way]
        pool.threshold = metrics.abstain_threshold(metrics.softmax(pool.logits(*sides)), labels, ANSWER_ACCURACY)
    if coolest > 0:
        pools[BOTH].threshold = max(pools[BOTH].threshold, min(thresholds))
    return Late(pools, thresholds, drops)
