"""Emotion names, their order in the networks' outputs, and the synonyms that data sets use.

The same list and synonyms as ``Emotion`` in ``Sources/HypeCore``; the two must not drift apart.
"""

from __future__ import annotations

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "calm")
"""Order of the voice network's ``logits``."""

BASIC = EMOTIONS[:7]
"""Order of the face network's ``logits``."""

_SYNONYMS = {
    "angry": ("angry", "anger", "ang", "mad"),
    "disgust": ("disgust", "disgusted", "dis"),
    "fear": ("fear", "fearful", "fea", "scared"),
    "happy": ("happy", "happiness", "hap", "joy", "joyful"),
    "sad": ("sad", "sadness"),
    "surprise": ("surprise", "surprised", "sur", "ps", "pleasant_surprise"),
    "neutral": ("neutral", "neu"),
    "calm": ("calm", "calmness"),
}
_INDEX = {name: EMOTIONS.index(emotion) for emotion, names in _SYNONYMS.items() for name in names}

AROUSAL = {
    "angry": 0.90, "disgust": 0.50, "fear": 0.80, "happy": 0.75,
    "sad": 0.30, "surprise": 0.75, "neutral": 0.30, "calm": 0.15, "boredom": 0.10,
}
"""Arousal target, 0 (asleep) to 1 (explosive), of an emotion acted at middle strength.

No corpus here carries arousal ratings, so the target is a table: the order follows Russell's circumplex
(Journal of Personality and Social Psychology 39, 1980), the distances are ours.
"""

INTENSITY_STEP = 0.12
"""Added where the actor was told to be strong, subtracted where weak."""


def emotion_index(label: str) -> int | None:
    """Position of a label in :data:`EMOTIONS`; ``None`` for a name that is no class here, such as boredom."""
    return _INDEX.get(label.strip().lower())


def arousal_target(label: str, intensity: int = 0) -> float:
    """Arousal target of a clip.

    ``intensity`` is -1 (weak), 0 (middle or unknown) or 1 (strong). Calm and neutral have no strengths.
    """
    index = emotion_index(label)
    name = EMOTIONS[index] if index is not None else label.strip().lower()
    step = 0.0 if name in ("neutral", "calm", "boredom") else INTENSITY_STEP * intensity
    return min(max(AROUSAL[name] + step, 0.02), 0.98)
