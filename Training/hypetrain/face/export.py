"""Calibration, measurement and export of the face network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from hypetrain import card, metrics, onnxfile
from hypetrain.face import data
from hypetrain.face.net import SIZE, DeployedFace, FaceNet
from hypetrain.face.train import predict
from hypetrain.labels import BASIC

NAME = "face-expression"
ANSWER_ACCURACY = 0.5
"""The network abstains where its answers would be right less often than this."""


def measure(logits: np.ndarray, labels: np.ndarray) -> dict:
    """The figures of calibrated ``logits``."""
    probabilities, answers = metrics.softmax(logits), logits.argmax(1)
    return {
        "n": len(labels),
        "accuracy": vars(metrics.bootstrap(metrics.war, labels, answers)),
        "uar": vars(metrics.bootstrap(metrics.uar, labels, answers)),
        "ece": metrics.ece(probabilities, labels),
        "reliability": metrics.reliability(probabilities, labels),
        "abstention": metrics.abstention(probabilities, labels, (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)),
        "confusion": metrics.confusion(labels, answers, len(BASIC)).tolist(),
    }


def export(archive: Path, run: Path, models: Path, version: str, private: bool) -> None:
    """Writes ``face-expression.onnx`` and ``.json`` from ``best.pt``, and every figure into the card."""
    saved = torch.load(run / "best.pt", weights_only=True)
    net = FaceNet()
    net.load_state_dict(saved["state"])
    public = data.load(archive, "public")
    logits = predict(net, public.images, torch.device("cpu"))
    temperature = metrics.fit_temperature(logits, public.labels)
    threshold = metrics.abstain_threshold(metrics.softmax(logits / temperature), public.labels, ANSWER_ACCURACY)
    report = {"epoch": saved["epoch"], "plan": saved["plan"], "public": measure(logits / temperature, public.labels)}
    if private:
        test = data.load(archive, "private")
        logits = predict(net, test.images, torch.device("cpu")) / temperature
        report["private"] = measure(logits, test.labels)
    deployed = DeployedFace(net, temperature).eval()
    models.mkdir(exist_ok=True)
    path = models / f"{NAME}.onnx"
    onnxfile.save(deployed, torch.zeros(1, 1, SIZE, SIZE), path, "face", ["logits"], {
        "name": NAME, "version": version, "labels": list(BASIC),
        "input": {"name": "face", "shape": ["n", 1, SIZE, SIZE], "range": [0, 255], "colour": "grey"},
        "outputs": {"logits": ["n", len(BASIC)]},
        "temperature": round(temperature, 4), "threshold": threshold,
        "parameters": sum(p.numel() for p in net.parameters()),
        "data": "FER2013 (research use)", "plan": saved["plan"] | {"epoch": saved["epoch"]},
    })
    batch = public.images[:16].astype(np.float32)[:, None]
    report |= {"agreement": onnxfile.agreement(deployed, path, batch), "temperature": temperature,
               "threshold": threshold, "milliseconds": onnxfile.milliseconds(path, [1, 1, SIZE, SIZE]),
               "parameters": sum(p.numel() for p in net.parameters()), "bytes": path.stat().st_size}
    (run / "report.json").write_text(json.dumps(report, indent=1))
    figures = card.face(report, BASIC)
    card.update(models / f"{NAME}.md", figures)
    print(figures)
