"""The comparison: each branch alone, late and early, on pairs of which neither side was seen by anything that judges it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hypetrain import metrics
from hypetrain.fusion import early, late, pairs
from hypetrain.fusion.branches import Branch, Everything, Voices, translate, translation
from hypetrain.labels import BASIC
from hypetrain.voice.data import FOLDS
from hypetrain.voice.report import SHIPPED

TEACHING_ROUNDS = 5
"""Voices that each face of PublicTest is paired with to fit the late fusion."""
ROUNDS = 400
"""Draws of the bootstrap."""
LEVELS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9)
FACE_ONLY, VOICE_ONLY, LATE, EARLY = "face only", "voice only", "late", "early"
LATE_ALWAYS, EARLY_ALWAYS = "late, unsure branches kept", "early, unsure branches kept"
LATE_FACE, LATE_VOICE = "late, voice missing", "late, face missing"
LATE_SHARP = "late, temperature free"
EARLY_FACE, EARLY_VOICE = "early, voice missing", "early, face missing"

Answerer = Callable[[Branch, Branch], tuple[np.ndarray, np.ndarray]]


@dataclass
class Judged:
    """Answers of one system to pairs: probabilities, thresholds."""

    probabilities: list[np.ndarray] = field(default_factory=list)
    thresholds: list[np.ndarray] = field(default_factory=list)


def fit_late(faces: Branch, voices: Branch, unsure: tuple[float, float], drops: bool = True, seed: int = 1,
             coolest: float = late.COOLEST) -> late.Late:
    """The late fusion of label-matched pairs."""
    drawn = pairs.draw(faces, voices, TEACHING_ROUNDS, np.random.default_rng(seed))
    return late.fit(faces, voices, drawn, unsure, drops, coolest)


def systems(data: Everything, fold: int, plan: early.Plan) -> tuple[dict[str, Answerer], late.Late, early.Early]:
    """Everything that is compared, fitted without the actors of ``fold`` and without PrivateTest."""
    teachers, unsure = data.voices.teaching(fold), data.thresholds
    pool = fit_late(data.public, teachers, unsure)
    keeping = fit_late(data.public, teachers, unsure, drops=False)
    sharp = fit_late(data.public, teachers, unsure, coolest=0.0)
    head = early.fit(data.public, teachers, len(BASIC), unsure, plan)
    constant = [np.full(1, threshold) for threshold in unsure]
    return {
        FACE_ONLY: lambda f, v: (f.scores, constant[0].repeat(len(f.labels))),
        VOICE_ONLY: lambda f, v: (v.scores, constant[1].repeat(len(v.labels))),
        LATE: lambda f, v: pool(f.scores, v.scores), EARLY: head,
        LATE_SHARP: lambda f, v: sharp(f.scores, v.scores),
        LATE_ALWAYS: lambda f, v: keeping(f.scores, v.scores),
        EARLY_ALWAYS: early.Early(head.head, head.thresholds, unsure, drops=False),
        LATE_FACE: lambda f, v: pool(f.scores, None), EARLY_FACE: lambda f, v: head(f, None),
        LATE_VOICE: lambda f, v: pool(None, v.scores), EARLY_VOICE: lambda f, v: head(None, v),
    }, pool, head


class Bootstrap:
    """Draws faces and speakers with replacement, both at once; a pair counts as often as both its sides together."""

    def __init__(self, labels: np.ndarray, faces: np.ndarray, speakers: np.ndarray, seed: int = 7):
        generator = np.random.default_rng(seed)
        self.labels, self.classes = labels, np.unique(labels)
        self.weights = [np.ones(len(labels))]
        names, people = np.unique(speakers, return_inverse=True)
        for _ in range(ROUNDS):
            face = np.bincount(generator.integers(0, faces.max() + 1, faces.max() + 1), minlength=faces.max() + 1)
            person = np.bincount(generator.integers(0, len(names), len(names)), minlength=len(names))
            self.weights.append((face[faces] * person[people]).astype(float))

    def _each(self, measure: Callable[[np.ndarray], float]) -> dict[str, float]:
        values = [measure(weight) for weight in self.weights]
        low, high = np.percentile(values[1:], [2.5, 97.5])
        return {"value": float(values[0]), "low": float(low), "high": float(high)}

    def _recalls(self, hit: np.ndarray, weight: np.ndarray) -> np.ndarray:
        total = np.bincount(self.labels, weight)
        right = np.bincount(self.labels, weight * hit)
        return right[total > 0] / total[total > 0]

    def accuracy(self, hit: np.ndarray) -> dict[str, float]:
        """Share that is right, with its 95 % interval."""
        return self._each(lambda weight: float((weight * hit).sum() / weight.sum()))

    def uar(self, hit: np.ndarray) -> dict[str, float]:
        """Mean recall, with its 95 % interval."""
        return self._each(lambda weight: float(self._recalls(hit, weight).mean()))

    def gain(self, hit: np.ndarray, other: np.ndarray) -> dict[str, float]:
        """By how much the accuracy is above another's on the same pairs."""
        return self._each(lambda weight: float((weight * (hit.astype(float) - other)).sum() / weight.sum()))


