"""Writes the network that ships, its sidecar, and every figure into its card."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from hypetrain import card, embedding, onnxfile
from hypetrain.labels import EMOTIONS
from hypetrain.logmel import BANDS, FRAME, FRAMES, HOP, SAMPLE_RATE, log_mel
from hypetrain.voice import text
from hypetrain.voice.data import TERMS, Clip
from hypetrain.voice.evaluate import windows
from hypetrain.voice.net import DeployedVoice, VoiceNet, example
from hypetrain.voice.report import SHIPPED, Calibration, fold_run, load, measure, single
from hypetrain.voice.train import Plan

NAME = "voice-emotion"


def _heard(clips: list[Clip], plan: Plan) -> dict[str, list[str]]:
    """Speakers of each corpus that taught or calibrated the network; ``hypeclip evaluate`` does not test on them."""
    speakers: dict[str, set[str]] = {}
    for clip in clips:
        if plan.split_of(clip) != "test":
            speakers.setdefault(clip.corpus, set()).add(clip.speaker)
    return {corpus: sorted(names) for corpus, names in sorted(speakers.items())}


def _sidecar(net: VoiceNet, plan: Plan, calibration: Calibration, version: str, clips: list[Clip]) -> dict:
    corpora = sorted({clip.corpus for clip in clips if plan.split_of(clip) == "train"})
    return {
        "name": NAME, "version": version, "labels": list(EMOTIONS),
        "input": {"name": "mel", "shape": ["n", 1, BANDS, FRAMES], "sampleRate": SAMPLE_RATE, "frame": FRAME,
                  "hop": HOP, "bands": BANDS, "scale": "natural log of Slaney mel power, floor 1e-10"},
        "outputs": {"logits": ["n", len(EMOTIONS)], "arousal": ["n", 1]},
        "temperature": round(calibration.temperature, 4), "threshold": calibration.threshold,
        "clipTemperature": round(calibration.clip_temperature, 4), "clipThreshold": calibration.clip_threshold,
        "parameters": sum(p.numel() for p in net.parameters()), "plan": vars(plan),
        "data": ", ".join(TERMS.get(corpus, corpus) for corpus in corpora), "heard": _heard(clips, plan),
    }


def save(run: Path, clips: list[Clip], calibration: Calibration, models: Path, version: str) -> tuple[Path, DeployedVoice]:
    """Writes ``voice-emotion.onnx`` with the temperature folded in, and ``voice-emotion.json``."""
    net, plan = load(run)
    deployed = DeployedVoice(net.to(memory_format=torch.contiguous_format), calibration.temperature).eval()
    models.mkdir(exist_ok=True)
    path = models / f"{NAME}.onnx"
    onnxfile.save(deployed, example(), path, "mel", ["logits", "arousal"], _sidecar(
        net, plan, calibration, version, clips))
    embedding.upgrade(path, version)
    return path, deployed


def export(clips: list[Clip], runs: Path, models: Path, version: str) -> None:
    """Measures, then writes the ONNX file, its sidecar, the card's figures and its pictures."""
    report, calibration = measure(clips, runs)
    path, deployed = save(fold_run(runs, SHIPPED), clips, calibration, models, version)
    batch = np.concatenate([windows(clip)[:1] for clip in clips[:16]])
    mel = np.stack([log_mel(samples) for samples in batch])[:, None]
    cost = {"parameters": sum(p.numel() for p in deployed.parameters()), "bytes": path.stat().st_size,
            "agreement": onnxfile.agreement(deployed, path, mel),
            "milliseconds": onnxfile.milliseconds(path, [1, 1, BANDS, FRAMES])}
    written = text.figures(report, cost, models)
    card.update(models / f"{NAME}.md", written)
    print(written)


def export_single(clips: list[Clip], run: Path, models: Path, version: str) -> None:
    """The same for one run on any data; the card, which describes the shipped data, stays as it is."""
    _, calibration = single(clips, run)
    save(run, clips, calibration, models, version)
