"""Writes a network as the worker loads it: ONNX, and a JSON file that says what it takes and answers."""

from __future__ import annotations

from pathlib import Path

import torch

from hypetrain import onnxfile
from hypetrain.videomae.net import EMBEDDING, INPUT, LOGITS, Calibrated
from hypetrain.videomae.weights import Checkpoint, CheckpointError

TOLERANCE = 1e-4
"""Largest difference of a logit between PyTorch and the runtimes; an export beyond it is an error."""


def describe(checkpoint: Checkpoint, name: str, version: str, head: str, threshold: float, more: dict) -> dict:
    """The content of the JSON file, but for what is known of the finished ONNX file."""
    shape = checkpoint.net.shape
    return {
        "name": name, "version": version, "architecture": "videomae", "size": shape.size, "head": head,
        "labels": checkpoint.labels,
        "input": {"name": INPUT, "shape": ["n", shape.frames, 3, shape.side, shape.side], "frames": shape.frames,
                  "tubelet": shape.tubelet, "side": shape.side, "patch": shape.patch, "colour": "RGB",
                  "resize": "shorter side, bilinear as Pillow does, middle square", "scale": 1 / 255,
                  "mean": checkpoint.mean, "std": checkpoint.std},
        "outputs": {LOGITS: ["n", shape.classes], EMBEDDING: ["n", shape.width]},
        "threshold": threshold, "parameters": sum(p.numel() for p in checkpoint.net.parameters()),
        "source": checkpoint.source,
    } | more


def save(checkpoint: Checkpoint, folder: Path, name: str, version: str, *, head: str = "actions", temperature: float = 1.0,
         threshold: float = 0.0, more: dict | None = None) -> tuple[Path, dict[str, float]]:
    """Writes ``NAME.onnx`` and ``NAME.json``; answers the ONNX file and how far the runtimes are from PyTorch."""
    shape = checkpoint.net.shape
    if not checkpoint.has_head:
        raise CheckpointError(f"{checkpoint.source} is only pre-trained and answers nothing; fine-tune it first.")
    if checkpoint.labels is None or len(checkpoint.labels) != shape.classes:
        said = "does not name its" if checkpoint.labels is None else f"was given {len(checkpoint.labels)} names for its"
        raise CheckpointError(
            f"{checkpoint.source} {said} {shape.classes} classes. Give them with --labels: a file with one name a line, a Hugging Face "
            "config.json, or kinetics-400.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    deployed = Calibrated(checkpoint.net, temperature).eval()
    example = torch.randn(2, shape.frames, 3, shape.side, shape.side, generator=torch.Generator().manual_seed(1))
    onnxfile.save(deployed, example[:1], path, INPUT, [LOGITS, EMBEDDING],
                  describe(checkpoint, name, version, head, threshold, more or {}))
    distance = onnxfile.agreement(deployed, path, example.numpy())
    if max(distance.values()) > TOLERANCE:
        path.unlink()
        path.with_suffix(".json").unlink()
        raise CheckpointError(f"{name}: the exported graph differs from PyTorch by {max(distance.values()):.1e}.")
    return path, distance
