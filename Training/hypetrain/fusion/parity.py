"""Numbers that the Swift fusion must repeat: ``python -m hypetrain.fusion parity``.

Readings are computed from a formula on both sides; the fixture holds what ``Models/fusion.json`` and ``fusion-early.onnx``
make of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from hypetrain import metrics
from hypetrain.fusion import branches, late
from hypetrain.labels import BASIC, EMOTIONS
from hypetrain.parity import ROOT, noise, rounded

FIXTURE = ROOT / "Tests/HypeEmotionTests/Parity/fusion.json"
CASES = (
    {"name": "both sure", "seed": 1, "sharpness": 4, "face": 0.2, "voice": 0.2},
    {"name": "both sure, other answers", "seed": 2, "sharpness": 5, "face": 0.2, "voice": 0.2},
    {"name": "both sure, one close to certain", "seed": 3, "sharpness": 30, "face": 0.2, "voice": 0.2},
    {"name": "both unsure", "seed": 4, "sharpness": 1, "face": 0.95, "voice": 0.95},
    {"name": "face unsure", "seed": 5, "sharpness": 2, "face": 0.99, "voice": 0.1},
    {"name": "voice unsure", "seed": 6, "sharpness": 2, "face": 0.1, "voice": 0.99},
    {"name": "no voice", "seed": 7, "sharpness": 3, "face": 0.2, "voice": None},
    {"name": "no voice, face unsure", "seed": 8, "sharpness": 1, "face": 0.99, "voice": None},
    {"name": "no face", "seed": 9, "sharpness": 3, "face": None, "voice": 0.2},
)
"""``face`` and ``voice`` are the branches' own thresholds, ``None`` where a branch is missing."""


def reading(seed: int, sharpness: float, classes: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Made-up probabilities ``[1, classes]`` and embedding ``[1, width]`` (0…2)."""
    random = noise(classes + width, seed)
    powers = np.exp(sharpness * random[:classes])
    return (powers / powers.sum())[None], (random[classes:] + 1).astype(np.float32)[None]


def case(document: dict, session, name: str, seed: int, sharpness: float, face: float | None, voice: float | None) -> dict:
    """One case with the answers of both fusions."""
    widths = document["early"]
    faces = reading(seed, sharpness, len(BASIC), widths["face"]) if face is not None else None
    voices = reading(seed + 100, sharpness, len(EMOTIONS), widths["voice"]) if voice is not None else None
    scores = (None if faces is None else faces[0], None if voices is None else branches.basic(voices[0]))
    pools = {way: late.Pool.of(pool) for way, pool in document["late"].items()}
    judge = late.Late(pools, (face or 0, voice or 0))
    way = str(judge.ways(*scores)[0])
    probabilities, threshold = judge(*scores)

    def head(seen: bool, heard: bool) -> np.ndarray:
        zeros = {"face": np.zeros((1, widths["face"]), np.float32), "voice": np.zeros((1, widths["voice"]), np.float32)}
        feed = {"face": faces[1] if seen else zeros["face"], "voice": voices[1] if heard else zeros["voice"],
                "present": np.array([[seen, heard]], np.float32)}
        return metrics.softmax(session.run(["logits"], feed)[0].astype(np.float64))[0]

    together = head(way != late.VOICE, way != late.FACE)
    shares = [float(way == late.FACE), float(way == late.VOICE)]
    if way == late.BOTH:
        answer = together.argmax()
        missed = [max(0, np.log(together[answer] / max(head(*sides)[answer], 1e-6)))
                  for sides in ((False, True), (True, False))]
        shares = [share / sum(missed) for share in missed] if sum(missed) > 0 else [0.5, 0.5]
    return {
        "name": name, "seed": seed, "sharpness": sharpness, "face": face, "voice": voice, "way": way,
        "late": {"scores": rounded(probabilities[0], 7), "threshold": float(threshold[0]),
                 "shares": [pools[way].share, 1 - pools[way].share]},
        "early": {"scores": rounded(together, 7), "threshold": document["early"]["thresholds"][way],
                  "shares": rounded(shares, 6)},
    }


def write(models: Path) -> None:
    """Writes the fixture of the Swift tests."""
    document = json.loads((models / "fusion.json").read_text())
    session = branches.session(models / "fusion-early.onnx")
    content = {"sha256": document["sha256"], "cases": [case(document, session, **settings) for settings in CASES]}
    FIXTURE.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(FIXTURE.relative_to(ROOT), FIXTURE.stat().st_size, "bytes")
