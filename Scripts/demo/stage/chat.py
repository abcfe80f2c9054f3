"""The chat of a made-up stream, with the statistics of real chats.

Measured on large channels: about 130 messages a minute; counts far more scattered than Poisson; the top 1 % of
people write about a fifth of the messages; one message in six laughs; a burst rises in 8…12 s to six times the
usual rate, halves in 7…8 s, brings more distinct people (0.69…0.80 unique per message against 0.56…0.69) and more
repeated texts.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib

import numpy as np

from .plan import ChatCue, Plan

TALK = (
    "hello everyone",
    "first time here",
    "what level is this",
    "that ship looks nice",
    "music is good today",
    "what keyboard do you use",
    "how long is the game",
    "I came from work just now",
    "is this hard mode",
    "the sky looks great",
    "you missed the upgrade",
    "go left",
    "no go right",
    "good evening from Norway",
    "the boss has two phases",
    "I would use the shield now",
    "what is the record",
    "brb food",
    "dinner time",
    "how was your week",
    "nice one",
    "careful",
    "same",
    "true",
    "yes",
    "no",
    "what",
    "lol",
    "ok",
    "hmm",
    "this part took me an hour",
    "did you sleep well",
    "who made the soundtrack",
    "you were on level 5 yesterday",
    "the second moon is worse",
    "my cat is watching too",
    "any tips for beginners",
    "what is that noise",
    "we believe",
    "the asteroid field is pretty",
    "I like the slow parts",
    "did she say two minutes",
)
LAUGHS = ("LUL", "KEKW", "haha", "LOL", "hahaha", "OMEGALUL", "lmao", "KEKW KEKW")
HYPE = (
    "POGGERS",
    "LETS GOOO",
    "OMG",
    "WHAT",
    "NO WAY",
    "Pog",
    "PogChamp",
    "W",
    "WWWW",
    "HYPE",
    "LETS GO",
    "CLIP IT",
    "CLIP THAT",
    "insane",
    "HOLY",
    "WTF",
    "GG",
    "she did it",
    "that shot",
    "!!!!!",
    "PogChamp PogChamp",
    "clip",
)
PASTA = (
    "the commander never misses, the commander only gives asteroids a second chance",
    "I told my boss I am in a meeting and the meeting is this stream, please say hello to my boss",
)
GREETINGS = ("raid!", "hello from the raid", "RAID", "hi everyone", "we are here", "raid hype", "hey hey")
FIRST = (
    "pixel",
    "turbo",
    "lazy",
    "night",
    "cosmic",
    "tiny",
    "salty",
    "mellow",
    "neon",
    "quiet",
    "rusty",
    "lucky",
    "frozen",
    "sneaky",
    "happy",
    "iron",
    "velvet",
    "wild",
    "sleepy",
    "paper",
)
SECOND = (
    "otter",
    "falcon",
    "wizard",
    "toast",
    "panda",
    "comet",
    "badger",
    "noodle",
    "pilot",
    "goblin",
    "fox",
    "raven",
    "walnut",
    "lemon",
    "knight",
    "moth",
    "tiger",
    "robot",
    "turnip",
    "yeti",
)


@dataclasses.dataclass(frozen=True)
class Message:
    """One line of chat; `notice` is Twitch's `msg-id` for system lines."""

    time: float
    user: int
    text: str
    notice: str | None = None


