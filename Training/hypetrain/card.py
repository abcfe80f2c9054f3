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
    parts.append(table(["FER2013", "n", "accuracy", "UAR", "ECE"], rows))
    shown = report.get("private", report["public"])
    parts.append("Confusion on the last of these, rows in percent:\n\n"
                 + confusion_table(np.array(shown["confusion"]), names))
    parts.append(calibration(shown))
    parts.append(f"Temperature {report['temperature']:.3f}, abstains below {report['threshold']}.")
    parts.append(f"Trained {report['epoch']} of {report['plan']['epochs']} epochs. " + cost(report))
    return "\n\n".join(parts)


def update(path: Path, figures: str) -> None:
    """Replaces the figures between the markers of a card; a card without markers is an error."""
    text = path.read_text()
    if BEGIN not in text or END not in text:
        raise ValueError(f"{path} has no markers '{BEGIN}' and '{END}' to write the figures between.")
    path.write_text(text[:text.index(BEGIN) + len(BEGIN)] + "\n\n" + figures + "\n\n" + text[text.index(END):])
