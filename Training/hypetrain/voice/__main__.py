"""Command line: ``python -m hypetrain.voice train|evaluate|export``."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from hypetrain import corpora, runtime
from hypetrain.voice import bank, data
from hypetrain.voice.export import evaluate, export
from hypetrain.voice.train import Plan, train


def _corpus(text: str) -> tuple[str, Path]:
    name, mark, directory = text.partition("=")
    if not mark or name not in corpora.RULES:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=DIR with a name of {', '.join(corpora.RULES)}")
    return name, Path(directory)


def _items(options: argparse.Namespace) -> list[corpora.Item]:
    items = [item for name, directory in options.corpus for item in corpora.folder(name, directory)]
    if options.manifest or not items:
        items += corpora.manifest(options.manifest or Path("../shared/data/voice/MANIFEST.csv"))
    return items


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypetrain.voice", description=__doc__)
    parser.add_argument("--manifest", type=Path,
                        help="CSV with path (relative to it), emotion and, if known, corpus, speaker, sex")
    parser.add_argument("--corpus", action="append", default=[], metavar="NAME=DIR", type=_corpus,
                        help=f"a folder of your own copy of {', '.join(corpora.RULES)}; may be given several times")
    parser.add_argument("--cache", type=Path, default=Path("Training/runs/voice-samples.npz"),
                        help="decoded samples; made where missing")
    parser.add_argument("--bank", type=Path, default=Path("Training/runs/voice-bank"),
                        help="folder of the augmented windows (about 2 GB); made where missing")
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
        clips = data.decode(_items(options), options.cache)
        train(clips, bank.make(clips, options.bank), options.run, plan, device, options.start)
        return
    runtime.prepare(0, options.threads)
    clips = data.decode(_items(options), options.cache)
    if options.command == "evaluate":
        evaluate(clips, options.run)
    else:
        export(clips, options.run, options.models, options.version)


if __name__ == "__main__":
    main()
