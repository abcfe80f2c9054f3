"""The measured figures of the voice network as the Markdown of its card, with the pictures beside it."""

from __future__ import annotations

from pathlib import Path

from hypetrain import card, plots
from hypetrain.labels import EMOTIONS


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _sexes(row: dict) -> list[str]:
    return [_percent(row["sex"][sex]) if sex in row["sex"] else "" for sex in ("female", "male")]


def _folds(folds: dict) -> str:
    rows = [[f"{row['actors'][0]}-{row['actors'][1]}", row["n"], card.interval(row["uar"]), _percent(row["war"]),
             f"{row['ece']:.3f}"] for row in folds["folds"]]
    rows.append(["**all 24, pooled**", folds["clips"]["n"], card.interval(folds["uar"]), _percent(folds["war"]["value"]),
                 f"{folds['clips']['ece']:.3f}"])
    actors = sorted(folds["actors"].items(), key=lambda pair: pair[1])
    worst = ", ".join(f"{name.split('-')[-1]} ({100 * value:.0f} %)" for name, value in actors[:3])
    best = ", ".join(f"{name.split('-')[-1]} ({100 * value:.0f} %)" for name, value in actors[-3:])
    return "\n\n".join([
        f"### RAVDESS, 8 classes, five folds of whole actors\n\n**Mean UAR of the folds {_percent(folds['mean'])}** (standard "
        f"deviation between folds {100 * folds['spread']:.1f} points).",
        card.table(["actors tested", "clips", "UAR", "accuracy", "ECE"], rows),
        f"Women {_percent(folds['sex']['female'])}, men {_percent(folds['sex']['male'])}. Hardest actors: {worst}; easiest: {best}. "
        "A fold's temperatures come from the actors of the other folds and the validation speakers of the other complete "
        "corpora."])


def _shipped(report: dict) -> str:
    rows = [[corpus, row["speakers"], row["n"], card.interval(row["uar"]), card.interval(row["war"]), f"{row['ece']:.3f}",
             *_sexes(row)] for corpus, row in report["test"].items()]
    return "\n\n".join([
        "### The network that ships, speakers never heard",
        card.table(["corpus", "speakers", "clips", "UAR", "accuracy", "ECE", "UAR female", "UAR male"], rows),
        "Arousal: how often a clip of anger, fear, joy or surprise scores above one of sadness, neutral or calm (area under "
        "the ROC curve): " + ", ".join(f"{corpus} {value:.3f}" for corpus, value in report["arousal"].items()) + "."])


def _noise(folds: dict, report: dict) -> str:
    corpora = list(report["test"])
    rows = [["clean", _percent(folds["uar"]["value"]), *(_percent(report["test"][c]["uar"]["value"]) for c in corpora)]]
    for decibel, value in folds["game sound"].items():
        rows.append([f"{decibel} dB", _percent(value), *(_percent(report["game sound"][decibel][c]) for c in corpora)])
    lost = 100 * (folds["uar"]["value"] - folds["game sound"]["5"])
    return "\n\n".join([
        "### Game sound under the voice\n\nUAR with generated game sound and music, from seeds that training never used, at a ratio "
        "of voice to sound over the window.",
        card.table(["", "ravdess, five folds", *(f"{corpus}, shipped" for corpus in corpora)], rows),
        f"At 5 dB the five folds lose {lost:.1f} points. Of {report['no voice']['windows']} windows of such sound without any voice, "
        f"{100 * report['no voice']['answered']:.0f} % get an answer above the threshold."])


def _across(across: dict) -> str:
    rows = [[corpus, f"{row['windows']:,}", row["n"], len(row["labels"]), _percent(1 / len(row["labels"])), card.interval(row["uar"]),
             _percent(row["happy/sad"]["value"]), *_sexes(row)] for corpus, row in across.items()]
    return "\n\n".join([
        "### Corpora never heard\n\nTrained without any clip of the corpus, tested on all of it, choosing among the emotions that "
        "both it and the training have; happy against sad on the same clips.",
        card.table(["never heard", "windows trained", "clips", "emotions", "chance", "UAR", "happy/sad", "UAR female", "UAR male"], rows)])


def figures(report: dict, cost: dict, models: Path) -> str:
    """All figures as Markdown; writes the pictures into ``models``."""
    folds, ships, calibration = report["folds"], report["shipped"], report["calibration"]
    pictured = folds["clips"] | {"confusion": folds["confusion"]}
    pictures = plots.write(models, "voice-emotion", pictured, EMOTIONS, calibration["clip_threshold"],
                           "RAVDESS, 24 actors in five folds")
    parts = [_folds(folds), pictures, _shipped(ships), _noise(folds, ships), _across(report["across"])]
    parts.append("### Calibration and abstaining")
    for title, kind in (("Clips, five folds", "clips"), ("Single windows of 2 s, five folds", "windows")):
        parts.append(f"{title}: {folds[kind]['n']}, {_percent(folds[kind]['accuracy'])} right, ECE {folds[kind]['ece']:.3f}.")
        parts.append(card.calibration(folds[kind]))
    parts.append(f"Shipped network, all its test speakers: ECE {ships['clips']['ece']:.3f} for clips, {ships['windows']['ece']:.3f} "
                 f"for windows. Temperature {calibration['temperature']:.3f}, for clips then {calibration['clip_temperature']:.3f}; "
                 f"abstains below {calibration['threshold']} (windows), {calibration['clip_threshold']} (clips).")
    parts.append("### Cost\n\n" + card.cost(cost))
    return "\n\n".join(parts)
