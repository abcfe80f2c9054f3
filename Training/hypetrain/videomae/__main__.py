"""Brings VideoMAE to Hypeclip.

Hypeclip ships no VideoMAE weights: nobody publishes them in a form that it can run, and the authors' terms are CC BY-NC 4.0. You
bring a checkpoint; this writes the two files that the worker loads, NAME.onnx and NAME.json, and proves that they answer as the
checkpoint does. `hypeclip models pull NAME --from FOLDER` then installs them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hypetrain import runtime
from hypetrain.videomae import export, films, finetune, weights
from hypetrain.videomae.weights import CheckpointError

NAMES = {384: "videomae-small-k400", 768: "videomae-base-k400", 1024: "videomae-large-k400"}
EMOTION = "videomae-emotion"
FOLDER = Path("Training/runs/videomae")

EXPORT = """\
CHECKPOINT is one of
  a Hugging Face folder   config.json beside model.safetensors or pytorch_model.bin, such as
                          MCG-NJU/videomae-small-finetuned-kinetics. Labels, mean and deviation are read from it.
  a Keras .h5 file        weights of the port innat/VideoMAE, such as TFVideoMAE_L_K400_16x224_FT.h5
  a SavedModel folder     of the same port; TensorFlow itself is not needed

examples
  Training/run videomae export ~/videomae-small-finetuned-kinetics --name videomae-small-k400
  Training/run videomae export ~/TFVideoMAE_L_K400_16x224_FT.h5 --labels kinetics-400 --name videomae-large-k400
  hypeclip models pull videomae-large-k400 --from Training/runs/videomae
"""
TUNE = """\
CHECKPOINT is as for `export`; one that is only pre-trained will do. Each CORPUS=FOLDER is your own copy, laid out as published:
  crema-d      VideoFlash/1001_DFA_ANG_XX.flv
  enterface05  subject 1/anger/sentence 1/s1_an_1.avi
  ravdess      Actor_01/01-01-03-01-01-01-01.mp4

Each fold keeps whole people back; a fold that would not is refused. The report says how well people are read who did not train.

examples
  Training/run videomae fine-tune --checkpoint ~/videomae-base --corpus crema-d=~/CREMA-D
  Training/run videomae fine-tune --checkpoint ~/videomae-base --corpus ravdess=~/RAVDESS --unfreeze 4 --epochs 10
  hypeclip models pull videomae-emotion --from Training/runs/videomae
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="Training/run videomae", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    exporting = commands.add_parser("export", help="a checkpoint to ONNX, as it is", epilog=EXPORT,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    exporting.add_argument("checkpoint", metavar="CHECKPOINT", type=Path)
    exporting.add_argument("--labels", help="names of the classes where the checkpoint does not say them: a file with one a line, a "
                                            "config.json with id2label, or kinetics-400 (needs the package torchvision)")
    exporting.add_argument("--head", choices=("actions", "emotions"), default="actions", help="what the classes are")
    tuning = commands.add_parser("fine-tune", help="an emotion head, trained on films of people", epilog=TUNE,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    tuning.add_argument("--checkpoint", type=Path, required=True, help="the backbone")
    tuning.add_argument("--corpus", action="append", required=True, metavar="CORPUS=FOLDER",
                        help=f"films, once or several times; {', '.join(films.CORPORA)}")
    plan = finetune.Plan()
    tuning.add_argument("--epochs", type=int, default=plan.epochs, help="rounds over the clips (%(default)s)")
    tuning.add_argument("--unfreeze", type=int, default=plan.unfreeze, metavar="N",
                        help="let the last N blocks learn too; 0 trains the head alone (%(default)s)")
    tuning.add_argument("--rate", type=float, default=plan.rate, help="learning rate of the head (%(default)s)")
    tuning.add_argument("--backbone-rate", type=float, default=plan.backbone_rate,
                        help="learning rate of unfrozen blocks (%(default)s)")
    tuning.add_argument("--batch", type=int, default=plan.batch, help="clips of a step (%(default)s)")
    tuning.add_argument("--folds", type=int, default=plan.folds, help="groups of people that test in turn (%(default)s)")
    tuning.add_argument("--seed", type=int, default=plan.seed)
    for command in (exporting, tuning):
        command.add_argument("--name", help="name of the model; the catalogue knows " + ", ".join([*NAMES.values(), EMOTION]))
        command.add_argument("--version", default="1", help="version of the weights, for the description (%(default)s)")
        command.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER", help="where the files go (%(default)s)")
        command.add_argument("--heads", type=int, help="attention heads of a Keras checkpoint of an unusual width")
        command.add_argument("--frames", type=int, default=16, help="pictures of a clip of a Keras checkpoint (%(default)s)")
        command.add_argument("--side", type=int, default=224, help="columns of a picture of a Keras checkpoint (%(default)s)")
        command.add_argument("--threads", type=int, default=2)
    return parser


def _read(path: Path, options: argparse.Namespace) -> weights.Checkpoint:
    return weights.read(path.expanduser(), heads=options.heads, frames=options.frames, side=options.side)


def _export(options: argparse.Namespace) -> None:
    runtime.prepare(0, options.threads)
    checkpoint = _read(options.checkpoint, options)
    if options.labels:
        checkpoint.labels = weights.labels(options.labels)
    name = options.name or NAMES.get(checkpoint.net.shape.width)
    if name is None:
        raise CheckpointError(f"Name the model with --name: a width of {checkpoint.net.shape.width} is none of the published sizes.")
    path, distance = export.save(checkpoint, options.out, name, options.version, head=options.head)
    _done(path, distance)


def _tune(options: argparse.Namespace) -> None:
    plan = finetune.Plan(options.epochs, options.unfreeze, options.rate, options.backbone_rate, batch=options.batch,
                         folds=options.folds, seed=options.seed)
    device = runtime.prepare(plan.seed, options.threads)
    checkpoint = _read(options.checkpoint, options)
    shape = checkpoint.net.shape
    if not 0 <= plan.unfreeze <= shape.depth:
        raise CheckpointError(f"--unfreeze: the backbone has {shape.depth} blocks.")
    found = []
    for pair in options.corpus:
        corpus, sign, folder = pair.partition("=")
        if not sign:
            raise films.DataError(f"--corpus {pair}: write CORPUS=FOLDER.")
        found += films.folder(corpus, Path(folder).expanduser())
    name = options.name or EMOTION
    clips = films.decode(found, shape.frames, shape.side, options.out / f"{name}.cache")
    for reason in clips.skipped:
        print(f"not read: {reason}")
    outcome = finetune.tune(checkpoint, clips, plan, device)
    path, distance = export.save(
        outcome.checkpoint, options.out, name, options.version, head="emotions", temperature=outcome.temperature,
        threshold=outcome.threshold, more={"temperature": round(outcome.temperature, 4), "plan": outcome.report["plan"],
                                           "data": ", ".join(sorted({film.corpus for film in found}))})
    print(finetune.write(outcome.report, path.with_suffix("")))
    _done(path, distance)


def _done(path: Path, distance: dict[str, float]) -> None:
    print(f"{path} and {path.with_suffix('.json').name}: {path.stat().st_size / 1e6:.1f} MB, differs from PyTorch by at most "
          f"{max(distance.values()):.1e}\nTo install them: hypeclip models pull {path.stem} --from {path.parent}")


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    try:
        _export(options) if options.command == "export" else _tune(options)
    except (CheckpointError, films.DataError) as error:
        sys.exit(f"Training/run videomae: {error}")


if __name__ == "__main__":
    main()
