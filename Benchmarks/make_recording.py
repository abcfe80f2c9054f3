#!/usr/bin/env python3
"""Makes the recording that the benchmarks run on: ten minutes of 1280x720 at 30 fps and 4.5 Mbit/s, with chat.

Writes recording.mp4, chat.json and truth.json. The picture is that of the demo under film grain, so that decoding
costs what real streams of that bit rate cost. It is made once for 200 s and repeated without another encoding; the
chat is new for every second. Run it by Scripts/demo/python, which brings numpy, Pillow and the portrait.
"""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Scripts" / "demo"))

from make_stream import CAMERA, make_movie  # noqa: E402
from stage import chat, encode, portrait  # noqa: E402
from stage.plan import Plan, Span  # noqa: E402

PART = 200.0
"""Seconds that are made; the rest repeats them."""

REALISTIC = ("-preset", "veryfast", "-bf", "2", "-b:v", "4500k", "-maxrate", "4500k", "-bufsize", "9000k")
GRAIN = "noise=alls=9:allf=t"


def part_plan(seed: int) -> Plan:
    """Half an ordinary stretch of a stream, then a moment: one in 200 s."""
    plan = Plan(PART, seed)
    plan.add_laugh(40.0)
    plan.add_explosion(70.0)
    plan.add_gift_storm(98.0)
    plan.add_moment(140.0, 10.0, ("chat", "voice", "face"), "the boss goes down")
    plan.talk()
    return plan


def repeated(part: Plan, times: int) -> Plan:
    """A plan for the whole recording, with what matters to chat and truth; the other tracks are those of the part."""
    plan = Plan(part.duration * times, part.seed)
    for turn in range(times):
        offset = turn * part.duration

        def later(span: Span, offset: float = offset) -> Span:
            return Span(span.start + offset, span.end + offset)

        plan.chats += [dataclasses.replace(cue, start=cue.start + offset) for cue in part.chats]
        plan.moments += [dataclasses.replace(moment, span=later(moment.span)) for moment in part.moments]
        plan.decoys += [dataclasses.replace(decoy, span=later(decoy.span)) for decoy in part.decoys]
    return plan


def main() -> None:
    """Reads the command line and makes the recording."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the three files")
    parser.add_argument("--minutes", type=float, default=10.0, help="length, rounded up to 200 s (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same recording (default 1)")
    parser.add_argument(
        "--portrait", type=pathlib.Path, help="astronaut.png (default: the one Scripts/demo/python brings)"
    )
    arguments = parser.parse_args()
    began = time.monotonic()
    times = max(1, -int(-arguments.minutes * 60 // PART))
    part = part_plan(arguments.seed)
    whole = repeated(part, times)
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        photograph = portrait.find(arguments.portrait)
        with tempfile.TemporaryDirectory(dir=arguments.out) as temporary:
            folder = pathlib.Path(temporary)
            part_room, room = chat.Room(part), chat.Room(whole)
            make_movie(part, part_room, part_room.messages(), photograph, folder / "part.mp4", REALISTIC, GRAIN)
            command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", str(times - 1)]
            command += ["-i", str(folder / "part.mp4"), "-c", "copy", "-t", str(whole.duration)]
            subprocess.run([*command, "-movflags", "+faststart", str(folder / "recording.mp4")], check=True)
            chat.write(room, room.messages(), folder / "chat.json")
            whole.write_truth(
                folder / "truth.json", CAMERA, video="recording.mp4", chat="chat.json", containerStart=0.0
            )
            for name in ("recording.mp4", "chat.json", "truth.json"):
                (folder / name).replace(arguments.out / name)
    except (portrait.WrongPortrait, encode.EncodingFailed, subprocess.CalledProcessError, RuntimeError) as error:
        sys.exit(f"make_recording: {error}")
    print(f"Made {arguments.out}/recording.mp4 ({whole.duration:.0f} s) in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
