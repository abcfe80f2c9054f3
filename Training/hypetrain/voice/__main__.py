"""Command line: ``python -m hypetrain.voice train|evaluate|export``."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from hypetrain import runtime
from hypetrain.voice import data
from hypetrain.voice.export import evaluate, export
from hypetrain.voice.train import Plan, train


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypetrain.voice", description=__doc__)
    parser.add_argument("--manifest", type=Path, default=Path("../shared/data/voice/MANIFEST.csv"),
                        help="CSV with path, corpus, emotion, speaker, sex; paths relative to it")
    parser.add_argument("--cache", type=Path, default=Path("Training/runs/voice-samples.npz"),
                        help="decoded samples; made where missing")
    parser.add_argument("--run", type=Path, default=Path("Training/runs/voice"), help="folder of the checkpoint")
    parser.add_argument("--threads", type=int, default=2)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="train; writes last.pt")
    training.add_argument("--start", type=Path, help="checkpoint to continue from")
    for field in fields(Plan):
        training.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    commands.add_parser("evaluate", help="figures of the checkpoint on the held-out speakers")
    exporting = commands.add_parser("export", help="evaluate, then write the ONNX file and its JSON")
    exporting.add_argument("--models", type=Path, default=Path("Models"))
    exporting.add_argument("--version", default="0.1.0")
    options = parser.parse_args()
    if options.command == "train":
        plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
        device = runtime.prepare(plan.seed, options.threads)
        train(data.decode(options.manifest, options.cache), options.run, plan, device, options.start)
        return
    runtime.prepare(0, options.threads)
    clips = data.decode(options.manifest, options.cache)
    if options.command == "evaluate":
        evaluate(clips, options.run)
    else:
        export(clips, options.run, options.models, options.version)


if __name__ == "__main__":
    main()
