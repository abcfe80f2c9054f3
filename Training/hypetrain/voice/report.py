"""Everything the model card says: five folds of actors, the split that ships, other corpora, game sound, calibration."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from hypetrain import metrics
from hypetrain.labels import EMOTIONS
from hypetrain.voice import synth
from hypetrain.voice.augment import Stream
from hypetrain.voice.data import FOLDS, Clip, complete
from hypetrain.voice.evaluate import Answers, answer, figures, ranking
from hypetrain.voice.net import VoiceNet
from hypetrain.voice.train import Plan

SHIPPED = len(FOLDS) - 1
"""The fold whose network ships."""
LEVELS = (10, 5)
"""Decibels of the voice over the game sound."""
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
ANSWER_ACCURACY = 0.5
"""The network abstains where its answers would be right less often than this."""
HIGH = ("angry", "fear", "happy", "surprise")
LOW = ("sad", "neutral", "calm")


def load(run: Path) -> tuple[VoiceNet, Plan]:
    """The averaged weights of a finished run and how it was trained."""
    saved = torch.load(run / "last.pt", weights_only=True)
    net = VoiceNet()
    net.load_state_dict(saved["state"])
    return net.to(memory_format=torch.channels_last), Plan(**saved["plan"])


def fold_run(runs: Path, fold: int) -> Path:
    """Where the run of a fold lies."""
    return runs / f"fold{fold}"


def without_run(runs: Path, corpus: str) -> Path:
    """Where the run that never heard a corpus lies."""
    return runs / f"without-{corpus}"


@dataclass
class Calibration:
    """Temperatures and thresholds for single windows and for clips; all fitted on speakers that do not train or test."""

    temperature: float
    clip_temperature: float
    threshold: float
    clip_threshold: float

    @classmethod
    def fit(cls, parts: list[Answers]) -> Calibration:
        """Fits on the answers of one or several networks to speakers that they never heard."""
        logits = np.concatenate([part.logits for part in parts])
        labels = np.concatenate([part.window_labels for part in parts])
        temperature = metrics.fit_temperature(logits, labels)
        threshold = metrics.abstain_threshold(metrics.softmax(logits / temperature), labels, ANSWER_ACCURACY)
        means = np.concatenate([part.probabilities(temperature) for part in parts])
        labels = np.concatenate([part.labels for part in parts])
        evidence = np.log(means + 1e-9)
        sharper = metrics.fit_temperature(evidence, labels)
        clip_threshold = metrics.abstain_threshold(metrics.softmax(evidence / sharper), labels, ANSWER_ACCURACY)
        return cls(temperature, sharper, threshold, clip_threshold)

    def windows(self, answers: Answers) -> np.ndarray:
        """Calibrated probabilities of single windows."""
        return metrics.softmax(answers.logits / self.temperature)

    def clips(self, answers: Answers) -> np.ndarray:
        """Calibrated probabilities of clips: mean over the windows, raised to 1 / clip temperature, made 1 in sum."""
        return metrics.softmax(np.log(answers.probabilities(self.temperature) + 1e-9) / self.clip_temperature)


def trust(probabilities: np.ndarray, labels: np.ndarray) -> dict:
    """Accuracy, calibration error, reliability and abstaining of calibrated probabilities."""
    return {
        "n": len(labels), "accuracy": metrics.war(labels, probabilities.argmax(1)), "ece": metrics.ece(probabilities, labels),
        "reliability": metrics.reliability(probabilities, labels),
        "abstention": metrics.abstention(probabilities, labels, THRESHOLDS),
    }


def members(clips: list[Clip], plan: Plan, split: str, corpus: str = "") -> list[Clip]:
    """The labelled clips of a split of a plan, of one corpus or of all."""
    return [c for c in clips if c.label >= 0 and plan.split_of(c) == split and corpus in ("", c.corpus)]


def calibrating(clips: list[Clip], plan: Plan) -> list[Clip]:
    """The validation speakers of the corpora that :func:`complete` names."""
    whole = complete(clips)
    return [clip for clip in members(clips, plan, "validation") if clip.corpus in whole]


def beside(judge: Judge, clips: list[Clip]) -> list[Answers]:
    """A fold's answers to the calibrating speakers of the corpora that make no folds; empty where there are none."""
    held = calibrating(clips, judge.plan)
    return [judge.answer(held, "calibrating")] if held else []


def game_sound() -> Stream:
    """Generated sounds from a seed that training never used."""
    return Stream(synth.bank(3, seed=9_001), seed=9_001)


