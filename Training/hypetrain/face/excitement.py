"""How well the product's measure of an exciting face separates excited from calm pictures.

The numbers are those of ``Sources/HypeEmotion/Face/FaceExcitement.swift``; the two must not drift apart.
"""

from __future__ import annotations

import numpy as np

from hypetrain.labels import BASIC

WEIGHTS = np.array([0.75, 0.35, 0.7, 1.0, 0.1, 1.0, 0.0])
"""Weight of each probability in the arousal, in :data:`hypetrain.labels.BASIC` order."""
THRESHOLD = 0.45
"""Lowest arousal that raises an alarm."""
EXCITED = ("angry", "fear", "happy", "surprise")
CALM = ("sad", "neutral")


def area(low: np.ndarray, high: np.ndarray) -> float:
    """Probability that a value of ``high`` exceeds one of ``low`` (area under the ROC curve), ties count half."""
    order = np.sort(low)
    below, upto = np.searchsorted(order, high, "left"), np.searchsorted(order, high, "right")
    return float((below + upto).mean() / 2 / len(low))


def separation(probabilities: np.ndarray, labels: np.ndarray, weights: np.ndarray = WEIGHTS,
               threshold: float = THRESHOLD) -> dict:
    """Arousal of single pictures by true class, and how often each class alone would raise an alarm."""
    arousal = probabilities @ weights
    of = {name: arousal[labels == BASIC.index(name)] for name in BASIC}
    rows = [{"class": name, "n": len(values), "quartiles": [float(q) for q in np.percentile(values, (25, 50, 75))],
             "alarms": float((values >= threshold).mean())} for name, values in of.items() if len(values)]
    calm = np.concatenate([of[name] for name in CALM])
    excited = np.concatenate([of[name] for name in EXCITED])
    return {"classes": rows, "area": area(calm, excited), "calm alarms": float((calm >= threshold).mean()),
            "excited alarms": float((excited >= threshold).mean()),
            "happy or surprise against calm": area(calm, np.concatenate([of["happy"], of["surprise"]]))}
