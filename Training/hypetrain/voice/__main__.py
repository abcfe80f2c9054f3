"""Command line: ``python -m hypetrain.voice all|train|evaluate|export``."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from hypetrain import corpora, runtime
from hypetrain.voice import bank, data
from hypetrain.voice.export import export, export_single
from hypetrain.voice.report import measure
from hypetrain.voice.schedule import Epochs, every_run
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
    parser.add_argument("--runs", type=Path, default=Path("Training/runs/voice"),
                        help="folder of all runs: fold0 to fold4, and without-NAME for each corpus")
    parser.add_argument("--threads", type=int, default=2)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="one run; writes last.pt, goes on where it was cut short")
    training.add_argument("--name", default="trial", help="folder of the run within --runs")
    training.add_argument("--start", type=Path, help="checkpoint to begin from")
    for field in fields(Plan):
        training.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    everything = commands.add_parser("all", help="every run that 'export' needs; skips those that are finished")
    for name, count in Epochs._field_defaults.items():
        everything.add_argument(f"--{name}", type=int, default=count, help="epochs of runs of this kind (voice/schedule.py)")
    commands.add_parser("evaluate", help="figures of all runs on people they never heard; writes report.json")
    exporting = commands.add_parser("export", help="evaluate, then write the ONNX file, its JSON and the card's figures")
    exporting.add_argument("--models", type=Path, default=Path("Models"))
    exporting.add_argument("--version", default="0.2.2")
    exporting.add_argument("--single", metavar="NAME", help="export this run of 'train' alone, such as one on your own data")
    options = parser.parse_args()
    device = runtime.prepare(options.seed if options.command == "train" else 0, options.threads)
    clips = data.decode(_items(options), options.cache)
    if options.command == "train":
        plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
        train(clips, bank.both(clips, options.bank), options.runs / options.name, plan, device, options.start)
    elif options.command == "all":
        every_run(clips, bank.both(clips, options.bank), options.runs, device,
                  Epochs(options.others, options.hard, options.soft))
    elif options.command == "evaluate":
        measure(clips, options.runs)
    elif options.single:
        export_single(clips, options.runs / options.single, options.models, options.version)
    else:
        export(clips, options.runs, options.models, options.version)


if __name__ == "__main__":
    main()