class Judge:
    """A trained network and its answers, which are kept beside its checkpoint, as measuring is repeated more often."""

    def __init__(self, run: Path):
        self.run = run
        self.net, self.plan = load(run)

    def answer(self, clips: list[Clip], name: str, decibel: float | None = None) -> Answers:
        """Answers to the windows of ``clips``, with game sound at a level under every window where one is given."""
        path = self.run / f"{name}{'' if decibel is None else f'-{decibel}'}.npz"
        if path.exists() and path.stat().st_mtime > (self.run / "last.pt").stat().st_mtime:
            with np.load(path) as kept:
                if len(np.unique(kept["owner"])) == len(clips):
                    return Answers(kept["logits"], kept["arousal"], kept["owner"], clips)
        disturb = None
        if decibel is not None:
            stream = game_sound()
            disturb = lambda part: stream.mix(part, stream.background(len(part)),  # noqa: E731
                                              torch.full((len(part),), float(decibel)))
        made = answer(self.net, clips, torch.device("cpu"), disturb)
        np.savez(path, logits=made.logits, arousal=made.arousal, owner=made.owner)
        return made


def crossvalidate(clips: list[Clip], runs: Path) -> tuple[dict, Calibration]:
    """The five folds of RAVDESS actors, and the calibration for the network that ships.

    A fold is calibrated on the actors of the other four (each judged by the network that never heard them) and on the
    validation speakers of the other complete corpora, never on its own.
    """
    heard, validating, rows = [], [], []
    noisy: dict[int, list[np.ndarray]] = {decibel: [] for decibel in LEVELS}
    for fold in range(len(FOLDS)):
        judge = Judge(fold_run(runs, fold))
        actors = members(clips, judge.plan, "test", "ravdess")
        heard.append(judge.answer(actors, "actors"))
        validating.append(beside(judge, clips))
        for decibel in LEVELS:
            noisy[decibel].append(judge.answer(actors, "actors", decibel).probabilities().argmax(1))
    windows, means, calibrations = [], [], []
    for fold, answers in enumerate(heard):
        others = [part for place, part in enumerate(heard) if place != fold]
        calibrations.append(Calibration.fit([*others, *validating[fold]]))
        windows.append(calibrations[fold].windows(answers))
        means.append(calibrations[fold].clips(answers))
        chosen = means[fold].argmax(1)
        speakers = np.array([clip.speaker for clip in answers.clips])
        rows.append({"fold": fold, "actors": list(FOLDS[fold]), "n": len(chosen),
                     "uar": vars(metrics.bootstrap(metrics.uar, answers.labels, chosen, speakers)),
                     "war": metrics.war(answers.labels, chosen), "ece": metrics.ece(means[fold], answers.labels)})
    labels = np.concatenate([part.labels for part in heard])
    people = [clip for part in heard for clip in part.clips]
    speakers, sexes = np.array([c.speaker for c in people]), np.array([c.sex for c in people])
    probabilities = np.concatenate(means)
    chosen = probabilities.argmax(1)
    each = {speaker: metrics.uar(labels[speakers == speaker], chosen[speakers == speaker])
            for speaker in sorted(set(speakers))}
    noise_rows = {str(decibel): metrics.uar(labels, np.concatenate(parts)) for decibel, parts in noisy.items()}
    return {
        "folds": rows, "mean": float(np.mean([row["uar"]["value"] for row in rows])),
        "spread": float(np.std([row["uar"]["value"] for row in rows], ddof=1)),
        "uar": vars(metrics.bootstrap(metrics.uar, labels, chosen, speakers)),
        "war": vars(metrics.bootstrap(metrics.war, labels, chosen, speakers)),
        "sex": {sex: metrics.uar(labels[sexes == sex], chosen[sexes == sex]) for sex in sorted(set(sexes)) if sex},
        "actors": each, "confusion": metrics.confusion(labels, chosen, len(EMOTIONS)).tolist(),
        "clips": trust(probabilities, labels),
        "windows": trust(np.concatenate(windows), np.concatenate([part.window_labels for part in heard])),
        "game sound": noise_rows,
    }, calibrations[SHIPPED]


def _corpora(answers: Answers, calibration: Calibration) -> dict:
    """Figures per corpus: all its emotions, and CREMA-D also between happy and sad only."""
    result, probabilities = {}, calibration.clips(answers)
    for corpus in sorted({clip.corpus for clip in answers.clips}):
        mask = np.array([clip.corpus == corpus for clip in answers.clips])
        result[corpus] = figures(answers, mask, probabilities)
        if corpus == "crema-d":
            result["crema-d happy/sad"] = figures(answers, mask, probabilities, ("happy", "sad"))
    return result


