"""Starts the server on a free port, has the demo stream watched and prints what happens.

At real-time pace it goes the way of a live stream: FFmpeg publishes it by RTMP as OBS would, and the chat comes from a
stand-in for Twitch. At fast pace the recording and its chat log are uploaded. The server goes on until Ctrl-C where
somebody sits at a terminal; else it ends with the stream.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PROGRAM = Path(".build/release/hypeclip")


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def call(address: str, method: str, path: str, document: dict | None = None) -> dict:
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(address + path, data=body, method=method, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def upload(address: str, kind: str, file: Path) -> str:
    boundary = "hypeclip-demo"
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode()
    tail = f"\r\n--{boundary}--\r\n".encode()

    def pieces() -> Iterator[bytes]:
        yield head
        with file.open("rb") as source:
            while piece := source.read(1 << 20):
                yield piece
        yield tail

    request = urllib.request.Request(
        f"{address}/upload/{kind}", data=pieces(), method="POST",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}",
                 "Content-Length": str(len(head) + file.stat().st_size + len(tail))})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)["uploadId"]


def events(address: str, session: str) -> Iterator[tuple[str, dict]]:
    """Server-Sent Events of one session, from its beginning."""
    kind, data = "", ""
    with urllib.request.urlopen(f"{address}/api/events?session={session}&after=0", timeout=600) as stream:
        for raw in stream:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                data += line[6:]
            elif not line and data:
                yield kind, json.loads(data)
                kind, data = "", ""


def follow(address: str, session: str, data: Path) -> int:
    """Prints what happens until the session is over; returns the number of clips."""
    clips = 0
    ends: dict[str, float] = {}
    for kind, event in events(address, session):
        if kind == "new_spike":
            print(f"  {clock(event['time'])}  the chat rises: {event['messagesPerSecond']:.1f} messages/s", flush=True)
        elif kind == "new_clip":
            clips += 1
            kinds = " + ".join(event["trigger"]["kinds"])
            print(f"  {clock(event['start'])}–{clock(event['end'])}  CLIP {event['title']}  ({kinds})\n"
                  f"               {address}/api/clip/{event['id']}/video", flush=True)
        elif kind == "clip" and event["end"] > ends.get(event["id"], 0):
            print(f"  {clock(event['start'])}–{clock(event['end'])}  the same clip with what came after", flush=True)
        elif kind == "session" and event["state"] in ("finished", "failed", "stopped"):
            print(f"The session is {event['state']}: {clips} clips, in {data / 'clips'}.", flush=True)
            if event["state"] == "failed":
                sys.exit(f"It says: {event.get('reason')}")
            return clips
        if kind in ("new_clip", "clip"):
            ends[event["id"]] = event["end"]
    sys.exit("The server closed the event stream before the session was over.")


@contextlib.contextmanager
def twitch(chat: Path) -> Iterator[str]:
    """A stand-in for Twitch that replays a chat log once somebody reads the channel `demo`; gives its address."""
    double = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("twitch_double.py"), "--channel", "demo", "--chat", chat],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield f"ws://127.0.0.1:{json.loads(double.stdout.readline())['port']}/irc"
    finally:
        double.terminate()
        double.wait(timeout=10)


@contextlib.contextmanager
def serving(data: Path, port: int, settings: dict[str, str]) -> Iterator[str]:
    """A server; gives its address."""
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port), "--data-dir", data],
        stdout=subprocess.PIPE, text=True, env=os.environ | settings)
    try:
        for line in server.stdout:
            if found := re.search(r"https?://\S+?:\d+", line):
                break
        else:
            sys.exit("The server did not start; see above.")
        print(f"\nDashboard: {found.group()}/   (open it in a browser)\n", flush=True)
        yield found.group()
        if sys.stdin.isatty():
            print(f"The server goes on at {found.group()}/ until Ctrl-C.", flush=True)
            server.wait()
    except KeyboardInterrupt:
        print()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=15)


def ingest(address: str) -> dict:
    """Where the server takes streams, once it listens."""
    for _ in range(100):
        try:
            return call(address, "GET", "/api/ingest")
        except urllib.error.HTTPError as error:
            if error.code != 501:
                raise
            time.sleep(0.1)
    sys.exit("The server takes no streams; it says why above.")


def watch_live(folder: Path, data: Path, port: int) -> None:
    """Publishes the stream as OBS would, with its chat on the stand-in for Twitch."""
    with twitch(folder / "chat.json") as chat, \
            serving(data, port, {"HYPECLIP_TWITCH_CHAT_ADDRESS": chat, "HYPECLIP_RTMP_PORT": "0"}) as address:
        document = ingest(address)
        key = document["keys"][0]
        session = call(address, "POST", "/api/sessions", {"rtmp": key["name"], "channel": "demo"})
        print(f"FFmpeg publishes the demo stream to {document['url']} in real time …", flush=True)
        publisher = subprocess.Popen(
            ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", folder / "stream.mp4", "-c", "copy", "-f", "flv",
             f"{document['url']}/{key['key']}"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            stop_when_over(publisher, address, session["id"])
            follow(address, session["id"], data)
        finally:
            publisher.terminate()
            publisher.wait(timeout=10)


def stop_when_over(publisher: subprocess.Popen, address: str, session: str) -> None:
    """Ends the session once everything was published."""
    def wait() -> None:
        publisher.wait()
        with contextlib.suppress(urllib.error.URLError):
            call(address, "DELETE", f"/api/sessions/{session}")

    threading.Thread(target=wait, daemon=True).start()


def watch_recording(folder: Path, data: Path, port: int) -> None:
    """Uploads the recording and its chat log."""
    with serving(data, port, {"HYPECLIP_RTMP_PORT": "0"}) as address:
        video, chat = upload(address, "video", folder / "stream.mp4"), upload(address, "chat", folder / "chat.json")
        session = call(address, "POST", "/api/sessions",
                       {"upload": video, "chat": chat, "channel": "demo", "pace": "fast"})
        print("Watching the demo recording as fast as it goes …", flush=True)
        follow(address, session["id"], data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with stream.mp4 and chat.json")
    parser.add_argument("--pace", choices=("realtime", "fast"), default="realtime")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    options = parser.parse_args()
    watch = watch_live if options.pace == "realtime" else watch_recording
    watch(options.folder, options.folder / "server", options.port)


if __name__ == "__main__":
    main()
