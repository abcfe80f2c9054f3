"""Writes ``fusion-early.onnx``, ``fusion.json`` and the figures of the card."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch

from hypetrain import __version__, card, onnxfile
from hypetrain.fusion import early, late, text
from hypetrain.labels import BASIC

NAME = "fusion"
HEAD = "fusion-early"


def inputs(head: early.Head, count: int, seed: int = 0) -> tuple[torch.Tensor, ...]:
    """Embeddings of the right widths, the last rows without one side or the other."""
    generator = torch.Generator().manual_seed(seed)
    present = torch.ones(count, 2)
    present[-1, 0] = 0
    present[-2:-1, 1] = 0
    return (torch.randn(count, len(head.face_mean), generator=generator).abs(),
            torch.randn(count, len(head.voice_mean), generator=generator).abs(), present)


def save(head: early.Head, models: Path, metadata: dict) -> Path:
    """The head as ONNX with a dynamic batch, described in ``fusion.json``."""
    path, names = models / f"{HEAD}.onnx", ["face", "voice", "present"]
    torch.onnx.export(head.eval(), inputs(head, 3), str(path), input_names=names, output_names=["logits"],
                      dynamic_axes={name: {0: "n"} for name in [*names, "logits"]}, opset_version=onnxfile.OPSET,
                      dynamo=False)
    model = onnx.load(str(path))
    model.producer_name, model.producer_version = "hypetrain", __version__
    onnxfile.describe(model, path, metadata, models / f"{NAME}.json")
    return path


def agreement(head: early.Head, path: Path) -> dict[str, float]:
    """Largest difference of ONNX Runtime's and OpenVINO's logits to PyTorch's."""
    import onnxruntime
    import openvino

    batch = inputs(head, 64, seed=3)
    with torch.no_grad():
        expected = head(*batch).numpy()
    feed = dict(zip(("face", "voice", "present"), (part.numpy() for part in batch)))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    compiled = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return {"onnxruntime": float(np.abs(session.run(None, feed)[0] - expected).max()),
            "openvino": float(np.abs(compiled(feed)["logits"] - expected).max())}


def description(pool: late.Late, head: early.Early, models: Path, version: str, plan: early.Plan) -> dict:
    """``fusion.json`` without the facts of the ONNX file."""
    nets = [json.loads((models / f"{name}.json").read_text()) for name in ("face-expression", "voice-emotion")]
    faces, voices = len(head.head.face_mean), len(head.head.voice_mean)
    return {
        "name": NAME, "version": version, "labels": list(BASIC),
        "nets": [{key: net[key] for key in ("name", "version", "sha256")} for net in nets],
        "input": {"face": ["n", faces], "voice": ["n", voices], "present": ["n", 2]}, "outputs": {"logits": ["n", len(BASIC)]},
        "threshold": pool.pools[late.BOTH].threshold,
        "late": {way: found.document() for way, found in pool.pools.items()},
        "early": {"thresholds": head.thresholds, "face": faces, "voice": voices},
        "parameters": sum(p.numel() for p in head.head.parameters()), "plan": vars(plan),
        "data": ", ".join(net["data"] for net in nets),
    }


def export(report: dict, pool: late.Late, head: early.Early, models: Path, version: str, plan: early.Plan) -> None:
    """Writes both files, the card's figures and its pictures."""
    path = save(head.head, models, description(pool, head, models, version, plan))
    report = report | {"agreement": agreement(head.head, path), "bytes": path.stat().st_size}
    figures = text.figures(report, models)
    card.update(models / f"{NAME}.md", figures)
    print(figures)