def figures(judged: Judged, labels: np.ndarray, bootstrap: Bootstrap) -> dict:
    """Everything that the card says about one system."""
    probabilities, thresholds = np.concatenate(judged.probabilities), np.concatenate(judged.thresholds)
    chosen, confidence = probabilities.argmax(1), probabilities.max(1)
    hit, answered = chosen == labels, confidence >= thresholds
    return {
        "n": len(labels), "accuracy": bootstrap.accuracy(hit), "uar": bootstrap.uar(hit),
        "ece": metrics.ece(probabilities, labels), "confidence": float(confidence.mean()),
        "answered": float(answered.mean()), "right": float(hit[answered].mean()),
        "confusion": metrics.confusion(labels, chosen, len(BASIC)).tolist(),
        "reliability": metrics.reliability(probabilities, labels),
        "abstention": metrics.abstention(probabilities, labels, LEVELS),
    }


def _compare(parts: list[tuple[dict[str, Answerer], Branch, Branch, pairs.Pairs]]) -> dict:
    """Figures of all systems over parts of pairs, each with its own fits."""
    judged: dict[str, Judged] = {}
    for answerers, faces, voices, drawn in parts:
        sides = faces.only(drawn.face), voices.only(drawn.voice)
        for name, answerer in answerers.items():
            probabilities, thresholds = answerer(*sides)
            judged.setdefault(name, Judged()).probabilities.append(probabilities)
            judged[name].thresholds.append(thresholds)
    labels = np.concatenate([drawn.labels for *_, drawn in parts])
    speakers = np.concatenate([voices.people[drawn.voice] for _, _, voices, drawn in parts])
    bootstrap = Bootstrap(labels, np.concatenate([drawn.face for *_, drawn in parts]), speakers)
    hits = {name: np.concatenate(part.probabilities).argmax(1) == labels for name, part in judged.items()}
    return {
        "n": len(labels), "faces": len(np.unique(np.concatenate([d.face for *_, d in parts]))),
        "clips": sum(len(voices.labels) for _, _, voices, _ in parts), "speakers": len(np.unique(speakers)),
        "systems": {name: figures(part, labels, bootstrap) for name, part in judged.items()},
        "gains": {"late over the face": bootstrap.gain(hits[LATE], hits[FACE_ONLY]),
                  "late fusion with a free temperature over the one that ships": bootstrap.gain(hits[LATE_SHARP], hits[LATE]),
                  "early over late": bootstrap.gain(hits[EARLY], hits[LATE]),
                  "keeping unsure branches in late fusion": bootstrap.gain(hits[LATE_ALWAYS], hits[LATE]),
                  "keeping unsure branches in early fusion": bootstrap.gain(hits[EARLY_ALWAYS], hits[EARLY])},
    }


def translations(voices: Voices) -> list[dict]:
    """How right each actor's own network is, and the network whose space the embedding was translated into, by its last
    layer: what the translation costs."""
    rows = []
    for fold in range(len(FOLDS)):
        taught = voices.teaching(fold)
        head = voices.heads[fold]
        logits = taught.embedding @ head[:-1] + head[-1]
        logits[:, len(BASIC) - 1] = np.logaddexp(logits[:, len(BASIC) - 1], logits[:, len(BASIC)])
        own = np.concatenate([_own(voices, other) for other in range(len(FOLDS)) if other != fold])
        rows.append({"fold": fold, "own": float(own.mean()),
                     "translated": float((logits[:, :len(BASIC)].argmax(1) == taught.labels).mean()),
                     "explained": _explained(voices, fold)})
    return rows


def _own(voices: Voices, fold: int) -> np.ndarray:
    part = voices.heard_by_none(fold)
    return part.scores.argmax(1) == part.labels


def _explained(voices: Voices, fold: int) -> float:
    """Share of the variance of a space that translations explain, over actors of a fold that the fit leaves out."""
    shares = []
    for other in (o for o in range(len(FOLDS)) if o != fold):
        rest = next(o for o in range(len(FOLDS)) if o not in (fold, other))
        fit = ~np.isin(voices.folds, (fold, other, rest))
        held = voices.folds == rest
        target = voices.embedding[fold][held]
        found = translate(voices.embedding[other][held], translation(voices.embedding[other][fit], voices.embedding[fold][fit]))
        shares.append(1 - np.square(found - target).sum() / np.square(target - target.mean(0)).sum())
    return float(np.mean(shares))


def measure(data: Everything, plan: early.Plan) -> tuple[dict, late.Late, early.Early]:
    """All figures, and the two fusions that ship: those of the shipped network's fold."""
    parts, shipped = [], None
    for fold in range(len(FOLDS)):
        answerers, pool, head = systems(data, fold, plan)
        voices = data.voices.heard_by_none(fold)
        drawn = pairs.draw(data.private, voices, 1, np.random.default_rng(100 + fold))
        parts.append((answerers, data.private, voices, drawn))
        if fold == SHIPPED:
            shipped = (answerers, pool, head)
    answerers, pool, head = shipped
    strangers = data.voices.others
    german = strangers.only(np.array([person.startswith("emodb") for person in strangers.people]))
    foreign = pairs.draw(data.private, german, 1, np.random.default_rng(200))
    report = {
        "plan": vars(plan), "thresholds": list(data.thresholds),
        "folds": _compare(parts), "shipped": _compare([parts[SHIPPED]]),
        "emodb": _compare([(answerers, data.private, german, foreign)]),
        "pools": {way: found.document() for way, found in pool.pools.items()}, "early thresholds": head.thresholds,
        "translations": translations(data.voices),
        "faces": {name: float((part.scores.argmax(1) == part.labels).mean())
                  for name, part in (("training", data.training), ("public", data.public), ("private", data.private))},
        "parameters": sum(p.numel() for p in head.head.parameters()),
    }
    return report, pool, head
