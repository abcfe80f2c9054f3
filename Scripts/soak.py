#!/usr/bin/env python3
"""Streams into a server for a while, kills its worker again and again, and looks at every clip that was asked for.

    Scripts/soak.py                     30 minutes, one worker killed each minute
    Scripts/soak.py --minutes 5
    Scripts/soak.py --sessions 10       ten streams at once, clips without post-roll: how long until the clip is there

FFmpeg publishes a picture that flashes and a sound that beeps at each whole second. Each clip is fetched and decoded: it
must play, flash and beep must lie within 5 ms of each other, and no more than 2 s of what was asked for may be missing.
Ends by itself; exit code 1 where something was not as it should be. `make soak` builds first.
"""

from __future__ import annotations

import argparse
import array
import contextlib
import json
import math
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".build" / "release" / "hypeclip"
RATE = 48_000
LATEST_OFFSET = 0.005
LONGEST_LOSS = 2.0


def call(address: str, method: str, path: str, document: dict | None = None) -> dict:
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(address + path, data=body, method=method, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def make_stream(path: Path) -> None:
    """A minute of 720p30 that flashes and beeps at each whole second."""
    blink = "lt(mod(t,1),0.1)"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y",
         "-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=30,noise=alls=12:allf=t,drawbox=t=fill:c=white:enable='{blink}'",
         "-f", "lavfi", "-i", f"aevalsrc='if({blink},0.5*sin(2*PI*1000*t),0)':s={RATE}",
         "-t", "60", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "4500k", "-maxrate", "4500k", "-bufsize", "4500k",
         "-g", "60", "-bf", "2", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "160k", str(path)], check=True)


@contextlib.contextmanager
def serving(data: Path) -> Iterator[tuple[str, int]]:
    """A server; gives its address and its process."""
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", "--data-dir", data], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"HYPECLIP_RTMP_PORT": "0"})
    try:
        for line in server.stdout:
            if found := re.search(r"https?://\S+?:\d+", line):
                break
        else:
            sys.exit("The server did not start; see above.")
        yield found.group(), server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


@contextlib.contextmanager
def publishing(stream: Path, address: str) -> Iterator[None]:
    publisher = subprocess.Popen(
        ["ffmpeg", "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", stream, "-c", "copy", "-f", "flv", address],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        publisher.terminate()
        publisher.wait(timeout=10)


class Listener(threading.Thread):
    """Notes when each clip was saved or failed."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address, self.ready = address, threading.Event()
        self.saved: dict[str, tuple[float, dict]] = {}
        self.failed: dict[str, str] = {}
        self.sessions: dict[str, dict] = {}

    def run(self) -> None:
        kind, data = "", ""
        with urllib.request.urlopen(self.address + "/api/events", timeout=3600) as stream:
            self.ready.set()
            for raw in stream:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    data = line[6:]
                elif not line and data:
                    self.note(kind, json.loads(data))
                    kind, data = "", ""

    def note(self, kind: str, event: dict) -> None:
        if kind == "new_clip":
            self.saved[event["id"]] = (time.monotonic(), event)
        elif kind == "clipProgress" and event["status"] == "failed":
            self.failed[event["clipId"]] = event.get("reason", "")
        elif kind == "session":
            self.sessions[event["id"]] = event

    def wait_for(self, clip: str, limit: float) -> bool:
        end = time.monotonic() + limit
        while time.monotonic() < end and clip not in self.saved and clip not in self.failed:
            time.sleep(0.02)
        return clip in self.saved

    def wait_running(self, session: str, limit: float) -> None:
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.sessions.get(session, {}).get("state") == "running":
                return
            time.sleep(0.05)
        sys.exit(f"session {session} did not start: {self.sessions.get(session)}")


class Arrival(threading.Thread):
    """Notes when the next clip of a session appears under its name in the folder where clips are made: it can be played then."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.time, self.known = folder, None, self.names(folder)
        self.start()

    @staticmethod
    def names(folder: Path) -> set[str]:
        with contextlib.suppress(FileNotFoundError):
            return {name for name in os.listdir(folder) if name.endswith(".mp4")}
        return set()

    def run(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.names(self.folder) - self.known:
                self.time = time.monotonic()
                return
            time.sleep(0.001)


def look(path: Path) -> tuple[float, float]:
    """Decodes a clip; gives its length and the median distance of a flash from its beep, in seconds."""
    frames = subprocess.run(
        ["ffprobe", "-v", "error", "-f", "lavfi", "-i", f"movie={path},scale=16:9,signalstats",
         "-show_entries", "frame=pts_time:frame_tags=lavfi.signalstats.YAVG", "-of", "csv=p=0"],
        capture_output=True, text=True, check=True).stdout
    pictures = [tuple(float(part) for part in line.split(",")[:2]) for line in frames.split()]
    sound = array.array("h", subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-ac", "1", "-ar", str(RATE), "-f", "s16le",
         "-af", "aresample=async=1:first_pts=0", "-"], capture_output=True, check=True).stdout)
    flashes = [time for (_, before), (time, light) in zip(pictures, pictures[1:]) if light >= 200 > before]
    block = RATE // 1000
    loudness = [max(map(abs, sound[start:start + block])) for start in range(0, len(sound) - block + 1, block)]
    beeps = [index / 1000 for index in range(20, len(loudness)) if loudness[index] >= 2000 > max(loudness[index - 20:index])]
    if not flashes or not beeps:
        raise ValueError("no flash or no beep")
    distances = [min(abs(flash - beep) for beep in beeps) for flash in flashes if flash > 0.1]
    return pictures[-1][0] + 1 / 30, statistics.median(distances) if distances else 9.0


