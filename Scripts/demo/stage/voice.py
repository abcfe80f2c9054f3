"""The streamer's voice: espeak-ng, from calm to shouting."""

from __future__ import annotations

import dataclasses
import functools
import io
import shutil
import subprocess
import wave

import numpy as np

from .plan import Plan, Speech

RATE = 22_050
"""Samples per second of espeak-ng, and of the whole voice track."""


@dataclasses.dataclass(frozen=True)
class Mood:
    """How espeak-ng says a line: pitch 0…99, words per minute, amplitude 0…200, and the level it is brought to."""

    pitch: int
    speed: int
    amplitude: int
    level: float  # dBFS, root mean square of the spoken part
    raise_pitch: str | None = None


MOODS = {
    "calm": Mood(28, 140, 80, -27.0),
    "excited": Mood(85, 210, 200, -13.5, "+60%"),
    "laugh": Mood(70, 250, 160, -16.0, "+40%"),
}


@functools.lru_cache(maxsize=512)
def say(text: str, mood_name: str) -> np.ndarray:
    """One line as float samples in -1…1, without the silence at its ends."""
    if shutil.which("espeak-ng") is None:
        raise RuntimeError("espeak-ng is missing: run Scripts/bootstrap demo (or apt-get install espeak-ng)")
    mood = MOODS[mood_name]
    words = text.replace("&", "and").replace("<", "")
    if mood.raise_pitch:
        words = f'<speak><prosody pitch="{mood.raise_pitch}" range="x-high">{words}</prosody></speak>'
    command = ["espeak-ng", "-v", "en-us+f3", "-p", str(mood.pitch), "-s", str(mood.speed), "-a", str(mood.amplitude)]
    made = subprocess.run([*command, "-m", "--stdout"], input=words.encode(), capture_output=True, check=True)
    # espeak-ng cannot know the length when it writes to a pipe, so the header lies: read the samples behind it.
    data = made.stdout[44:] if made.stdout[36:40] == b"data" else b""
    if not data:
        with wave.open(io.BytesIO(made.stdout)) as file:
            data = file.readframes(file.getnframes())
    samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if len(loud) == 0:
        return samples[:0]
    samples = samples[loud[0] : loud[-1] + 1]
    spoken = samples[np.abs(samples) > 0.01]
    gain = 10 ** (mood.level / 20) / float(np.sqrt(np.mean(spoken**2)))
    return np.tanh(samples * gain)


def _piece(speech: Speech) -> np.ndarray:
    """A cue's samples; several lines (split by `|`) follow each other until the time is used up."""
    parts: list[np.ndarray] = []
    lines = speech.text.split(" | ")
    limit = None if speech.until is None else int((speech.until - speech.start) * RATE)
    length, turn = 0, 0
    while turn < len(lines) or (limit is not None and len(lines) > 1 and length < limit):
        part = say(lines[turn % len(lines)], speech.mood)
        pause = np.zeros(int(0.12 * RATE), np.float32)
        parts += [part, pause]
        length += len(part) + len(pause)
        turn += 1
        if limit is not None and length >= limit:
            break
    whole = np.concatenate(parts)
    if limit is not None and len(whole) > limit:
        whole = whole[:limit].copy()
        fade = min(len(whole), int(0.06 * RATE))
        whole[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return whole


def track(plan: Plan) -> np.ndarray:
    """The whole voice track, mono float samples at `RATE`; silent where the microphone is muted."""
    samples = np.zeros(int(plan.duration * RATE), np.float32)
    for speech in plan.speech:
        start = int(speech.start * RATE)
        piece = _piece(speech)[: max(0, len(samples) - start)]
        samples[start : start + len(piece)] += piece
    for span in plan.muted:
        samples[int(span.start * RATE) : int(span.end * RATE)] = 0
    return samples


def envelope(samples: np.ndarray, rate: float) -> np.ndarray:
    """Loudness of the voice as mouth opening 0…1, `rate` values per second."""
    hop = RATE / rate
    count = int(len(samples) / hop)
    power = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    edges = (np.arange(count + 1) * hop).astype(int)
    level = np.sqrt(np.maximum(0.0, np.diff(power[edges])) / hop)
    decibels = 20 * np.log10(level + 1e-6)
    return np.clip((decibels + 42.0) / 34.0, 0.0, 1.0)
