"""The figures of the fusion's card."""

from __future__ import annotations

from pathlib import Path

from hypetrain import plots
from hypetrain.card import interval, table
from hypetrain.fusion import measure
from hypetrain.labels import BASIC

MAIN = (measure.FACE_ONLY, measure.VOICE_ONLY, measure.LATE, measure.EARLY)
REST = (measure.LATE_SHARP, measure.LATE_ALWAYS, measure.EARLY_ALWAYS, measure.LATE_FACE, measure.EARLY_FACE, measure.LATE_VOICE,
        measure.EARLY_VOICE)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(figure: dict) -> str:
    """A difference of shares in points, with its interval."""
    return f"{100 * figure['value']:+.1f} ({100 * figure['low']:+.1f} to {100 * figure['high']:+.1f})"


def systems(part: dict, names: tuple[str, ...]) -> str:
    """One row for each system."""
    rows = []
    for name in names:
        found = part["systems"][name]
        rows.append([name, interval(found["accuracy"]), interval(found["uar"]), f"{found['ece']:.3f}",
                     f"{100 * found['confidence']:.0f} %", f"{100 * found['answered']:.0f} %", percent(found["right"])])
    return table(["", "accuracy", "UAR", "ECE", "mean confidence", "answered", "right among these"], rows)


def size(part: dict) -> str:
    return (f"{part['n']:,} pairs of {part['faces']:,} faces with {part['clips']:,} clips of {part['speakers']} speakers")


def abstention(part: dict) -> str:
    """Right among the answered, at thresholds."""
    rows = [[level, *(f"{100 * row['answered']:.0f} % / {percent(row['accuracy'])}" if row["answered"] else "none" for row in
                      (part["systems"][name]["abstention"][place] for name in MAIN))]
            for place, level in enumerate(measure.LEVELS)]
    return table(["answers only from", *MAIN], rows)


def figures(report: dict, models: Path) -> str:
    """Markdown and pictures."""
    folds, shipped, german = report["folds"], report["shipped"], report["emodb"]
    parts = [f"### The comparison: {size(folds)}", systems(folds, MAIN)]
    (models / "fusion-comparison.svg").write_text(plots.comparison(
        [(name, folds["systems"][name]["accuracy"]) for name in MAIN], "Accuracy on made-up pairs"), encoding="utf-8")
    parts.append("![Accuracy on made-up pairs: face only, voice only, late, early](fusion-comparison.svg)")
    gains = folds["gains"]
    parts.append("Differences in points of accuracy on the same pairs: " + "; ".join(
        f"{name} {points(figure)}" for name, figure in gains.items()) + ".")
    parts.append("The same systems with a temperature that nothing limits, where an unsure side is kept, and where one is missing:\n\n"
                 + systems(folds, REST))
    parts.append("Answered / right among these:\n\n" + abstention(folds))
    parts.append(f"### The networks that ship: {size(shipped)}")
    parts.append(systems(shipped, MAIN))
    parts.append(f"### Another language and other microphones: {size(german)}")
    parts.append("EmoDB's held-out speakers (German, no surprise, sentences read on demand), whom neither the voice network nor "
                 "the fusion heard:\n\n" + systems(german, MAIN))
    parts.append("### What was fitted")
    parts.append(table(["late, answered from", "share of the face", "temperature", "abstains below", "offsets"], [
        [way, pool["shares"]["face"], pool["temperature"], pool["threshold"],
         ", ".join(f"{name} {value:+.2f}" for name, value in zip(BASIC, pool["offsets"]))]
        for way, pool in report["pools"].items()]))
    parts.append("Early fusion abstains below " + ", ".join(
        f"{value} ({way})" for way, value in report["early thresholds"].items())
        + f". {report['parameters']:,} parameters, {report['bytes'] / 1e3:.0f} kB; largest difference of the logits to PyTorch: "
        f"OpenVINO {report['agreement']['openvino']:.1e}, ONNX Runtime {report['agreement']['onnxruntime']:.1e}.")
    rows = report["translations"]
    parts.append("Translated embeddings, of actors that the embedding network never heard: right by their own network "
                 + " / ".join(percent(row["own"]) for row in rows) + ", by the last layer of the network translated to "
                 + " / ".join(percent(row["translated"]) for row in rows)
                 + " (for each of the five). Variance explained on actors left out of the fit: "
                 + " / ".join(percent(row["explained"]) for row in rows) + ".")
    known = report["faces"]
    parts.append(f"Why the Training split does not teach the fusion: the face network is right on {percent(known['training'])} "
                 f"of it, on {percent(known['public'])} of PublicTest and {percent(known['private'])} of PrivateTest.")
    parts.append(plots.write(models, "fusion-late", folds["systems"][measure.LATE], BASIC, report["pools"]["both"]["threshold"],
                             "late fusion of made-up pairs"))
    return "\n\n".join(parts)
