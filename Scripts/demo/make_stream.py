#!/usr/bin/env python3
"""Makes a demo stream: stream.mp4 (1280x720, 30 fps), chat.json (TwitchDownloader's format) and truth.json.

Nothing of it is in the repository: a space shooter that plays itself, a webcam with a public-domain portrait whose
expression changes, speech by espeak-ng, synthesised music and a synthetic chat. The same seed makes the same stream.
truth.json says where the moments and the decoys are.

Needs ffmpeg, espeak-ng, and the Python packages of Scripts/demo/requirements.txt
(`Scripts/demo/python` runs a script with them, installing them under .deps/demo on first use).
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import tempfile
import time

import numpy as np
from stage import chat, encode, game, panel, portrait, sound, voice, webcam
from stage.plan import Plan

SIZE = (1280, 720)
CAMERA = (24, 456, 320, 240)
"""Where the webcam is in the picture: x, y, width, height in pixels."""

CHAT_PLACE = (936, 366)


def demo_plan(seconds: float, seed: int) -> Plan:
    """Three true moments and five decoys, spread over the stream.

    A chat must be known for about two minutes before its bursts count, so moments with chat come late. A shorter stream
    is squeezed.
    """
    plan = Plan(seconds, seed)
    scale = seconds / 300.0
    plan.add_moment(34 * scale, 8.0, ("voice", "face"), "a new record, while the chat sleeps")
    plan.add_laugh(62 * scale)
    plan.add_explosion(78 * scale)
    plan.add_spam(98 * scale)
    plan.add_moment(146 * scale, 10.0, ("chat", "voice", "face"), "the boss goes down")
    plan.add_gift_storm(204 * scale)
    plan.add_moment(240 * scale, 9.0, ("chat", "voice"), "a wild shot, told with a straight face")
    plan.talk()
    return plan


FAST = ("-preset", "ultrafast", "-bf", "2", "-crf", "25")
"""How the demo's picture is encoded: quickly."""


def make_movie(
    plan: Plan,
    room: chat.Room,
    lines: list[chat.Message],
    photograph: pathlib.Path,
    movie: pathlib.Path,
    encoding: tuple[str, ...] = FAST,
    last_filter: str = "null",
) -> None:
    """Makes the video file of a plan; `encoding` and `last_filter` are ffmpeg's."""
    speech = voice.track(plan)
    stage = game.Game(plan)
    sprites = webcam.SpriteBook(portrait.Portrait(photograph))
    camera = webcam.Webcam(plan, sprites, voice.envelope(speech, webcam.RATE))
    sprites.prepare(camera.expressions())
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        encode.write_wave(folder / "voice.wav", speech, voice.RATE)
        encode.write_wave(folder / "game.wav", sound.track(plan, stage.shots), sound.RATE)
        border = 4
        layers = [
            encode.Layer(stage.frames, (game.WIDTH, game.HEIGHT), 30, "rgb24"),
            encode.Layer(
                lambda: panel.framed(camera.frames(), border),
                (webcam.WIDTH + 2 * border, webcam.HEIGHT + 2 * border),
                webcam.RATE,
                "rgb0",
                (CAMERA[0] - border, CAMERA[1] - border),
            ),
            encode.Layer(
                lambda: panel.chat_frames(plan, room, lines),
                (panel.WIDTH, panel.HEIGHT),
                panel.RATE,
                "rgba",
                CHAT_PLACE,
            ),
            encode.Layer(lambda: iter([np.asarray(panel.badge())]), (300, 40), 1, "rgba", (SIZE[0] - 320, 16)),
        ]
        output = ["-c:v", "libx264", *encoding, "-g", "60", "-keyint_min", "60", "-sc_threshold", "0"]
        output += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k", "-t", str(plan.duration)]
        output += ["-movflags", "+faststart", str(movie)]
        encode.encode(layers, [folder / "voice.wav", folder / "game.wav"], SIZE, output, last_filter)


def make(plan: Plan, photograph: pathlib.Path, out: pathlib.Path) -> None:
    """Makes the three files of a plan in `out`; they appear only when all are complete."""
    out.mkdir(parents=True, exist_ok=True)
    room = chat.Room(plan)
    lines = room.messages()
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        folder = pathlib.Path(temporary)
        make_movie(plan, room, lines, photograph, folder / "stream.mp4")
        chat.write(room, lines, folder / "chat.json")
        plan.write_truth(folder / "truth.json", CAMERA, video="stream.mp4", chat="chat.json", containerStart=0.0)
        for name in ("stream.mp4", "chat.json", "truth.json"):
            (folder / name).replace(out / name)


def main() -> None:
    """Reads the command line and makes the stream."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the three files")
    parser.add_argument("--seconds", type=float, default=300.0, help="length of the stream (at least 180; default 300)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same stream (default 1)")
    parser.add_argument(
        "--portrait", type=pathlib.Path, help="astronaut.png (default: the one Scripts/demo/python brings)"
    )
    arguments = parser.parse_args()
    if arguments.seconds < 180:
        parser.error("--seconds: at least 180, or the moments do not fit")
    try:
        photograph = portrait.find(arguments.portrait)
        began = time.monotonic()
        make(demo_plan(arguments.seconds, arguments.seed), photograph, arguments.out)
    except (portrait.WrongPortrait, encode.EncodingFailed, RuntimeError) as error:
        sys.exit(f"make_stream: {error}")
    print(f"Made {arguments.out}/stream.mp4 ({arguments.seconds:.0f} s) in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