def shipped(clips: list[Clip], runs: Path, calibration: Calibration) -> dict:
    """The network that ships, on all speakers that it never heard and that did not calibrate it."""
    judge = Judge(fold_run(runs, SHIPPED))
    unseen = members(clips, judge.plan, "test")
    answers = judge.answer(unseen, "test")
    probabilities = calibration.clips(answers)
    report = {"plan": vars(judge.plan), "test": _corpora(answers, calibration), "arousal": {}, "game sound": {},
              "clips": trust(probabilities, answers.labels),
              "windows": trust(calibration.windows(answers), answers.window_labels)}
    names = np.array([EMOTIONS[label] for label in answers.labels])
    for corpus in sorted({clip.corpus for clip in unseen}):
        judged = np.array([clip.corpus == corpus for clip in unseen]) & np.isin(names, HIGH + LOW)
        report["arousal"][corpus] = ranking(answers.clip_arousal()[judged], np.isin(names[judged], HIGH))
    for decibel in LEVELS:
        result = _corpora(judge.answer(unseen, "test", decibel), calibration)
        report["game sound"][str(decibel)] = {corpus: row["uar"]["value"] for corpus, row in result.items()}
    empty = [Clip(samples.astype(np.float32), 0, len(samples), "none", f"none-{i}", "", 0, 0.5)
             for i, samples in enumerate(game_sound().sounds.numpy())]
    silent = calibration.windows(judge.answer(empty, "no-voice"))
    report["no voice"] = {"windows": len(silent), "answered": float((silent.max(1) >= calibration.threshold).mean())}
    return report


def across(clips: list[Clip], runs: Path) -> dict:
    """Each corpus judged by a network that never heard any of it, among the emotions that both sides have."""
    result = {}
    for corpus in sorted({clip.corpus for clip in clips}):
        if not (without_run(runs, corpus) / "last.pt").exists():
            continue
        judge = Judge(without_run(runs, corpus))
        taught = {clip.label for clip in clips if clip.corpus != corpus}
        among = tuple(EMOTIONS[k] for k in sorted({c.label for c in clips if c.corpus == corpus} & taught - {-1}))
        mine = [c for c in clips if c.corpus == corpus and c.label >= 0 and EMOTIONS[c.label] in among]
        answers = judge.answer(mine, "all")
        mask = np.ones(len(mine), bool)
        result[corpus] = figures(answers, mask, answers.probabilities(), among)
        result[corpus]["windows"] = judge.plan.epochs * judge.plan.windows
        pair = np.isin(answers.labels, [EMOTIONS.index("happy"), EMOTIONS.index("sad")])
        result[corpus]["happy/sad"] = figures(answers, pair, answers.probabilities(), ("happy", "sad"))["uar"]
    return result


def single(clips: list[Clip], run: Path) -> tuple[dict, Calibration]:
    """One run by itself, such as one on other data: calibrated on its validation speakers, measured on its test speakers."""
    judge = Judge(run)
    held = calibrating(clips, judge.plan) or members(clips, judge.plan, "validation")
    unseen = members(clips, judge.plan, "test")
    if not held or not unseen:
        raise ValueError("This data has no validation or no test speakers, so nothing can be said about the network.")
    calibration = Calibration.fit([judge.answer(held, "calibrating")])
    report = {"calibration": vars(calibration), "test": _corpora(judge.answer(unseen, "test"), calibration)}
    (run / "report.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))
    return report, calibration


def measure(clips: list[Clip], runs: Path) -> tuple[dict, Calibration]:
    """Measures everything, prints the main figures and writes ``report.json``. Needs the runs of all folds."""
    missing = [fold_run(runs, fold).name for fold in range(len(FOLDS)) if not (fold_run(runs, fold) / "last.pt").exists()]
    if missing:
        raise FileNotFoundError(f"{runs} lacks {', '.join(missing)}: run 'all', or 'train --fold N' for each.")
    folds, calibration = crossvalidate(clips, runs)
    report = {"calibration": vars(calibration), "folds": folds, "shipped": shipped(clips, runs, calibration),
              "across": across(clips, runs)}
    (runs / "report.json").write_text(json.dumps(report, indent=1))
    print(json.dumps({
        "5 folds, mean UAR": folds["mean"], "pooled": folds["uar"], "each": [row["uar"]["value"] for row in folds["folds"]],
        "ECE of clips": folds["clips"]["ece"], "ECE of windows": folds["windows"]["ece"], "game sound": folds["game sound"],
        "shipped": {corpus: (row["uar"]["value"], row["ece"]) for corpus, row in report["shipped"]["test"].items()},
        "across": {corpus: row["uar"]["value"] for corpus, row in report["across"].items()},
        "calibration": report["calibration"]}, indent=1))
    return report, calibration
