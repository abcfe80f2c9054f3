"""What happens in a made-up stream, and when: the one source that every track and the truth file are made from."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import random

KINDS = ("chat", "voice", "face")

CALM_LINES = (
    "Okay, so the plan is, we take the lower path.",
    "I want to keep the shields for the boss.",
    "Somebody asked about the keyboard. It is a very old one.",
    "Let me just turn the music down a little.",
    "We have about two minutes before the next wave.",
    "I think I missed an upgrade back there.",
    "This part is mostly waiting, to be honest.",
    "If you are new here, welcome. We are on level seven.",
    "Hm. I am not sure about that door.",
    "I had a sandwich before the stream. It was fine.",
    "The asteroid field is slow, so we take our time.",
    "Last week we got as far as the second moon.",
    "I will check the map for a moment.",
    "Right. Nothing here. We move on.",
    "There should be a repair station somewhere on the left.",
)
EXCITED_LINES = (
    "Oh my god! Oh my god!",
    "No way! No way! Did you see that?",
    "We did it! Let's go! Let's go!",
    "That was insane! What a shot!",
    "Yes! Yes! Come on! Come on!",
    "He is down! The boss is down!",
    "I can't believe it! That's the record!",
    "Chat! Chat! Look at that! Unbelievable!",
)
LAUGH_LINE = "Aha ha ha ha ha! Ha ha ha!"


@dataclasses.dataclass(frozen=True)
class Span:
    """A stretch of the stream, seconds."""

    start: float
    end: float

    def overlaps(self, other: Span, margin: float = 0.0) -> bool:
        """Whether the two touch, with a margin around this one."""
        return self.start - margin < other.end and other.start < self.end + margin


@dataclasses.dataclass(frozen=True)
class Speech:
    """Something said: from `start` on; `until` cuts what would last longer."""

    start: float
    text: str
    mood: str  # calm, excited, laugh
    until: float | None = None


@dataclasses.dataclass(frozen=True)
class FaceCue:
    """An expression held during a span; strengths in 0…1. `still` keeps the lips nearly closed while speaking."""

    span: Span
    joy: float = 0.0
    surprise: float = 0.0
    still: bool = False


@dataclasses.dataclass(frozen=True)
class ChatCue:
    """Something in chat from `start` on: burst, gift, raid, spam or botnet; `size` 1 is usual."""

    start: float
    kind: str
    size: float = 1.0


@dataclasses.dataclass(frozen=True)
class GameCue:
    """Something that happens in the game: explosion, boss."""

    time: float
    kind: str
    size: float = 1.0
    length: float = 1.0


@dataclasses.dataclass(frozen=True)
class Moment:
    """A planted hype moment: what `kinds` show it, and the name of the scene."""

    span: Span
    kinds: tuple[str, ...]
    label: str


@dataclasses.dataclass(frozen=True)
class Decoy:
    """Something loud that is no moment; `kinds` says in which signal it shows."""

    span: Span
    type: str
    kinds: tuple[str, ...]


@dataclasses.dataclass
class Plan:
    """A whole stream. Use the `add_` methods; then `talk()` fills the rest with calm speech."""

    duration: float
    seed: int = 1
    chat_lag: float = 3.5
    messages_per_minute: float = 130.0
    webcam: bool = True
    chat: bool = True
    speech: list[Speech] = dataclasses.field(default_factory=list)
    faces: list[FaceCue] = dataclasses.field(default_factory=list)
    chats: list[ChatCue] = dataclasses.field(default_factory=list)
    game: list[GameCue] = dataclasses.field(default_factory=list)
    covered: list[Span] = dataclasses.field(default_factory=list)
    muted: list[Span] = dataclasses.field(default_factory=list)
    moments: list[Moment] = dataclasses.field(default_factory=list)
    decoys: list[Decoy] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def add_moment(self, start: float, length: float, kinds: tuple[str, ...], label: str, size: float = 1.0) -> None:
        """Plants a moment that shows in `kinds` only; the other signals stay calm on purpose."""
        span = Span(start, min(self.duration, start + length))
        self.moments.append(Moment(span, tuple(k for k in KINDS if k in kinds), label))
        if "voice" in kinds:
            self._shout(span)
        if "face" in kinds:
            half = span.start + min(2.5, (span.end - span.start) / 2)
            self.faces.append(FaceCue(Span(span.start, half), joy=0.35, surprise=0.9))
            self.faces.append(FaceCue(Span(half, span.end), joy=1.0, surprise=0.15))
        elif "voice" in kinds:
            self.faces.append(FaceCue(span, still=True))
        if "chat" in kinds:
            self.chats.append(ChatCue(span.start + self.chat_lag, "burst", size))
        self.game.append(GameCue(max(0.0, span.start - 1.0), "explosion", 0.8))
        if len(kinds) == 3:
            self.game.append(GameCue(max(0.0, span.start - 14.0), "boss", 1.0, 14.0))

    def _shout(self, span: Span) -> None:
        lines = list(EXCITED_LINES)
        self.random.shuffle(lines)
        self.speech.append(Speech(span.start, " | ".join(lines), "excited", until=span.end))

    def add_gift_storm(self, start: float, gifts: int = 60) -> None:
        """A viewer gives many subscriptions at once: system lines flood the chat, few people speak."""
        self.chats.append(ChatCue(start, "gift", gifts / 60))
        self.decoys.append(Decoy(Span(start, start + 14.0), "gift-storm", ("chat",)))

    def add_raid(self, start: float, raiders: int = 120) -> None:
        """Another channel's viewers arrive and say hello."""
        self.chats.append(ChatCue(start, "raid", raiders / 120))
        self.decoys.append(Decoy(Span(start, start + 40.0), "raid", ("chat",)))

    def add_spam(self, start: float, kind: str = "spam") -> None:
        """Three people flood the chat, or (`botnet`) forty new accounts repeat one text."""
        self.chats.append(ChatCue(start, kind))
        self.decoys.append(Decoy(Span(start, start + 20.0), f"chat-{kind}", ("chat",)))

    def add_laugh(self, start: float) -> None:
        """The streamer laughs once, at nothing: no cheering face, nobody else reacts."""
        self.speech.append(Speech(start, LAUGH_LINE, "laugh", until=start + 2.2))
        self.faces.append(FaceCue(Span(start, start + 2.2), still=True))
        self.decoys.append(Decoy(Span(start, start + 2.2), "lone-laugh", ("voice",)))

    def add_explosion(self, start: float) -> None:
        """The game is very loud for two seconds and nobody cares."""
        self.game.append(GameCue(start, "explosion", 2.4))
        self.decoys.append(Decoy(Span(start, start + 2.5), "loud-game", ("voice",)))

    def talk(self, share: float = 0.45) -> None:
        """Fills what is left with calm sentences and pauses; `share` of the time is spoken."""
        busy = [Span(s.start, s.until or s.start + 4.0) for s in self.speech] + [m.span for m in self.moments]
        lines: list[str] = []
        time = self.random.uniform(0.6, 1.6)
        while time < self.duration - 3.5:
            if not lines:
                lines = list(CALM_LINES)
                self.random.shuffle(lines)
            span = Span(time, time + 3.6)
            blocked = [b for b in busy if b.overlaps(span, margin=1.4)]
            if blocked:
                time = max(b.end for b in blocked) + 1.5
                continue
            self.speech.append(Speech(time, lines.pop(), "calm", until=span.end))
            time = span.end + self.random.uniform(0.5, 1.5) * 3.0 * (1 - share) / share
        self.speech.sort(key=lambda s: s.start)

    def truth(self, camera: tuple[int, int, int, int] | None, **more: object) -> dict[str, object]:
        """The truth document: seconds of the stream, and where the camera is (x, y, width, height in pixels)."""
        document: dict[str, object] = {"version": 1, "duration": self.duration, "seed": self.seed, **more}
        document["camera"] = dict(zip(("x", "y", "width", "height"), camera)) if camera else None
        document["chatLag"] = self.chat_lag if self.chat else None
        document["moments"] = [
            {"start": round(m.span.start, 3), "end": round(m.span.end, 3), "kinds": list(m.kinds), "label": m.label}
            for m in sorted(self.moments, key=lambda m: m.span.start)
        ]
        document["decoys"] = [
            {"start": round(d.span.start, 3), "end": round(d.span.end, 3), "type": d.type, "kinds": list(d.kinds)}
            for d in sorted(self.decoys, key=lambda d: d.span.start)
        ]
        return document

    def write_truth(self, path: pathlib.Path, camera: tuple[int, int, int, int] | None, **more: object) -> None:
        """Writes the truth document as JSON."""
        path.write_text(json.dumps(self.truth(camera, **more), indent=2) + "\n")
