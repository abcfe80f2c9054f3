"""Faces and voices of the same emotion put together, for want of people whose face and voice were recorded at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hypetrain.fusion.branches import Branch


@dataclass
class Pairs:
    """Which face goes with which voice, as places in two branches; both have the pair's label."""

    face: np.ndarray
    voice: np.ndarray
    labels: np.ndarray

    def scores(self, faces: Branch, voices: Branch) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities of both sides, ``[n, 7]`` each."""
        return faces.scores[self.face], voices.scores[self.voice]

    def embeddings(self, faces: Branch, voices: Branch) -> tuple[np.ndarray, np.ndarray]:
        """Embeddings of both sides."""
        return faces.embedding[self.face], voices.embedding[self.voice]


def draw(faces: Branch, voices: Branch, rounds: int, generator: np.random.Generator) -> Pairs:
    """Gives each face ``rounds`` voices of its emotion: the speaker first, then one of that speaker's clips.

    Faces of an emotion that no speaker has are left out.
    """
    places = {(label, person): np.flatnonzero((voices.labels == label) & (voices.people == person))
              for label in np.unique(voices.labels) for person in np.unique(voices.people)}
    face, voice = [], []
    for label in np.unique(faces.labels):
        people = [found for (wanted, _), found in places.items() if wanted == label and len(found)]
        if not people:
            continue
        mine = np.tile(np.flatnonzero(faces.labels == label), rounds)
        face.append(mine)
        speakers = generator.integers(0, len(people), len(mine))
        voice.append(np.array([generator.choice(people[speaker]) for speaker in speakers]))
    face, voice = np.concatenate(face), np.concatenate(voice)
    return Pairs(face, voice, faces.labels[face])
