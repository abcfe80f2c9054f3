"""Numbers that the Swift pipeline must repeat: front-ends, windows, nets and figures of merit.

``python -m hypetrain.parity`` computes inputs from formulas (no sound and no picture is committed), runs the reference
in NumPy and ONNX Runtime over ``Models/*.onnx`` and writes the fixtures of the Swift tests. Run it again whenever a
model is replaced: the fixtures carry the checksums of the models that they belong to, and the tests refuse others.

    PYTHONPATH=Training python -m hypetrain.parity
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime

from hypetrain import metrics
from hypetrain.labels import BASIC, EMOTIONS
from hypetrain.logmel import SAMPLE_RATE, log_mel
from hypetrain.voice.data import speech_bounds
from hypetrain.voice.evaluate import windows

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "Tests/HypeEmotionTests/Parity/parity.json"
METRICS = ROOT / "Tests/HypeEvaluationTests/Fixtures/metrics.json"

SOUNDS = (
    {"name": "rising, long", "seconds": 4.1, "begin": 0.4, "end": 3.6, "pitch": 140, "rise": 60, "noise": 0.0005, "seed": 1},
    {"name": "short, centred", "seconds": 1.3, "begin": 0.3, "end": 0.9, "pitch": 210, "rise": -40, "noise": 0.001, "seed": 2},
    {"name": "noisy, exact hops", "seconds": 3.0, "begin": 0.0, "end": 3.0, "pitch": 110, "rise": 10, "noise": 0.05, "seed": 3},
)
MOUTHS = (1.2, 3.0, 5.5)
EYES = (
    {"right": (72.0, 61.0), "left": (111.5, 69.25)},
    {"right": (4.0, 9.0), "left": (21.0, 9.0)},
    {"right": (190.0, 120.0), "left": (206.0, 104.0)},
)


def noise(count: int, seed: int) -> np.ndarray:
    """Numbers in -1…1 from a linear congruential generator (Numerical Recipes)."""
    state, values = seed, np.empty(count)
    for index in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values[index] = state / 2**31 - 1
    return values


def sound(seconds: float, begin: float, end: float, pitch: float, rise: float, noise: float, seed: int, **_) -> np.ndarray:
    """A gliding tone with harmonics and syllables between ``begin`` and ``end``, over noise. Float32, mono, 16 kHz."""
    count = round(seconds * SAMPLE_RATE)
    time = np.arange(count) / SAMPLE_RATE
    phase = 2 * np.pi * (pitch * time + rise * time * time)
    tone = sum(np.sin(k * phase) / k for k in range(1, 13))
    envelope = np.where((time >= begin) & (time < end), 0.5 + 0.5 * np.sin(2 * np.pi * 3 * time), 0)
    return (0.12 * envelope * tone + noise * globals()["noise"](count, seed)).astype(np.float32)


def face(mouth: float) -> np.ndarray:
    """A bright oval with dark eyes and a mouth that is open by ``mouth`` pixels. Float32 ``[48, 48]``, 0…255."""
    y, x = np.mgrid[0:48, 0:48].astype(np.float64)

    def spot(cx: float, cy: float, wide: float, high: float) -> np.ndarray:
        return np.exp(-(((x - cx) / wide) ** 2 + ((y - cy) / high) ** 2))

    grey = 90 + 70 * spot(24, 25, 15, 20) - 80 * spot(15, 19, 3.5, 2.2) - 80 * spot(33, 19, 3.5, 2.2)
    grey -= 70 * spot(24, 37, 8, mouth)
    return (grey + 8 * noise(48 * 48, 7).reshape(48, 48)).astype(np.float32)


def picture() -> np.ndarray:
    """Three triangle waves in whole numbers. RGB ``[160, 210, 3]``, 0…255."""
    y, x = np.mgrid[0:160, 0:210]

    def wave(n: np.ndarray) -> np.ndarray:
        return np.abs(n % 510 - 255)

    return np.stack([wave(3 * x + 2 * y), wave(2 * x + 5 * y + 60), wave(x * y // 16)], axis=-1)


def align(rgb: np.ndarray, right: tuple[float, float], left: tuple[float, float]) -> np.ndarray:
    """The cut that ``FaceAligner`` makes: both eyes at fixed places of 48×48 grey pixels."""
    template_right, template_left = complex(15.1, 18.8), complex(32.9, 18.8)
    eye = complex(*right)
    factor = (complex(*left) - eye) / (template_left.real - template_right.real)
    steps = int(min(8, max(1, np.ceil(abs(factor)))))
    inside = (np.arange(48 * steps) + 0.5) / steps
    place = eye + factor * ((inside[None, :] + 1j * inside[:, None]) - template_right)
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    height, width = grey.shape
    x, y = np.clip(place.real - 0.5, 0, width - 1), np.clip(place.imag - 0.5, 0, height - 1)
    column, row = np.minimum(x.astype(int), width - 2), np.minimum(y.astype(int), height - 2)
    dx, dy = x - column, y - row
    upper = grey[row, column] * (1 - dx) + grey[row, column + 1] * dx
    lower = grey[row + 1, column] * (1 - dx) + grey[row + 1, column + 1] * dx
    return (upper * (1 - dy) + lower * dy).reshape(48, steps, 48, steps).mean((1, 3))


def rounded(values: np.ndarray, digits: int = 6) -> list:
    return np.round(np.asarray(values, np.float64), digits).tolist()


def identity(name: str) -> dict:
    content = (ROOT / f"Models/{name}.onnx").read_bytes()
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest()}


def session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(ROOT / f"Models/{name}.onnx", options, providers=["CPUExecutionProvider"])


def voices() -> list[dict]:
    net = session("voice-emotion")
    sidecar = json.loads((ROOT / "Models/voice-emotion.json").read_text())
    result = []
    for settings in SOUNDS:
        samples = sound(**settings)
        samples = samples / max(np.abs(samples).max(), 1e-4)
        begin, end = speech_bounds(samples)
        pieces = windows(SimpleNamespace(samples=samples, begin=begin, end=end))
        mel = np.stack([log_mel(piece) for piece in pieces])
        logits, arousal, embedding = net.run(["logits", "arousal", "embedding"], {"mel": mel[:, None]})
        probabilities = metrics.softmax(logits.astype(np.float64))
        clip = probabilities.mean(0) ** (1 / sidecar.get("clipTemperature", 1))
        result.append(settings | {
            "bounds": [int(begin), int(end)], "windows": len(pieces),
            "melFrames": rounded(mel[0][:, ::8].T), "bandMeans": rounded(mel.mean(2)),
            "probabilities": rounded(probabilities), "arousal": rounded(arousal[:, 0]),
            "clip": rounded(clip / clip.sum()), "clipArousal": round(float(arousal.mean()), 6),
            "embedding": rounded(embedding.mean(0)),
        })
    return result


def faces() -> list[dict]:
    net = session("face-expression")
    result = []
    for mouth in MOUTHS:
        logits, embedding = net.run(["logits", "embedding"], {"face": face(mouth)[None, None]})
        result.append({"mouth": mouth, "probabilities": rounded(metrics.softmax(logits[0].astype(np.float64))),
                       "embedding": rounded(embedding[0])})
    return result


def cuts() -> list[dict]:
    rgb = picture()
    return [eyes | {"pixels": rounded(align(rgb, eyes["right"], eyes["left"]).ravel(), 3)} for eyes in EYES]


def figures() -> dict:
    """Figures of merit of made-up answers of seven people; classes and answers from the generator above."""
    count, classes = 240, len(BASIC)
    random = (noise(count * (classes + 2), 11) + 1) / 2
    raw = random[:count * classes].reshape(count, classes)
    labels = (random[count * classes:count * (classes + 1)] * classes).astype(int)
    people = (random[count * (classes + 1):] * 7).astype(int)
    scores = raw ** 2
    scores[np.arange(count), labels] += 0.6 * (people + 1) / 7
    probabilities = scores / scores.sum(1, keepdims=True)
    answers = probabilities.argmax(1)

    def interval(measure) -> list[float]:
        spread = metrics.bootstrap(measure, labels, answers, people, rounds=20_000)
        return [spread.low, spread.high]

    return {
        "labels": labels.tolist(), "people": people.tolist(), "probabilities": rounded(probabilities, 9),
        "confusion": metrics.confusion(labels, answers, classes).tolist(),
        "uar": metrics.uar(labels, answers), "war": metrics.war(labels, answers),
        "ece": metrics.ece(probabilities, labels),
        "reliability": metrics.reliability(probabilities, labels),
        "abstention": metrics.abstention(probabilities, labels, (0.0, 0.2, 0.3, 0.4)),
        "uarInterval": interval(metrics.uar), "warInterval": interval(metrics.war),
    }


def write(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(path.relative_to(ROOT), path.stat().st_size, "bytes")


def main() -> None:
    write(PIPELINE, {
        "generator": f"numpy {np.__version__}, onnxruntime {onnxruntime.__version__}",
        "models": [identity("face-expression"), identity("voice-emotion")], "emotions": EMOTIONS,
        "voices": voices(), "faces": faces(), "cuts": cuts(),
    })
    write(METRICS, figures())


if __name__ == "__main__":
    main()
