"""Command line: ``python -m hypetrain.face train|export|unpack``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from hypetrain import runtime
from hypetrain.face import data
from hypetrain.face.export import export
from hypetrain.face.train import Plan, train


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypetrain.face", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/faces/fer2013.npz"),
                        help="fer2013.npz, fer2013.csv, FERPlus' fer2013new.csv, or a folder train/<label>/*.jpg")
    parser.add_argument("--run", type=Path, default=Path("Training/runs/face"), help="folder of the checkpoint")
    parser.add_argument("--threads", type=int, default=2)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="train; writes last.pt after each epoch")
    training.add_argument("--resume", action="store_true", help="continue from last.pt of the run's folder")
    training.add_argument("--plan", type=Path, help="JSON file with another plan, in the form of the sidecar's \"plan\"")
    exporting = commands.add_parser("export", help="calibrate on PublicTest, measure, write the ONNX file and its JSON")
    exporting.add_argument("--models", type=Path, default=Path("Models"))
    exporting.add_argument("--version", default="0.3.1")
    exporting.add_argument("--terms", default="FER2013 (research use)", help="data and licence, for the sidecar")
    exporting.add_argument("--corpora", default="fer2013,ferplus",
                           help="collections that the pictures are from, as `hypeclip evaluate` calls them, for the sidecar")
    exporting.add_argument("--private", action="store_true", help="also measure PrivateTest (for the final figure)")
    unpacking = commands.add_parser("unpack", help="write one split as FOLDER/<label>/<index>.png")
    unpacking.add_argument("folder", type=Path)
    unpacking.add_argument("--split", choices=tuple(data.SPLITS), default="private")
    options = parser.parse_args()
    try:
        if options.command == "train":
            plan = Plan.read(json.loads(options.plan.read_text())) if options.plan else Plan()
            train(options.data, options.run, plan, runtime.prepare(plan.seed, options.threads), options.resume)
        elif options.command == "export":
            runtime.prepare(0, options.threads)
            export(options.data, options.run, options.models, options.version, options.private, options.terms,
                   options.corpora)
        else:
            count = data.unpack(options.data, options.split, options.folder)
            print(f"{count} pictures of the split '{options.split}' are in {options.folder}.")
    except data.DataError as error:
        sys.exit(f"hypetrain.face: {error}")


if __name__ == "__main__":
    main()
