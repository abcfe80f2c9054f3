"""The planted scenarios: what happens in each, and how it is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from stage.plan import CALM_LINES, FaceCue, Plan, Span, Speech

ALL = ("chat", "voice", "face")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One recording to make."""

    name: str
    seconds: float
    fill: Callable[[Plan], None]
    container: str = "mp4"  # mp4, mkv, ts, flv
    webcam: bool = True
    chat: bool = True
    chat_lag: float = 3.5
    variable_rate: bool = False
    start: float = 0.0  # time stamp of the first picture, seconds

    def plan(self, seed: int) -> Plan:
        """The filled plan."""
        plan = Plan(self.seconds, seed, self.chat_lag, webcam=self.webcam, chat=self.chat)
        self.fill(plan)
        plan.talk()
        return plan


def _all_three(plan: Plan) -> None:
    plan.add_moment(84.0, 9.0, ALL, "all three at once")


def _chat_voice(plan: Plan) -> None:
    plan.add_moment(80.0, 8.0, ("chat", "voice"), "told with a straight face")


def _voice_face(plan: Plan) -> None:
    plan.add_moment(40.0, 8.0, ("voice", "face"), "a joy that nobody writes about")


def _chat_face(plan: Plan) -> None:
    plan.add_moment(82.0, 8.0, ("chat", "face"), "speechless")


def _no_webcam(plan: Plan) -> None:
    plan.add_moment(85.0, 8.0, ("chat", "voice"), "heard only")


def _no_chat(plan: Plan) -> None:
    plan.add_moment(30.0, 8.0, ("voice", "face"), "first of two")
    plan.add_moment(75.0, 7.0, ("voice", "face"), "second of two")


def _several(plan: Plan) -> None:
    """Three bursts, which is what it takes to learn how late a chat is; as far apart as in a lively stream."""
    for index in range(3):
        plan.add_moment(90.0 + 125.0 * index, 8.0, ("chat", "voice"), f"number {index + 1}")


def _camera_covered(plan: Plan) -> None:
    plan.add_moment(84.0, 9.0, ("chat", "voice"), "behind a hand")
    plan.covered.append(Span(78.0, 104.0))


def _silent_microphone(plan: Plan) -> None:
    plan.add_moment(84.0, 9.0, ("chat", "face"), "the microphone is off")
    plan.muted.append(Span(0.0, plan.duration))


def _raid(plan: Plan) -> None:
    plan.add_raid(70.0)
    plan.add_moment(140.0, 8.0, ALL, "after the raid")


def _gift_storm(plan: Plan) -> None:
    plan.add_gift_storm(66.0)
    plan.add_moment(112.0, 8.0, ALL, "after the gifts")


def _laughs(plan: Plan) -> None:
    plan.add_laugh(30.0)
    plan.add_explosion(52.0)
    plan.add_laugh(76.0)


def _floods(plan: Plan) -> None:
    plan.add_spam(60.0, "spam")
    plan.add_spam(95.0, "botnet")


def _close_together(plan: Plan) -> None:
    plan.add_moment(78.0, 7.0, ALL, "first of a pair")
    plan.add_moment(90.0, 7.0, ("voice", "face"), "second of a pair")


def _edges(plan: Plan) -> None:
    """Near the start: less than the pre-roll before the moment, and a voice known by a sentence or two only."""
    plan.speech.append(Speech(0.3, " | ".join(CALM_LINES[:3]), "calm", until=7.5))
    plan.add_moment(9.0, 6.5, ("voice", "face"), "near the start")
    plan.add_moment(plan.duration - 8.0, 8.0, ("voice", "face"), "at the very end")


def _loud_and_alone(plan: Plan) -> None:
    """A cheering face while the chat greets a raid elsewhere in time, and shouts without anybody: never two at once."""
    plan.add_raid(62.0, 90)
    plan.faces.append(FaceCue(Span(30.0, 36.0), joy=1.0))
    plan.add_explosion(48.0)
    plan.add_gift_storm(118.0, 80)


CATALOGUE = (
    Scenario("all-three", 115.0, _all_three),
    Scenario("chat-voice", 112.0, _chat_voice, container="mkv"),
    Scenario("voice-face", 80.0, _voice_face, container="ts"),
    Scenario("chat-face", 112.0, _chat_face, container="flv"),
    Scenario("no-webcam", 115.0, _no_webcam, container="mkv", webcam=False),
    Scenario("no-chat", 100.0, _no_chat, chat=False),
    Scenario("chat-lag-8", 400.0, _several, webcam=False, chat_lag=8.0),
    Scenario("chat-lag-15", 410.0, _several, container="flv", webcam=False, chat_lag=15.0),
    Scenario("camera-covered", 118.0, _camera_covered, container="mkv"),
    Scenario("microphone-silent", 115.0, _silent_microphone),
    Scenario("raid", 172.0, _raid, container="ts"),
    Scenario("gift-storm", 145.0, _gift_storm),
    Scenario("laughs-and-bangs", 100.0, _laughs, container="mkv"),
    Scenario("chat-floods", 130.0, _floods),
    Scenario("close-together", 122.0, _close_together),
    Scenario("at-the-edges", 60.0, _edges, container="mkv"),
    Scenario("variable-rate", 115.0, _all_three, variable_rate=True),
    Scenario("late-clock", 115.0, _all_three, container="ts", start=3600.0),
    Scenario("loud-and-alone", 150.0, _loud_and_alone, container="flv"),
)
