"""Calibration, measurement and export of the voice network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from hypetrain import card, metrics, onnxfile
from hypetrain.labels import EMOTIONS
from hypetrain.logmel import BANDS, FRAME, FRAMES, HOP, SAMPLE_RATE, log_mel
from hypetrain.voice import synth
from hypetrain.voice.augment import Stream
from hypetrain.voice.data import Clip, split_of
from hypetrain.voice.evaluate import Answers, answer, figures, ranking, windows
from hypetrain.voice.net import DeployedVoice, VoiceNet, example

NAME = "voice-emotion"
ANSWER_ACCURACY = 0.5
"""The network abstains where its answers would be right less often than this."""
HIGH = ("angry", "fear", "happy", "surprise")
LOW = ("sad", "neutral", "calm")


def _load(run: Path) -> tuple[VoiceNet, dict]:
    saved = torch.load(run / "last.pt", weights_only=True)
    net = VoiceNet()
    net.load_state_dict(saved["state"])
    return net.to(memory_format=torch.channels_last), saved


def _mask(answers: Answers, corpus: str) -> np.ndarray:
    return np.array([clip.corpus == corpus for clip in answers.clips])


def _corpora(answers: Answers, temperature: float) -> dict:
    """Figures per corpus: all its emotions, and CREMA-D also between happy and sad only."""
    result = {}
    for corpus in sorted({clip.corpus for clip in answers.clips}):
        mask = _mask(answers, corpus)
        result[corpus] = figures(answers, mask, temperature)
        if corpus == "crema-d":
            result["crema-d happy/sad"] = figures(answers, mask, temperature, ("happy", "sad"))
        for sex in ("female", "male"):
            part = mask & np.array([clip.sex == sex for clip in answers.clips])
            if part.any():
                result[corpus][sex] = metrics.uar(answers.labels[part], answers.choices(part))
    return result


def evaluate(clips: list[Clip], run: Path) -> dict:
    """Fits the temperature on the validation speakers and measures the test speakers; prints and saves the report."""
    net, saved = _load(run)
    fold = saved["plan"]["fold"] if saved["plan"]["fold"] >= 0 else None
    device = torch.device("cpu")
    held = answer(net, [c for c in clips if split_of(c, fold) == "validation" and c.label >= 0], device)
    temperature = metrics.fit_temperature(held.logits, held.window_labels)
    threshold = metrics.abstain_threshold(metrics.softmax(held.logits / temperature), held.window_labels,
                                          ANSWER_ACCURACY)
    unseen = [c for c in clips if split_of(c, fold) == "test" and c.label >= 0]
    test = answer(net, unseen, device)
    everything = metrics.softmax(test.logits / temperature)
    report = {
        "epoch": saved["epoch"], "plan": saved["plan"], "temperature": temperature, "threshold": threshold,
        "test": _corpora(test, temperature),
        "windows": {
            "n": len(everything), "accuracy": metrics.war(test.window_labels, everything.argmax(1)),
            "ece": metrics.ece(everything, test.window_labels),
            "reliability": metrics.reliability(everything, test.window_labels),
            "abstention": metrics.abstention(everything, test.window_labels, (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)),
        },
        "arousal": {},
    }
    for corpus in ("ravdess", "emodb", "crema-d"):
        mask = _mask(test, corpus)
        names = np.array([EMOTIONS[label] for label in test.labels])
        judged = mask & np.isin(names, HIGH + LOW)
        if judged.any():
            report["arousal"][corpus] = ranking(test.clip_arousal()[judged], np.isin(names[judged], HIGH))
    stream = Stream(synth.bank(3, seed=9_001), seed=9_001)
    for decibel in (15, 10, 5, 0):
        noisy = answer(net, unseen, device, lambda part, level=decibel: stream.mix(
            part, stream.background(len(part)), torch.full((len(part),), float(level))))
        report[f"game sound {decibel} dB"] = {
            corpus: metrics.uar(noisy.labels[_mask(noisy, corpus)], noisy.choices(_mask(noisy, corpus)))
            for corpus in ("ravdess", "emodb")}
        mask = _mask(noisy, "crema-d")
        report[f"game sound {decibel} dB"]["crema-d happy/sad"] = metrics.uar(
            noisy.labels[mask], noisy.choices(mask, ("happy", "sad")))
    (run / "report.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report["test"], indent=1))
    return report


def export(clips: list[Clip], run: Path, models: Path, version: str) -> None:
    """Writes ``voice-emotion.onnx`` and ``.json`` with the temperature folded in, and every figure into the card."""
    report = evaluate(clips, run)
    net, _ = _load(run)
    deployed = DeployedVoice(net.to(memory_format=torch.contiguous_format), report["temperature"]).eval()
    models.mkdir(exist_ok=True)
    path = models / f"{NAME}.onnx"
    onnxfile.save(deployed, example(), path, "mel", ["logits", "arousal"], {
        "name": NAME, "version": version, "labels": list(EMOTIONS),
        "input": {"name": "mel", "shape": ["n", 1, BANDS, FRAMES], "sampleRate": SAMPLE_RATE, "frame": FRAME,
                  "hop": HOP, "bands": BANDS, "scale": "natural log of Slaney mel power, floor 1e-10"},
        "outputs": {"logits": ["n", len(EMOTIONS)], "arousal": ["n", 1]},
        "temperature": round(report["temperature"], 4), "threshold": report["threshold"],
        "parameters": sum(p.numel() for p in net.parameters()),
        "plan": report["plan"] | {"epoch": report["epoch"]},
        "data": "RAVDESS (CC BY-NC-SA 4.0), TESS (CC BY-NC-ND 4.0), EmoDB (research), CREMA-D happy and sad (ODbL 1.0)",
    })
    batch = np.concatenate([windows(clip)[:1] for clip in clips[:16]])
    mel = np.stack([log_mel(samples) for samples in batch])[:, None]
    report["agreement"] = onnxfile.agreement(deployed, path, mel)
    report["milliseconds"] = onnxfile.milliseconds(path, [1, 1, BANDS, FRAMES])
    report |= {"parameters": sum(p.numel() for p in net.parameters()), "bytes": path.stat().st_size}
    (run / "report.json").write_text(json.dumps(report, indent=1))
    figures = card.voice(report, EMOTIONS)
    card.update(models / f"{NAME}.md", figures)
    print(figures)
