"""Figures of merit with intervals, temperature scaling and abstaining, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar


def softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def confusion(labels: np.ndarray, predictions: np.ndarray, classes: int) -> np.ndarray:
    """Counts ``[true, predicted]``."""
    return np.bincount(labels * classes + predictions, minlength=classes * classes).reshape(classes, classes)


def uar(labels: np.ndarray, predictions: np.ndarray) -> float:
    """Unweighted average recall over the classes that occur in ``labels``."""
    return float(np.mean([(predictions[labels == c] == c).mean() for c in np.unique(labels)]))


def war(labels: np.ndarray, predictions: np.ndarray) -> float:
    """Weighted average recall, which is plain accuracy."""
    return float((labels == predictions).mean())


def ece(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the top probability, equal-width bins."""
    confidence, hit = probabilities.max(-1), probabilities.argmax(-1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(hit[place == b].mean() - confidence[place == b].mean()) * (place == b).mean()
                     for b in np.unique(place)))


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and count of each filled bin."""
    confidence, hit = probabilities.max(-1), probabilities.argmax(-1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [(float(confidence[place == b].mean()), float(hit[place == b].mean()), int((place == b).sum()))
            for b in np.unique(place)]


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature that minimises the negative log-likelihood of held-out ``labels``."""

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        top = scaled.max(-1)
        normaliser = top + np.log(np.exp(scaled - top[:, None]).sum(-1))
        return float((normaliser - scaled[np.arange(len(labels)), labels]).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded").x))


def abstention(probabilities: np.ndarray, labels: np.ndarray, thresholds: tuple[float, ...]) -> list[dict]:
    """Share answered and accuracy of the answers where the top probability must reach each threshold."""
    confidence, hit = probabilities.max(-1), probabilities.argmax(-1) == labels
    rows = []
    for threshold in thresholds:
        kept = confidence >= threshold
        rows.append({"threshold": threshold, "answered": float(kept.mean()),
                     "accuracy": float(hit[kept].mean()) if kept.any() else float("nan")})
    return rows


def abstain_threshold(probabilities: np.ndarray, labels: np.ndarray, accuracy: float) -> float:
    """The lowest threshold (steps of 0.01) above which answers right at it are correct at least ``accuracy`` often.

    "Right at it" = the answers within 0.1 above the threshold, so a sure majority cannot excuse guesses at the edge.
    """
    confidence, hit = probabilities.max(-1), probabilities.argmax(-1) == labels
    for threshold in np.arange(0.15, 0.90, 0.01):
        near = (confidence >= threshold) & (confidence < threshold + 0.1)
        if near.sum() >= 20 and hit[near].mean() >= accuracy:
            return round(float(threshold), 2)
    return 0.9


@dataclass
class Interval:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f}–{100 * self.high:.1f})"


def bootstrap(measure, labels: np.ndarray, predictions: np.ndarray, groups: np.ndarray | None = None,
              rounds: int = 1000, seed: int = 7) -> Interval:
    """95 % percentile interval of ``measure(labels, predictions)``.

    With ``groups`` (such as the speaker of each item) whole groups are drawn, which respects that clips of one
    person are alike; without, items are drawn.
    """
    generator = np.random.default_rng(seed)
    if groups is None:
        members = [np.array([i]) for i in range(len(labels))]
    else:
        members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    values = []
    for _ in range(rounds):
        drawn = np.concatenate([members[i] for i in generator.integers(0, len(members), len(members))])
        values.append(measure(labels[drawn], predictions[drawn]))
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(measure(labels, predictions), float(low), float(high))


def confusion_table(counts: np.ndarray, names: tuple[str, ...]) -> str:
    """A Markdown table of row percentages with the row's count."""
    lines = ["| true \\ answered | " + " | ".join(names) + " | n |", "|---|" + "---:|" * (len(names) + 1)]
    for name, row in zip(names, counts):
        total = int(row.sum())
        if total:
            lines.append(f"| {name} | " + " | ".join(f"{100 * v / total:.0f}" for v in row) + f" | {total} |")
    return "\n".join(lines)
