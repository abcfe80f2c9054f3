"""Writes the measured figures into the model cards, so that no number in a card was typed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hypetrain.metrics import Interval, confusion_table

BEGIN, END = "<!-- figures: begin (written by the export command) -->", "<!-- figures: end -->"


def interval(figure: dict) -> str:
    """``value (low–high)`` in percent."""
    return str(Interval(**figure))


def table(head: list[str], rows: list[list]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def calibration(figures: dict) -> str:
    """Reliability and abstaining as two tables."""
    reliability = table(["stated confidence", "right", "n"],
                        [[f"{100 * c:.0f} %", f"{100 * a:.0f} %", n] for c, a, n in figures["reliability"]])
    abstaining = table(["answers only from a confidence of", "answered", "right"],
                       [[row["threshold"], f"{100 * row['answered']:.0f} %", f"{100 * row['accuracy']:.1f} %"]
                        for row in figures["abstention"] if row["answered"] > 0])
    return f"Reliability:\n\n{reliability}\n\nAccuracy against abstaining:\n\n{abstaining}"


def cost(report: dict) -> str:
    """Size, time and agreement of the exported file."""
    return (f"{report['parameters']:,} parameters, {report['bytes'] / 1e6:.2f} MB. One inference in OpenVINO, float32, one "
            f"thread: {report['milliseconds']['min']:.2f} ms at best, {report['milliseconds']['p50']:.2f} ms in the median "
            f"(on a shared 2-core virtual machine under load: the first is the cost, the second the weather). Largest "
            f"difference to PyTorch: OpenVINO {report['agreement']['openvino']:.1e}, ONNX Runtime "
            f"{report['agreement']['onnxruntime']:.1e}.")


def face(report: dict, names: tuple[str, ...]) -> str:
    """The figures of the face network."""
    parts, rows = [], []
    for split, title in (("public", "PublicTest (used for choices)"), ("private", "PrivateTest (held out)")):
        if split in report:
            figures = report[split]
            rows.append([title, figures["n"], interval(figures["accuracy"]), interval(figures["uar"]),
                         f"{figures['ece']:.3f}"])
    parts.append(table(["", "n", "accuracy", "UAR", "ECE"], rows))
    shown = report.get("private", report["public"])
    parts.append("Confusion on the last of these, rows in percent:\n\n"
                 + confusion_table(np.array(shown["confusion"]), names))
    parts.append(calibration(shown))
    ways = {name: figures for name, figures in report["calibrations"].items() if name != "chosen"}
    parts.append("Calibration, five folds of PublicTest, each judged by a fit to the other four:\n\n" + table(
        ["", "likelihood (nats)", "ECE", "accuracy"],
        [[name, f"{figures['likelihood']:.4f}", f"{figures['ece']:.3f}", f"{100 * figures['accuracy']:.1f} %"]
         for name, figures in ways.items()]))
    parts.append(f"Chosen: {report['calibrations']['chosen']}. Temperature {report['temperature']:.3f}, offsets "
                 + ", ".join(f"{name} {value:+.2f}" for name, value in zip(names, report["offsets"]))
                 + f". Abstains below {report['threshold']}.")
    parts.append(f"The graph scales the 48 pixels to {report['side']}, chosen by the likelihood on PublicTest. Accuracy "
                 "there by side: " + ", ".join(f"{side}: {100 * value:.1f} %" for side, value in report["sides"].items()) + ".")
    clean = report["robustness"][0]["accuracy"]
    parts.append("What bad pictures cost in points of accuracy, every third picture of PublicTest (a point is worth twelve "
                 "pictures):\n\n" + table(
        ["every third of PublicTest", "accuracy", "lost", "mean confidence", "ECE"],
        [[row["name"], f"{100 * row['accuracy']:.1f} %", f"{100 * (clean - row['accuracy']):.1f}",
          f"{100 * row['confidence']:.0f} %", f"{row['ece']:.3f}"] for row in report["robustness"]]))
    excitement = report["excitement"]
    parts.append("The product's measure of excitement (`FaceExcitement`) on single pictures of PublicTest; an alarm needs "
                 "0.45:\n\n" + table(
        ["true class", "lower quartile", "median", "upper quartile", "alarms", "n"],
        [[row["class"], *(f"{value:.2f}" for value in row["quartiles"]), f"{100 * row['alarms']:.0f} %", row["n"]]
         for row in excitement["classes"]]))
    parts.append(f"Angry, fear, happy and surprise score above sad and neutral with an area under the ROC curve of "
                 f"{excitement['area']:.3f}; happy and surprise alone with "
                 f"{excitement['happy or surprise against calm']:.3f}. One picture alone alarms in "
                 f"{100 * excitement['excited alarms']:.0f} % of the former and {100 * excitement['calm alarms']:.0f} % of the "
                 "latter.")
    parts.append(cost(report))
    return "\n\n".join(parts)


def update(path: Path, figures: str) -> None:
    """Replaces the figures between the markers of a card; a card without markers is an error."""
    text = path.read_text()
    if BEGIN not in text or END not in text:
        raise ValueError(f"{path} has no markers '{BEGIN}' and '{END}' to write the figures between.")
    path.write_text(text[:text.index(BEGIN) + len(BEGIN)] + "\n\n" + figures + "\n\n" + text[text.index(END):])
