"""Command line: ``python -m hypetrain.fusion evaluate|export|parity``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from hypetrain import corpora, runtime
from hypetrain.fusion import branches, early, export, measure, parity
from hypetrain.voice import data


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypetrain.fusion", description=__doc__)
    parser.add_argument("--faces", type=Path, default=Path("../shared/data/faces/fer2013.npz"), help="as --data of hypetrain.face")
    parser.add_argument("--manifest", type=Path, default=Path("../shared/data/voice/MANIFEST.csv"))
    parser.add_argument("--samples", type=Path, default=Path("Training/runs/voice-samples.npz"),
                        help="decoded clips, the --cache of hypetrain.voice; made where missing")
    parser.add_argument("--runs", type=Path, default=Path("Training/runs/voice"), help="the five folds' runs of hypetrain.voice")
    parser.add_argument("--cache", type=Path, default=Path("Training/runs/fusion.npz"),
                        help="answers and embeddings of both networks; made where missing or of other networks")
    parser.add_argument("--models", type=Path, default=Path("Models"))
    parser.add_argument("--threads", type=int, default=2)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("evaluate", help="fit and compare; writes nothing but report.json beside the cache")
    exporting = commands.add_parser("export", help="the same, then fusion.json, fusion-early.onnx, card and pictures")
    exporting.add_argument("--version", default="0.2.0")
    commands.add_parser("parity", help="what the Swift tests compare with, from the exported files")
    options = parser.parse_args()
    runtime.prepare(0, options.threads)
    if options.command == "parity":
        parity.write(options.models)
        return
    found = branches.load(options.models, options.faces,
                          lambda: data.decode(corpora.manifest(options.manifest), options.samples), options.runs, options.cache)
    plan = early.Plan()
    report, pool, head = measure.measure(found, plan)
    (options.cache.parent / "fusion-report.json").write_text(json.dumps(report, indent=1))
    if options.command == "export":
        export.export(report, pool, head, options.models, options.version, plan)
        parity.write(options.models)
    else:
        print(json.dumps({name: {way: found["accuracy"] | {"ece": found["ece"]} for way, found in part["systems"].items()}
                          for name, part in report.items() if isinstance(part, dict) and "systems" in part}, indent=1))


if __name__ == "__main__":
    main()
