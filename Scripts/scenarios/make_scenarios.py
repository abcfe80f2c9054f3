#!/usr/bin/env python3
"""Makes planted scenarios: small recordings with chat, whose moments and decoys are known.

Each gets a folder under --out with recording.(mp4|mkv|ts|flv), chat.json and truth.json. The same seed makes the same
scenarios. `score.py` compares what `hypeclip analyze --json` says with the truth.

Run it by Scripts/demo/python, which brings numpy, Pillow and the portrait.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))

from catalogue import CATALOGUE, Scenario  # noqa: E402
from stage import chat, encode, game, panel, portrait, sound, voice, webcam  # noqa: E402
from stage.plan import Plan  # noqa: E402

SIZE, RATE = (640, 360), 24
CAMERA = (12, 198, 200, 150)
"""Where the webcam is in the picture: x, y, width, height in pixels."""

BORDER = 4

MUXERS = {
    "mp4": ["-movflags", "+faststart"],
    "mkv": [],
    "ts": ["-f", "mpegts"],
    "flv": ["-f", "flv"],
}


class Take:
    """One scenario with its tracks prepared."""

    def __init__(self, scenario: Scenario, seed: int, sprites: webcam.SpriteBook) -> None:
        self.scenario = scenario
        self.plan: Plan = scenario.plan(seed)
        self.speech = voice.track(self.plan)
        self.camera = webcam.Webcam(self.plan, sprites, voice.envelope(self.speech, webcam.RATE))

    def make(self, out: pathlib.Path) -> None:
        """Writes the files; they appear only when all are complete."""
        plan, scenario = self.plan, self.scenario
        folder = out / scenario.name
        folder.mkdir(parents=True, exist_ok=True)
        stage = game.Game(plan)
        layers = [encode.Layer(lambda: stage.frames(RATE), (game.WIDTH, game.HEIGHT), RATE, "rgb24")]
        if scenario.webcam:
            layers.append(self._webcam_layer())
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            work = pathlib.Path(temporary)
            encode.write_wave(work / "voice.wav", self.speech, voice.RATE)
            encode.write_wave(work / "game.wav", sound.track(plan, stage.shots), sound.RATE)
            recording = f"recording.{scenario.container}"
            thinned = "select='not(mod(floor(n/96),2)*mod(n,3))+not(n)'" if scenario.variable_rate else "null"
            output = ["-fps_mode", "vfr" if scenario.variable_rate else "cfr"]
            output += ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-crf", "25", "-g", str(2 * RATE)]
            output += ["-keyint_min", str(2 * RATE), "-sc_threshold", "0", "-pix_fmt", "yuv420p"]
            output += ["-c:a", "aac", "-b:a", "96k", "-t", str(plan.duration)]
            if scenario.start:
                output += ["-output_ts_offset", str(scenario.start)]
            output += [*MUXERS[scenario.container], str(work / recording)]
            encode.encode(layers, [work / "voice.wav", work / "game.wav"], SIZE, output, thinned)
            names = [recording, "truth.json"]
            if scenario.chat:
                room = chat.Room(plan)
                chat.write(room, room.messages(), work / "chat.json")
                names.append("chat.json")
            plan.write_truth(
                work / "truth.json",
                CAMERA if scenario.webcam else None,
                name=scenario.name,
                video=recording,
                chat="chat.json" if scenario.chat else None,
                containerStart=_first_picture(work / recording),
            )
            for name in names:
                (work / name).replace(folder / name)

    def _webcam_layer(self) -> encode.Layer:
        size = (webcam.WIDTH + 2 * BORDER, webcam.HEIGHT + 2 * BORDER)
        return encode.Layer(
            lambda: panel.framed(self.camera.frames(), BORDER), size, webcam.RATE, "rgb0", CAMERA[:2], CAMERA[2:]
        )


def _first_picture(recording: pathlib.Path) -> float:
    """Time stamp of the first picture in the container's clock, seconds."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=start_time", "-of", "json"]
    made = subprocess.run([*command, str(recording)], capture_output=True, text=True, check=True)
    return float(json.loads(made.stdout)["streams"][0]["start_time"])


def main() -> None:
    """Reads the command line and makes the scenarios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder that gets one folder per scenario")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same scenarios (default 1)")
    parser.add_argument("--quick", type=int, metavar="N", help="only the first N scenarios")
    parser.add_argument("--only", metavar="NAME", action="append", help="only this scenario; may be repeated")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    parser.add_argument(
        "--portrait", type=pathlib.Path, help="astronaut.png (default: the one Scripts/demo/python brings)"
    )
    arguments = parser.parse_args()
    chosen = [s for s in CATALOGUE if not arguments.only or s.name in arguments.only][: arguments.quick]
    if arguments.list:
        print("\n".join(s.name for s in chosen))
        return
    unknown = set(arguments.only or []) - {s.name for s in CATALOGUE}
    if unknown:
        parser.error(f"--only: no scenario is called {', '.join(sorted(unknown))}; see --list")
    began = time.monotonic()
    try:
        sprites = webcam.SpriteBook(portrait.Portrait(portrait.find(arguments.portrait)))
        takes = [Take(s, arguments.seed * 100 + CATALOGUE.index(s), sprites) for s in chosen]
        sprites.prepare(set().union(*(take.camera.expressions() for take in takes if take.scenario.webcam)))
        for take in takes:
            take.make(arguments.out)
            print(f"{time.monotonic() - began:6.1f} s  {take.scenario.name}", flush=True)
    except (portrait.WrongPortrait, encode.EncodingFailed, RuntimeError) as error:
        sys.exit(f"make_scenarios: {error}")


if __name__ == "__main__":
    main()
