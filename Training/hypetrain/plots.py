"""Pictures for the model cards, written by hand as SVG: no plotting library, the same bytes for the same figures.

Each of :func:`confusion`, :func:`reliability` and :func:`abstention` returns the text of an SVG file with its own
background, so it can be read on a light and on a dark page, and with a title and a description for people who listen.
:func:`write` draws all three from the dictionary of figures that the export commands measure, and returns the Markdown
that embeds them::

    markdown = plots.write(Path("Models"), "face-expression", figures, BASIC, threshold=0.4)

writes ``Models/face-expression-confusion.svg``, ``…-reliability.svg`` and ``…-abstention.svg``.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

_STYLE = """
    .page { fill: #ffffff } .text { fill: #1f2328 } .faint { fill: #59636e } .grid { stroke: #d1d9e0 } .edge { stroke: #59636e }
    .line { stroke: #0969da } .mark { fill: #0969da } .bar { fill: #d1d9e0 } .choice { stroke: #bc4c00 }
    .cell { fill: #0969da } .over { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 } .text { fill: #f0f6fc } .faint { fill: #9198a1 } .grid { stroke: #3d444d } .edge { stroke: #9198a1 }
      .line { stroke: #4493f8 } .mark { fill: #4493f8 } .bar { fill: #3d444d } .choice { stroke: #f0883e }
      .cell { fill: #4493f8 } .over { fill: #0d1117 }
    }
    text { font: 13px system-ui, sans-serif } .small { font-size: 11px } .heading { font-size: 14px; font-weight: 600 }
"""


def _number(value: float) -> str:
    """At most one decimal, no trailing zero: deterministic and short."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _text(x: float, y: float, content: str, kind: str = "text", anchor: str = "middle", turn: bool = False) -> str:
    turned = f' transform="rotate(-90 {_number(x)} {_number(y)})"' if turn else ""
    return (f'<text x="{_number(x)}" y="{_number(y)}" class="{kind}" text-anchor="{anchor}"{turned}>'
            f"{escape(content)}</text>")


def _document(width: float, height: float, title: str, description: str, parts: list[str]) -> str:
    """The SVG file around ``parts``; title and description are what a screen reader says."""
    size = f'width="{_number(width)}" height="{_number(height)}" viewBox="0 0 {_number(width)} {_number(height)}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title description">',
        f'  <title id="title">{escape(title)}</title>',
        f'  <desc id="description">{escape(description)}</desc>',
        f"  <style>{_STYLE}  </style>",
        '  <rect class="page" width="100%" height="100%" rx="6"/>',
        *("  " + part for part in parts), "</svg>", ""])


def confusion(counts: np.ndarray, names: tuple[str, ...], title: str) -> str:
    """A table of ``counts`` ``[true, answered]`` with the share of each row in percent, shaded by it."""
    cell, left, top = 52, 84, 76
    shares = 100 * counts / np.maximum(counts.sum(1, keepdims=True), 1)
    width, height = left + cell * len(names) + 64, top + cell * len(names) + 16
    parts = [_text(width / 2, 24, title, "text heading"), _text(left + cell * len(names) / 2, 46, "answered", "faint"),
             _text(16, top + cell * len(names) / 2, "true", "faint", turn=True),
             _text(width - 12, top - 8, "n", "faint small", "end")]
    for row, name in enumerate(names):
        y = top + cell * row
        parts.append(_text(left + cell * (row + 0.5), top - 8, name, "text small"))
        parts.append(_text(left - 8, y + cell / 2 + 4, name, "text small", "end"))
        parts.append(_text(width - 12, y + cell / 2 + 4, str(int(counts[row].sum())), "faint small", "end"))
        for column in range(len(names)):
            share, x = shares[row, column], left + cell * column
            parts.append(f'<rect class="cell" x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" rx="3" '
                         f'fill-opacity="{0.06 + 0.94 * share / 100:.2f}"/>')
            parts.append(_text(x + cell / 2 - 1, y + cell / 2 + 4, f"{share:.0f}", "over" if share >= 62 else "text"))
    spoken = "; ".join(f"{name} {shares[i, i]:.0f} percent" for i, name in enumerate(names))
    return _document(width, height, title, f"Share of each true class that was answered right: {spoken}.", parts)


class _Axes:
    """A square plot of shares, both axes in percent from a lower bound to 100."""

    def __init__(self, horizontal: str, vertical: str, title: str, floor: int = 0):
        self.title, self.floor, self.left, self.top, self.side = title, floor, 64, 44, 320
        self.width, self.height = self.left + self.side + 24, self.top + self.side + 56
        bottom = self.top + self.side
        self.parts = [_text(self.width / 2, 26, title, "text heading"),
                      _text(self.left + self.side / 2, bottom + 42, horizontal, "faint"),
                      _text(18, self.top + self.side / 2, vertical, "faint", turn=True)]
        for percent in range(0, 101, 20):
            x, mark = self.x(percent / 100), floor + (100 - floor) * percent // 100
            y = self.y(mark / 100)
            self.parts += [self._line(x, self.top, x, bottom, "grid"), _text(x, bottom + 18, f"{percent} %", "text small"),
                           self._line(self.left, y, self.left + self.side, y, "grid"),
                           _text(self.left - 8, y + 4, f"{mark} %", "text small", "end")]

    def x(self, share: float) -> float:
        return self.left + self.side * share

    def y(self, share: float) -> float:
        return self.top + self.side * (1 - (share - self.floor / 100) / (1 - self.floor / 100))

    @staticmethod
    def _line(x1: float, y1: float, x2: float, y2: float, kind: str, dashed: bool = False) -> str:
        dash = ' stroke-dasharray="4 4"' if dashed else ""
        return (f'<line class="{kind}" x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}"'
                f' stroke-width="1"{dash}/>')

    def segment(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        self.parts.append(self._line(self.x(start[0]), self.y(start[1]), self.x(end[0]), self.y(end[1]), kind, True))

    def path(self, points: list[tuple[float, float]]) -> None:
        joined = " ".join(f"{_number(self.x(x))},{_number(self.y(y))}" for x, y in points)
        self.parts.append(f'<polyline class="line" points="{joined}" fill="none" stroke-width="2"/>')

    def dot(self, x: float, y: float) -> None:
        self.parts.append(f'<circle class="mark" cx="{_number(self.x(x))}" cy="{_number(self.y(y))}" r="4"/>')

    def bar(self, start: float, end: float, share: float) -> None:
        """A faint column at the bottom, at most a third of the plot's height."""
        height = self.side * share / 3
        self.parts.append(f'<rect class="bar" x="{_number(self.x(start) + 1)}" y="{_number(self.top + self.side - height)}" '
                          f'width="{_number(self.side * (end - start) - 2)}" height="{_number(height)}"/>')

    def document(self, description: str) -> str:
        return _document(self.width, self.height, self.title, description, self.parts)


def reliability(rows: list[tuple[float, float, int]], ece: float, title: str) -> str:
    """Stated confidence against accuracy, from :func:`hypetrain.metrics.reliability`; columns show how many."""
    axes = _Axes("stated confidence", "right", title)
    most = max(n for _, _, n in rows)
    for confidence, _, n in rows:
        place = min(int(confidence * 10), 9) / 10
        axes.bar(place, place + 0.1, n / most)
    axes.segment((0, 0), (1, 1), "edge")
    axes.path([(confidence, accuracy) for confidence, accuracy, _ in rows])
    for confidence, accuracy, _ in rows:
        axes.dot(confidence, accuracy)
    axes.parts.append(_text(axes.x(0.04), axes.y(0.93), f"ECE {ece:.3f}", "text", "start"))
    spoken = "; ".join(f"{100 * c:.0f} stated, {100 * a:.0f} right" for c, a, _ in rows)
    return axes.document(f"Expected calibration error {ece:.3f}. In percent: {spoken}.")


def abstention(rows: list[dict], threshold: float, title: str) -> str:
    """Share answered against accuracy of the answers, from :func:`hypetrain.metrics.abstention`.

    ``threshold`` is the shipped one; the row nearest to it is marked.
    """
    rows = [row for row in rows if row["answered"] > 0]
    lowest = min(row["accuracy"] for row in rows)
    axes = _Axes("answered", "right among the answers", title, floor=50 if lowest >= 0.5 else 0)
    shipped = min(rows, key=lambda row: abs(row["threshold"] - threshold))
    axes.segment((shipped["answered"], axes.floor / 100), (shipped["answered"], 1.0), "choice")
    axes.path([(row["answered"], row["accuracy"]) for row in rows])
    for row in rows:
        axes.dot(row["answered"], row["accuracy"])
    said = f"from {threshold:g} up: {100 * shipped['answered']:.0f} % answered, {100 * shipped['accuracy']:.0f} % right"
    axes.parts.append(_text(axes.x(0.04), axes.y(axes.floor / 100) - 10, said, "text small", "start"))
    spoken = "; ".join(f"{100 * r['answered']:.0f} answered, {100 * r['accuracy']:.0f} right" for r in rows)
    return axes.document(f"Shipped threshold {said}. In percent: {spoken}.")


def comparison(rows: list[tuple[str, dict]], title: str) -> str:
    """Figures with their intervals below each other: a name and ``value``, ``low``, ``high`` (0…1) of each."""
    left, side, step, top = 210, 340, 30, 52
    floor = int(20 * (min(figure["low"] for _, figure in rows) * 100 // 20)) / 100
    height, bottom = top + step * len(rows) + 44, top + step * len(rows)

    def place(share: float) -> float:
        return left + side * (share - floor) / (1 - floor)

    parts = [_text((left + side + 40) / 2, 26, title, "text heading")]
    for percent in range(round(100 * floor), 101, 10):
        x = _number(place(percent / 100))
        parts += [f'<line class="grid" x1="{x}" y1="{top - 6}" x2="{x}" y2="{bottom}" stroke-width="1"/>',
                  _text(place(percent / 100), bottom + 20, f"{percent} %", "text small")]
    for index, (name, figure) in enumerate(rows):
        y = top + step * index + 10
        parts += [_text(left - 12, y + 4, name, "text", "end"),
                  f'<line class="line" x1="{_number(place(figure["low"]))}" y1="{y}" x2="{_number(place(figure["high"]))}" '
                  f'y2="{y}" stroke-width="3"/>',
                  f'<circle class="mark" cx="{_number(place(figure["value"]))}" cy="{y}" r="6"/>']
    spoken = "; ".join(f"{name} {100 * f['value']:.0f}, from {100 * f['low']:.0f} to {100 * f['high']:.0f}" for name, f in rows)
    return _document(left + side + 40, height, title, f"In percent, with 95 percent intervals: {spoken}.", parts)


def write(folder: Path, stem: str, figures: dict, names: tuple[str, ...], threshold: float, subject: str = "") -> str:
    """Writes the three pictures of ``figures`` into ``folder`` and returns the Markdown that shows them.

    ``figures`` has ``confusion`` (counts), ``reliability``, ``ece`` and ``abstention`` as :mod:`hypetrain.metrics` makes
    them. ``subject`` says on what, such as "FER2013 PrivateTest"; ``stem`` is the model's name.
    """
    tail = f", {subject}" if subject else ""
    pictures = {
        "confusion": (f"Confusion in percent{tail}",
                      lambda title: confusion(np.array(figures["confusion"]), names, title)),
        "reliability": (f"Reliability{tail}", lambda title: reliability(figures["reliability"], figures["ece"], title)),
        "abstention": (f"Accuracy against abstaining{tail}",
                       lambda title: abstention(figures["abstention"], threshold, title)),
    }
    lines = []
    for kind, (title, draw) in pictures.items():
        (folder / f"{stem}-{kind}.svg").write_text(draw(title), encoding="utf-8")
        lines.append(f"![{title}]({stem}-{kind}.svg)")
    return "\n\n".join(lines)
