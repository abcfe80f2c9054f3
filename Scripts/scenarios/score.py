#!/usr/bin/env python3
"""Compares what `hypeclip analyze --json` found in the planted scenarios with the truth.

    score.py DIR                      reads result.json beside each truth.json under DIR
    score.py DIR --hypeclip PATH      runs `PATH analyze` on each recording first and writes the result.json files

A planted moment is found when one clip covers at least half of it; its coverage is the part that the best clip
covers. A clip that touches no planted moment is false; it is on a decoy when it touches one. Prints a table; --json
FILE writes the figures as well. Exit status: 0 when every target is met, 1 when not, 2 when there is nothing to
score.

Only the standard library is needed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import time

RECALL, COVERAGE, FALSE_PER_HOUR = 0.95, 0.95, 1.0
"""The targets; clips on decoys must be none at all."""

FOUND = 0.5
TOUCH = 0.5  # seconds of overlap from which a clip touches something


@dataclasses.dataclass(frozen=True)
class Interval:
    """Seconds of the recording."""

    start: float
    end: float

    def overlap(self, other: Interval) -> float:
        """Seconds that two intervals share."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))


@dataclasses.dataclass
class Score:
    """The figures of one scenario."""

    name: str
    seconds: float
    moments: int
    found: int
    coverage: list[float]
    clips: int
    false_clips: list[str]
    decoy_clips: list[str]
    missed: list[str]
    error: str | None = None
    elapsed: float | None = None


def intervals(entries: list[dict], offset: float = 0.0) -> list[Interval]:
    """The spans of clips, moments or decoys, shifted by `offset` seconds."""
    return [Interval(float(e["start"]) + offset, float(e["end"]) + offset) for e in entries]


def score(truth: dict, result: dict, times: str) -> Score:
    """Scores one result. `times` says which clock the result uses: `pts` (the container's) or `recording` (from 0)."""
    offset = float(truth.get("containerStart") or 0.0) if times == "pts" else 0.0
    clips = intervals(result.get("clips", []))
    moments, decoys = intervals(truth["moments"], offset), intervals(truth["decoys"], offset)
    coverage, missed = [], []
    for moment, entry in zip(moments, truth["moments"]):
        best = max((clip.overlap(moment) / (moment.end - moment.start) for clip in clips), default=0.0)
        if best >= FOUND:
            coverage.append(best)
        else:
            missed.append(f"{entry['start']:.0f}-{entry['end']:.0f} s ({'+'.join(entry['kinds'])}: {entry['label']})")
    false_clips, decoy_clips = [], []
    for clip in clips:
        if any(clip.overlap(moment) >= TOUCH for moment in moments):
            continue
        text = f"{clip.start - offset:.0f}-{clip.end - offset:.0f} s"
        touched = [e["type"] for d, e in zip(decoys, truth["decoys"]) if clip.overlap(d) >= TOUCH]
        false_clips.append(text)
        if touched:
            decoy_clips.append(f"{text} ({', '.join(touched)})")
    return Score(
        truth.get("name", "?"),
        truth["duration"],
        len(moments),
        len(coverage),
        coverage,
        len(clips),
        false_clips,
        decoy_clips,
        missed,
    )


def analyze(hypeclip: str, folder: pathlib.Path, truth: dict, extra: list[str]) -> str | None:
    """Runs the analysis of one scenario and keeps its JSON; returns what went wrong, if anything."""
    with tempfile.TemporaryDirectory() as out:
        command = [hypeclip, "analyze", str(folder / truth["video"]), "--json", "--out", out, *extra]
        if truth["chat"]:
            command += ["--chat", str(folder / truth["chat"])]
        if truth["camera"] and "--camera" not in extra:
            command += ["--camera", ",".join(str(truth["camera"][k]) for k in ("x", "y", "width", "height"))]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return (
            f"exit {made.returncode}: {made.stderr.strip().splitlines()[-1] if made.stderr.strip() else 'no message'}"
        )
    (folder / "result.json").write_text(made.stdout)
    return None