class Room:
    """The people, and what they write."""

    def __init__(self, plan: Plan, people: int = 700) -> None:
        self.plan = plan
        self.random = np.random.default_rng(plan.seed + 3)
        names = [f"{a}_{b}{n}" for n in ("", "7", "99") for a in FIRST for b in SECOND]
        self.random.shuffle(names)
        self.names: list[str] = names[:people]
        # Few write much: shares that fall as 1/rank^0.8, flattened at the top, give the top 1 % a fifth.
        weight = 1.0 / (np.arange(people) + 2.0) ** 0.85
        self.weight = weight / weight.sum()

    def newcomers(self, count: int, prefix: str) -> list[int]:
        """Adds people who were never seen before and returns their numbers."""
        first = len(self.names)
        self.names += [f"{prefix}{self.random.integers(1000, 9999)}_{i}" for i in range(count)]
        return list(range(first, first + count))

    def messages(self) -> list[Message]:
        """The whole chat in order of time."""
        lines = self._usual()
        for cue in self.plan.chats:
            lines += getattr(self, f"_{cue.kind}")(cue)
        lines = [m for m in lines if 0 <= m.time < self.plan.duration]
        return sorted(lines, key=lambda m: m.time)

    def _usual(self) -> list[Message]:
        """Small talk whose rate wanders (a log-normal rate that forgets itself within 20 s)."""
        step = 0.5
        count = int(self.plan.duration / step) + 1
        keep = np.exp(-step / 20.0)
        level, wander = 0.0, np.empty(count)
        for index in range(count):
            level = level * keep + self.random.normal() * 0.32 * np.sqrt(1 - keep**2)
            wander[index] = np.exp(level - 0.32**2 / 2)
        counts = self.random.poisson(self.plan.messages_per_minute / 60 * step * wander)
        strangers = self.random.choice(len(self.weight), size=int(counts.sum()), p=self.weight)
        out: list[Message] = []
        for index, number in enumerate(counts):
            for _ in range(number):
                time = (index + self.random.random()) * step
                user = int(strangers[len(out)])
                if len(out) > 12 and self.random.random() < 0.42:  # people talk with each other
                    user = out[-1 - int(self.random.integers(0, 12))].user
                out.append(Message(time, user, self._small_talk()))
        return out

    def _small_talk(self) -> str:
        draw = self.random.random()
        if draw < 0.16:
            return str(self.random.choice(LAUGHS))
        if draw < 0.18:
            return str(self.random.choice(PASTA))
        if draw < 0.21:
            return str(self.random.choice(HYPE))
        return str(self.random.choice(TALK))

    def _burst(self, cue: ChatCue) -> list[Message]:
        """True hype: many people, alike words, up in 9 s and down by half in 8 s."""
        base = self.plan.messages_per_minute / 60
        peak = 5.5 * cue.size * base
        out, time = [], 0.0
        rare = 1.0 / (np.arange(len(self.weight)) + 30.0) ** 0.6
        rare /= rare.sum()
        while time < 45.0:
            rise = 1 / (1 + np.exp(-(time - 5.0) / 1.6))
            fall = 0.5 ** (max(0.0, time - 10.0) / 8.0)
            rate = peak * rise * fall
            time += 0.25
            for _ in range(self.random.poisson(rate * 0.25)):
                user = int(self.random.choice(len(rare), p=rare))
                text = str(self.random.choice(HYPE if self.random.random() < 0.72 else LAUGHS))
                if self.random.random() < 0.08:
                    text = self._small_talk()
                out.append(Message(cue.start + time + self.random.random() * 0.25, user, text))
        return out

    def _gift(self, cue: ChatCue) -> list[Message]:
        """System lines of a gift storm within about 8 s, and a few thanks."""
        giver = int(self.random.integers(20, 60))
        number = int(60 * cue.size)
        name = self.names[giver]
        out = [Message(cue.start, giver, f"{name} is gifting {number} Tier 1 Subs to the community!", "submysterygift")]
        for index in range(number):
            receiver = int(self.random.integers(0, len(self.weight)))
            text = f"{name} gifted a Tier 1 sub to {self.names[receiver]}!"
            out.append(Message(cue.start + 0.3 + index * 8.0 / number, giver, text, "subgift"))
        for _ in range(7):
            user = int(self.random.choice(len(self.weight), p=self.weight))
            out.append(Message(cue.start + float(self.random.uniform(2, 12)), user, "thanks for the gift"))
        return out

    def _raid(self, cue: ChatCue) -> list[Message]:
        """A raid notice, then greetings of people never seen before."""
        number = int(120 * cue.size)
        people = self.newcomers(number, "raider")
        leader = people[0]
        text = f"{number} raiders from {self.names[leader]} have joined!"
        out = [Message(cue.start, leader, text, "raid")]
        for user in people:
            for _ in range(1 + self.random.poisson(0.25)):
                at = cue.start + 1.0 + float(self.random.gamma(2.0, 6.0))
                out.append(Message(at, user, str(self.random.choice(GREETINGS))))
        return out

    def _spam(self, cue: ChatCue) -> list[Message]:
        """Three people write a line each third of a second."""
        people = [int(u) for u in self.random.choice(200, 3, replace=False)]
        texts = ("BUY FOLLOWERS", "PogChamp PogChamp PogChamp", "spam spam spam")
        return [
            Message(cue.start + k / 3 + float(self.random.uniform(0, 0.3)), people[k % 3], texts[k % 3])
            for k in range(60)
        ]

    def _botnet(self, cue: ChatCue) -> list[Message]:
        """Forty new accounts, one text."""
        people = self.newcomers(40, "user")
        text = "free skins at the usual place, hurry up"
        return [Message(cue.start + float(self.random.uniform(0, 20)), u, text) for u in people for _ in range(2)]


def twitch_downloader(room: Room, lines: list[Message]) -> dict[str, object]:
    """The document that TwitchDownloader writes for a chat."""
    duration = room.plan.duration
    comments = []
    for index, line in enumerate(lines):
        name = room.names[line.user]
        stamp = f"2026-01-01T20:{int(line.time // 60):02d}:{line.time % 60:06.3f}Z"
        comments.append(
            {
                "_id": f"demo-{room.plan.seed}-{index:06d}",
                "created_at": stamp,
                "channel_id": "1000",
                "content_type": "video",
                "content_id": "2000",
                "content_offset_seconds": round(line.time, 3),
                "commenter": {"display_name": name, "_id": str(5000 + line.user), "name": name},
                "message": {
                    "body": line.text,
                    "bits_spent": 0,
                    "fragments": [{"text": line.text, "emoticon": None}],
                    "user_badges": [],
                    "user_color": None,
                    "emoticons": [],
                    "user_notice_params": {"msg-id": line.notice},
                },
            }
        )
    video = {
        "title": "Level seven, no shields",
        "id": "2000",
        "created_at": "2026-01-01T20:00:00Z",
        "start": 0.0,
        "end": duration,
        "length": duration,
        "viewCount": 1200,
        "game": "Space shooter",
    }
    return {
        "FileInfo": {"Version": {"Major": 1, "Minor": 4, "Patch": 0}, "CreatedAt": "2026-01-01T21:00:00Z"},
        "streamer": {"name": "nova_commander", "login": "nova_commander", "id": 1000},
        "video": video,
        "comments": comments,
    }


def write(room: Room, lines: list[Message], path: pathlib.Path) -> None:
    """Writes the chat as a TwitchDownloader document."""
    path.write_text(json.dumps(twitch_downloader(room, lines), indent=1) + "\n")