def children(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process), "-f", "hypeclip-worker"], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def soak(stream: Path, data: Path, minutes: float) -> int:
    """One session; the worker is killed each minute, a clip is asked for every ten seconds and right after each death."""
    faults: list[str] = []
    checked: list[tuple[float, float]] = []
    with serving(data) as (address, process):
        listener = Listener(address)
        listener.start()
        listener.ready.wait(10)
        key = call(address, "GET", "/api/ingest")
        with publishing(stream, f"{key['url']}/{key['keys'][0]['key']}"):
            while not listener.sessions:
                time.sleep(0.1)
            session = next(iter(listener.sessions))
            listener.wait_running(session, 30)
            time.sleep(15)
            began, deaths, number = time.monotonic(), 0, 0
            while time.monotonic() - began < minutes * 60:
                number += 1
                if time.monotonic() - began > (deaths + 0.5) * 60:
                    deaths += 1
                    for worker in session_workers(process):
                        os.kill(worker, signal.SIGKILL)
                asked = {"before": 10, "after": 1}
                try:
                    clip = call(address, "POST", f"/api/sessions/{session}/trigger", asked)["clipId"]
                except urllib.error.HTTPError as error:
                    faults.append(f"clip {number}: {error.code} {error.read()[:200]!r}")
                    continue
                if not listener.wait_for(clip, 45):
                    faults.append(f"clip {number}: {listener.failed.get(clip, 'never came')}")
                    continue
                file = data / "soak.mp4"
                with urllib.request.urlopen(f"{address}/api/clip/{clip}/video", timeout=60) as answer:
                    file.write_bytes(answer.read())
                try:
                    length, offset = look(file)
                except (subprocess.CalledProcessError, ValueError) as error:
                    faults.append(f"clip {number} does not play: {error}")
                    continue
                checked.append((length, offset))
                if 11 - length > LONGEST_LOSS:
                    faults.append(f"clip {number} has {length:.2f} s of 11 s")
                if offset > LATEST_OFFSET:
                    faults.append(f"clip {number}: flash and beep are {offset * 1000:.1f} ms apart")
                time.sleep(max(0.0, 10 - (time.monotonic() - began) % 10))
            state = call(address, "GET", f"/api/sessions/{session}")
    print(f"{len(checked)} clips looked at, {deaths} workers killed in {minutes:g} minutes, session {state['state']}")
    if checked:
        print(f"shortest clip {min(length for length, _ in checked):.2f} s of 11 s asked for; "
              f"flash to beep: median {statistics.median(offset for _, offset in checked) * 1000:.1f} ms, "
              f"most {max(offset for _, offset in checked) * 1000:.1f} ms")
    return report(faults)


