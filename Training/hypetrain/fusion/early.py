"""Early fusion: one small head over the embeddings of both branches.

Either side may be missing: in training a side is taken away from some of the pairs, and two numbers tell the head what is
there. The embeddings are centred and scaled, dropped out and mixed with noise, for they are few against 544 columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hypetrain import metrics
from hypetrain.fusion import late, pairs
from hypetrain.fusion.branches import Branch

WAYS = (late.BOTH, late.FACE, late.VOICE)
PRESENT = {late.BOTH: (1.0, 1.0), late.FACE: (1.0, 0.0), late.VOICE: (0.0, 1.0)}


@dataclass(frozen=True)
class Plan:
    """How the head is trained."""

    hidden: int = 48
    epochs: int = 10
    batch: int = 256
    rate: float = 2e-3
    decay: float = 0.05
    dropout: float = 0.5
    """Of single numbers of the embeddings and of the hidden layer."""
    missing: float = 0.3
    """Share of the pairs that lose a side, one or the other."""
    smoothing: float = 0.05
    seed: int = 1


class Head(nn.Module):
    """``face`` ``[n, 160]``, ``voice`` ``[n, 384]``, ``present`` ``[n, 2]`` (1 or 0) to calibrated ``logits`` ``[n, 7]``.

    What a missing side's columns hold does not matter, as long as they are finite.
    """

    def __init__(self, faces: int, voices: int, classes: int, hidden: int, dropout: float):
        super().__init__()
        for name, width in (("face", faces), ("voice", voices)):
            self.register_buffer(f"{name}_mean", torch.zeros(width))
            self.register_buffer(f"{name}_scale", torch.ones(width))
        self.register_buffer("sharpness", torch.ones(3))
        self.first = nn.Linear(faces + voices + 2, hidden)
        self.last = nn.Linear(hidden, classes)
        self.inputs, self.inside = nn.Dropout(dropout), nn.Dropout(dropout)

    def settle(self, face: torch.Tensor, voice: torch.Tensor) -> None:
        """Takes mean and scale from the training rows; one scale per side keeps the columns' own proportions."""
        for name, rows in (("face", face), ("voice", voice)):
            getattr(self, f"{name}_mean").copy_(rows.mean(0))
            getattr(self, f"{name}_scale").fill_(1 / float(rows.std(0).square().mean().sqrt()))

    def raw(self, face: torch.Tensor, voice: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """Logits before the temperature."""
        here = present > 0.5
        sides = [torch.where(here[:, :1], (face - self.face_mean) * self.face_scale, torch.zeros_like(face)),
                 torch.where(here[:, 1:], (voice - self.voice_mean) * self.voice_scale, torch.zeros_like(voice))]
        x = torch.cat([*(self.inputs(side) for side in sides), present], 1)
        return self.last(self.inside(F.relu(self.first(x))))

    def forward(self, face: torch.Tensor, voice: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        f, v = present[:, :1], present[:, 1:]
        both, one, other = self.sharpness[0], self.sharpness[1], self.sharpness[2]
        return self.raw(face, voice, present) * (f * v * both + f * (1 - v) * one + (1 - f) * v * other)


def train(faces: Branch, voices: Branch, classes: int, plan: Plan) -> Head:
    """A head for label-matched pairs, new ones in each epoch.

    A voice that loses its face is replaced by any clip: the emotions of voices alone are as frequent as the clips have
    them, not as the faces' pictures have them.
    """
    torch.manual_seed(plan.seed)
    generator = np.random.default_rng(plan.seed)
    head = Head(faces.embedding.shape[1], voices.embedding.shape[1], classes, plan.hidden, plan.dropout)
    head.settle(torch.from_numpy(faces.embedding), torch.from_numpy(voices.embedding))
    optimiser = torch.optim.AdamW(head.parameters(), lr=plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * -(-len(faces.labels) // plan.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, steps)
    for _ in range(plan.epochs):
        drawn = pairs.draw(faces, voices, 1, generator)
        order = generator.permutation(len(drawn.labels))
        for rows in np.array_split(order, -(-len(order) // plan.batch)):
            luck = generator.random(len(rows))
            faceless, voiceless = luck < plan.missing / 2, luck > 1 - plan.missing / 2
            heard = np.where(faceless, generator.integers(0, len(voices.labels), len(rows)), drawn.voice[rows])
            labels = np.where(faceless, voices.labels[heard], drawn.labels[rows])
            present = torch.from_numpy(np.stack([~faceless, ~voiceless], 1).astype(np.float32))
            face = torch.from_numpy(faces.embedding[drawn.face[rows]])
            loss = F.cross_entropy(head.raw(face, torch.from_numpy(voices.embedding[heard]), present),
                                   torch.from_numpy(labels), label_smoothing=plan.smoothing)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return head.eval()


def answer(head: Head, face: np.ndarray | None, voice: np.ndarray | None, raw: bool = False) -> np.ndarray:
    """Logits of rows that all have the same sides."""
    count = len(face if face is not None else voice)
    sides = [torch.zeros(count, width) if side is None else torch.from_numpy(side)
             for side, width in ((face, len(head.face_mean)), (voice, len(head.voice_mean)))]
    present = torch.tensor([[float(face is not None), float(voice is not None)]]).expand(count, 2)
    with torch.no_grad():
        return (head.raw if raw else head)(*sides, present).numpy().astype(np.float64)


@dataclass
class Early:
    """A head with its thresholds; who drops out is decided as in late fusion."""

    head: Head
    thresholds: dict[str, float]
    unsure: tuple[float, float]
    """Confidence under which the face and the voice by themselves are unsure."""
    drops: bool = True

    def __call__(self, face: Branch | None, voice: Branch | None) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities ``[n, 7]`` and the threshold of each row."""
        chosen = late.ways(None if face is None else face.scores, None if voice is None else voice.scores, self.unsure,
                           self.drops)
        logits = np.zeros((len(chosen), self.head.last.out_features))
        for way in np.unique(chosen):
            rows, (f, v) = chosen == way, PRESENT[way]
            logits[rows] = answer(self.head, face.embedding[rows] if f else None, voice.embedding[rows] if v else None)
        return metrics.softmax(logits), np.array([self.thresholds[way] for way in chosen])


def fit(faces: Branch, voices: Branch, classes: int, unsure: tuple[float, float], plan: Plan, drops: bool = True,
        parts: int = 4) -> Early:
    """Trains the head on everything; temperatures and thresholds come from heads that saw only a part of it.

    Faces and speakers are parted; each part is answered by a head that saw neither its faces nor its speakers.
    """
    generator = np.random.default_rng(plan.seed)
    of_face = generator.permutation(len(faces.labels)) % parts
    people = generator.permutation(np.unique(voices.people))
    of_voice = {person: place % parts for place, person in enumerate(people)}
    part_of_voice = np.array([of_voice[person] for person in voices.people])
    raw: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    truth: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    for part in range(parts):
        head = train(faces.only(of_face != part), voices.only(part_of_voice != part), classes, plan)
        held, heard = faces.only(of_face == part), voices.only(part_of_voice == part)
        drawn = pairs.draw(held, heard, 2, generator)
        both = late.ways(*drawn.scores(held, heard), unsure, drops) == late.BOTH
        face, voice = (side[both] for side in drawn.embeddings(held, heard))
        for way, sides, labels in ((late.BOTH, (face, voice), drawn.labels[both]),
                                   (late.FACE, (held.embedding, None), held.labels),
                                   (late.VOICE, (None, heard.embedding), heard.labels)):
            raw[way].append(answer(head, *sides, raw=True))
            truth[way].append(labels)
    head, thresholds = train(faces, voices, classes, plan), {}
    for place, way in enumerate(WAYS):
        logits, labels = np.concatenate(raw[way]), np.concatenate(truth[way])
        temperature = metrics.fit_temperature(logits, labels)
        head.sharpness[place] = 1 / temperature
        thresholds[way] = metrics.abstain_threshold(metrics.softmax(logits / temperature), labels, late.ANSWER_ACCURACY)
    return Early(head, thresholds, unsure, drops)
