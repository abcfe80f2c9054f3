"""Command line: ``python -m hypetrain.face train|export``."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from hypetrain import runtime
from hypetrain.face.export import export
from hypetrain.face.train import Plan, train


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypetrain.face", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/faces/fer2013.npz"), help="fer2013.npz")
    parser.add_argument("--run", type=Path, default=Path("Training/runs/face"), help="folder of the checkpoints")
    parser.add_argument("--threads", type=int, default=2)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="train; writes last.pt after each epoch")
    training.add_argument("--resume", action="store_true", help="continue from last.pt of the run's folder")
    for field in fields(Plan):
        training.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    exporting = commands.add_parser("export", help="calibrate on PublicTest, measure, write the ONNX file and its JSON")
    exporting.add_argument("--models", type=Path, default=Path("Models"))
    exporting.add_argument("--version", default="0.1.0")
    exporting.add_argument("--private", action="store_true", help="also measure PrivateTest (for the final figure)")
    options = parser.parse_args()
    if options.command == "train":
        plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
        train(options.data, options.run, plan, runtime.prepare(plan.seed, options.threads), options.resume)
    else:
        runtime.prepare(0, options.threads)
        export(options.data, options.run, options.models, options.version, options.private)


if __name__ == "__main__":
    main()