def summary(scores: list[Score]) -> dict:
    """The figures over all scenarios, and which targets they meet."""
    moments, found = sum(s.moments for s in scores), sum(s.found for s in scores)
    coverage = [c for s in scores for c in s.coverage]
    hours = sum(s.seconds for s in scores) / 3600
    false_clips = sum(len(s.false_clips) for s in scores)
    figures = {
        "scenarios": len(scores),
        "hours": round(hours, 3),
        "moments": moments,
        "found": found,
        "recall": found / moments if moments else 1.0,
        "coverage": sum(coverage) / len(coverage) if coverage else 1.0,
        "coverageWorst": min(coverage, default=1.0),
        "falseClips": false_clips,
        "falseClipsPerHour": false_clips / hours,
        "decoyClips": sum(len(s.decoy_clips) for s in scores),
        "errors": sum(s.error is not None for s in scores),
    }
    figures["targets"] = {
        "recall": figures["recall"] >= RECALL,
        "coverage": figures["coverage"] >= COVERAGE,
        "noClipOnDecoys": figures["decoyClips"] == 0,
        "falseClips": figures["falseClipsPerHour"] <= FALSE_PER_HOUR or false_clips == 0,
        "noErrors": figures["errors"] == 0,
    }
    return figures


def table(scores: list[Score], figures: dict) -> str:
    """The figures for people."""
    width = max(len(s.name) for s in scores)
    lines = [f"{'scenario':{width}}  moments  found  coverage  clips  false  on decoys"]
    for s in scores:
        covered = f"{min(s.coverage):8.0%}" if s.coverage else "       -"
        lines.append(
            f"{s.name:{width}}  {s.moments:7d}  {s.found:5d}  {covered}  {s.clips:5d}  {len(s.false_clips):5d}  "
            f"{len(s.decoy_clips):9d}"
        )
        lines += [f"{'':{width}}    {s.error}"] if s.error else []
        lines += [f"{'':{width}}    missed {text}" for text in s.missed]
        lines += [f"{'':{width}}    false clip {text}" for text in s.false_clips]
    lines.append("")
    lines.append(
        f"recall {figures['recall']:.2f} ({figures['found']}/{figures['moments']}), coverage {figures['coverage']:.3f} "
        f"(worst {figures['coverageWorst']:.2f}), false clips {figures['falseClips']} "
        f"({figures['falseClipsPerHour']:.1f} per hour), on decoys {figures['decoyClips']}; {figures['hours']:.2f} h"
    )
    failed = [name for name, met in figures["targets"].items() if not met]
    lines.append("all targets met" if not failed else f"targets missed: {', '.join(failed)}")
    return "\n".join(lines)


def main() -> None:
    """Reads the command line, scores, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="what make_scenarios.py made")
    parser.add_argument("--hypeclip", metavar="PATH", help="run this hypeclip on each recording first")
    parser.add_argument(
        "--argument", action="append", default=[], metavar="ARG", help="passed on to analyze, e.g. --full"
    )
    parser.add_argument(
        "--times",
        choices=("recording", "pts"),
        default="recording",
        help="clock of the result's times: from the first picture (default), or the container's time stamps",
    )
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures here")
    arguments = parser.parse_args()
    scores = []
    for path in sorted(arguments.folder.glob("*/truth.json")):
        truth = json.loads(path.read_text())
        began, error = time.monotonic(), None
        if arguments.hypeclip:
            error = analyze(arguments.hypeclip, path.parent, truth, arguments.argument)
        result = path.parent / "result.json"
        if error is None and not result.is_file():
            error = f"{result.name} is missing"
        entry = score(truth, {} if error else json.loads(result.read_text()), arguments.times)
        entry.error = error
        entry.elapsed = round(time.monotonic() - began, 3) if arguments.hypeclip else None
        scores.append(entry)
    if not scores:
        print(f"score: no */truth.json under {arguments.folder}; run make_scenarios.py first", file=sys.stderr)
        sys.exit(2)
    figures = summary(scores)
    print(table(scores, figures))
    if arguments.json:
        document = {"summary": figures, "scenarios": [dataclasses.asdict(s) for s in scores]}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n")
    sys.exit(0 if all(figures["targets"].values()) else 1)


if __name__ == "__main__":
    main()
