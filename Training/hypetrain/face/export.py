"""Calibration, measurement and export of the face network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from hypetrain import card, embedding, metrics, onnxfile, plots
from hypetrain.face import calibrate, data, evaluate, excitement
from hypetrain.face.net import SIZE, DeployedFace, FaceNet
from hypetrain.face.train import predict
from hypetrain.labels import BASIC

NAME = "face-expression"
ANSWER_ACCURACY = 0.5
"""The network abstains where its answers would be right less often than this."""
SIDES = (36, 40, 44, 48)
"""Sides that the 48 pixels may be scaled to inside the graph; PublicTest chooses."""


def export(source: Path, run: Path, models: Path, version: str, private: bool, terms: str,
           corpora: str) -> None:
    """Writes ``face-expression.onnx``, its sidecar, the card's figures and pictures from ``last.pt``.

    Calibration and threshold come from PublicTest. PrivateTest is looked at only where ``private`` says so, and after
    everything else is decided. ``terms`` names data and licence in the sidecar, ``corpora`` the
    collections, separated by commas, whose pictures outside of their test part the network has seen.
    """
    saved = torch.load(run / "last.pt", weights_only=True)
    net = FaceNet()
    net.load_state_dict(saved["state"])
    net = net.to(memory_format=torch.channels_last)
    device = torch.device("cpu")
    public = data.load(source, "public")
    views = {side: predict(net, public.images, device, side) for side in SIDES}
    side = min(SIDES, key=lambda side: calibrate.cross_validate(views[side], public.labels,
                                                                calibrate.fit_temperature)["likelihood"])
    logits = views[side]
    calibration, calibrations = calibrate.fit(logits, public.labels)
    threshold = metrics.abstain_threshold(metrics.softmax(calibration(logits)), public.labels, ANSWER_ACCURACY)
    report = {
        "plan": saved["plan"], "pass": saved["pass"] + 1, "epoch": saved["epoch"], "side": side,
        "sides": {str(s): float((view.argmax(1) == public.labels).mean()) for s, view in views.items()},
        "calibrations": calibrations,
        "temperature": calibration.temperature, "offsets": calibration.offsets.tolist(), "threshold": threshold,
        "public": evaluate.measure(calibration(logits), public.labels),
        "robustness": evaluate.robustness(lambda images: calibration(predict(net, images, device, side)),
                                          public.images[::3], public.labels[::3]),
    }
    report["excitement"] = excitement.separation(metrics.softmax(calibration(logits)), public.labels)
    if private:
        test = data.load(source, "private")
        report["private"] = evaluate.measure(calibration(predict(net, test.images, device, side)), test.labels)
    deployed = DeployedFace(net, calibration.temperature, calibration.offsets, side).eval()
    models.mkdir(exist_ok=True)
    path = models / f"{NAME}.onnx"
    onnxfile.save(deployed, torch.zeros(1, 1, SIZE, SIZE), path, "face", ["logits"], {
        "name": NAME, "version": version, "labels": list(BASIC),
        "input": {"name": "face", "shape": ["n", 1, SIZE, SIZE], "range": [0, 255], "colour": "grey"},
        "outputs": {"logits": ["n", len(BASIC)]},
        "temperature": round(calibration.temperature, 4), "offsets": [round(float(v), 4) for v in calibration.offsets],
        "threshold": threshold, "side": side, "parameters": sum(p.numel() for p in net.parameters()),
        "data": terms, "heard": {corpus: ["*"] for corpus in corpora.split(",") if corpus}, "plan": saved["plan"],
    })
    embedding.upgrade(path, version)
    batch = public.images[:16].astype(np.float32)[:, None]
    report |= {"agreement": onnxfile.agreement(deployed, path, batch),
               "milliseconds": onnxfile.milliseconds(path, [1, 1, SIZE, SIZE]),
               "parameters": sum(p.numel() for p in net.parameters()), "bytes": path.stat().st_size}
    (run / "report.json").write_text(json.dumps(report, indent=1))
    shown = "private" if private else "public"
    pictures = plots.write(models, NAME, report[shown], BASIC, threshold,
                           "PrivateTest" if private else "PublicTest")
    figures = card.face(report, BASIC) + "\n\n" + pictures
    card.update(models / f"{NAME}.md", figures)
    print(figures)
