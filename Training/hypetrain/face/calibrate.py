"""From logits to probabilities that mean what they say, fitted on PublicTest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from hypetrain import metrics

PULL = 0.005
"""Weight of the squared offsets beside the likelihood: rare classes must not get large offsets from a few pictures."""


@dataclass
class Calibration:
    """``softmax(logits / temperature + offsets)`` is the probability."""

    temperature: float
    offsets: np.ndarray

    def __call__(self, logits: np.ndarray) -> np.ndarray:
        return logits / self.temperature + self.offsets


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> Calibration:
    """One number: the answers stay the same."""
    return Calibration(metrics.fit_temperature(logits, labels), np.zeros(logits.shape[1]))


def fit_offsets(logits: np.ndarray, labels: np.ndarray) -> Calibration:
    """A temperature and an offset for each class, by penalised maximum likelihood (bias-corrected temperature scaling,
    Alexandari, Kundaje and Shrikumar 2020, arXiv:1901.06852)."""
    start = np.concatenate([[np.log(metrics.fit_temperature(logits, labels))], np.zeros(logits.shape[1])])

    def loss(values: np.ndarray) -> float:
        return likelihood(logits / np.exp(values[0]) + values[1:], labels) + PULL * float(np.square(values[1:]).sum())

    best = minimize(loss, start, method="L-BFGS-B").x
    return Calibration(float(np.exp(best[0])), best[1:] - best[1:].mean())


def likelihood(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log-likelihood in nats."""
    top = logits.max(-1)
    normaliser = top + np.log(np.exp(logits - top[:, None]).sum(-1))
    return float((normaliser - logits[np.arange(len(labels)), labels]).mean())


def cross_validate(logits: np.ndarray, labels: np.ndarray, fit, folds: int = 5, seed: int = 3) -> dict[str, float]:
    """Likelihood, ECE and accuracy of ``fit`` on pictures that it was not fitted on."""
    place = np.random.default_rng(seed).permutation(len(labels)) % folds
    scaled = np.empty_like(logits)
    for fold in range(folds):
        held = place == fold
        scaled[held] = fit(logits[~held], labels[~held])(logits[held])
    return {"likelihood": likelihood(scaled, labels), "ece": metrics.ece(metrics.softmax(scaled), labels),
            "accuracy": float((scaled.argmax(1) == labels).mean())}


def fit(logits: np.ndarray, labels: np.ndarray) -> tuple[Calibration, dict[str, dict[str, float]]]:
    """The calibration with the better cross-validated likelihood, and the figures of both."""
    ways = {"temperature": fit_temperature, "temperature and offsets": fit_offsets}
    figures = {name: cross_validate(logits, labels, way) for name, way in ways.items()}
    best = min(figures, key=lambda name: figures[name]["likelihood"])
    return ways[best](logits, labels), figures | {"chosen": best}