def session_workers(process: int) -> list[int]:
    """The workers of sessions; the one that probes uploads is the oldest."""
    return sorted(children(process), key=started)[1:]


def started(process: int) -> int:
    """When a process was started, in ticks since the machine was; 0 where it is gone."""
    with contextlib.suppress(OSError):
        return int(status(process)[19])
    return 0


def status(process: int) -> list[str]:
    """What the kernel says of a process, from its state on (proc(5), field 3)."""
    return Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()


def crowd(stream: Path, data: Path, sessions: int, minutes: float, as_json: bool) -> int:
    """Many sessions; clips without post-roll are asked for one after the other, and timed."""
    faults: list[str] = []
    times: list[float] = []
    playable: list[float] = []
    with serving(data) as (address, process), contextlib.ExitStack() as stack:
        listener = Listener(address)
        listener.start()
        listener.ready.wait(10)
        url = call(address, "GET", "/api/ingest")["url"]
        for number in range(sessions):
            key = call(address, "POST", "/api/ingest/keys", {"name": f"soak{number}"})["key"]
            stack.enter_context(publishing(stream, f"{url}/{key}"))
            time.sleep(0.3)
        while len(listener.sessions) < sessions:
            time.sleep(0.1)
        for session in listener.sessions:
            listener.wait_running(session, 60)
        time.sleep(20)
        before = usage(process)
        began = time.monotonic()
        names = list(listener.sessions)
        number = 0
        while time.monotonic() - began < minutes * 60:
            session = names[number % len(names)]
            number += 1
            arrival = Arrival(data / "work" / session)
            asked = time.monotonic()
            clip = call(address, "POST", f"/api/sessions/{session}/trigger", {"before": 10, "after": 0})["clipId"]
            if listener.wait_for(clip, 30):
                times.append(listener.saved[clip][0] - asked)
                arrival.join()
                playable.append((arrival.time or math.inf) - asked)
            else:
                faults.append(f"clip {number}: {listener.failed.get(clip, 'never came')}")
            time.sleep(0.5)
        after = usage(process)
        elapsed = time.monotonic() - began
    figures = {
        "sessions": sessions, "clips": len(times),
        "playable_p50_ms": quantile(playable, 0.5) * 1000, "playable_p99_ms": quantile(playable, 0.99) * 1000,
        "p50_ms": quantile(times, 0.5) * 1000, "p99_ms": quantile(times, 0.99) * 1000,
        "core_percent": (after[0] - before[0]) / elapsed / sessions * 100,
        "private_mb": after[1] / sessions / 1e6, "faults": len(faults),
    }
    if as_json:
        print(json.dumps(figures))
        return 1 if faults else 0
    print(f"{sessions} sessions, {len(times)} clips: asked for to playable p50 {figures['playable_p50_ms']:.0f} ms, "
          f"p99 {figures['playable_p99_ms']:.0f} ms")
    print(f"asked for to announced p50 {figures['p50_ms']:.0f} ms, p99 {figures['p99_ms']:.0f} ms")
    print(f"per session {figures['core_percent']:.2f} % of a core, {figures['private_mb']:.0f} MB of private memory in its worker")
    return report(faults)


def usage(process: int) -> tuple[float, float]:
    """Processor seconds of the server with its workers, and private bytes of the workers."""
    ticks = os.sysconf("SC_CLK_TCK")
    seconds = private = 0.0
    for one in [process, *children(process)]:
        with contextlib.suppress(OSError):
            fields = status(one)
            seconds += (int(fields[11]) + int(fields[12])) / ticks
            if one != process:
                rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
                private += sum(int(size) for size in re.findall(r"Private_\w+:\s+(\d+)", rollup)) * 1024
    return seconds, private


def report(faults: list[str]) -> int:
    for fault in faults:
        print("FAULT " + fault)
    print("all as it should be" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the figures of --sessions for programs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hypeclip-soak-") as folder:
        stream = Path(folder) / "stream.mp4"
        print("Making a stream …", file=sys.stderr, flush=True)
        make_stream(stream)
        data = Path(folder) / "data"
        if options.sessions == 1:
            sys.exit(soak(stream, data, options.minutes))
        sys.exit(crowd(stream, data, options.sessions, options.minutes, options.json))


if __name__ == "__main__":
    main()
