"""Starts the server on a free port, uploads the demo stream with its chat, has it watched and prints what happens.

The server goes on until Ctrl-C where somebody sits at a terminal; else it ends with the stream.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
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
    for kind, event in events(address, session):
        if kind == "new_spike":
            print(f"  {clock(event['time'])}  the chat rises: {event['messagesPerSecond']:.1f} messages/s", flush=True)
        elif kind == "new_clip":
            clips += 1
            kinds = " + ".join(event["trigger"]["kinds"])
            print(f"  {clock(event['start'])}–{clock(event['end'])}  CLIP {event['title']}  ({kinds})\n"
                  f"               {address}/api/clip/{event['id']}/video", flush=True)
        elif kind == "session" and event["state"] in ("finished", "failed", "stopped"):
            print(f"The session is {event['state']}: {clips} clips, in {data / 'clips'}.", flush=True)
            if event["state"] != "finished":
                sys.exit(f"It says: {event.get('reason')}")
            return clips
    sys.exit("The server closed the event stream before the session was over.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with stream.mp4 and chat.json")
    parser.add_argument("--pace", choices=("realtime", "fast"), default="realtime")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    options = parser.parse_args()
    data = options.folder / "server"
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(options.port), "--data-dir", data], stdout=subprocess.PIPE, text=True)
    try:
        address = None
        for line in server.stdout:
            if found := re.search(r"https?://\S+?:\d+", line):
                address = found.group()
                break
        if address is None:
            sys.exit("The server did not start; see above.")
        print(f"\nDashboard: {address}/   (open it in a browser)\n", flush=True)
        video, chat = upload(address, "video", options.folder / "stream.mp4"), upload(address, "chat", options.folder / "chat.json")
        session = call(address, "POST", "/api/sessions",
                       {"upload": video, "chat": chat, "channel": "demo", "pace": options.pace})
        print(f"Watching the demo stream, {'in real time' if options.pace == 'realtime' else 'as fast as it goes'} …", flush=True)
        follow(address, session["id"], data)
        if sys.stdin.isatty():
            print(f"The server goes on at {address}/ until Ctrl-C.", flush=True)
            server.wait()
    except KeyboardInterrupt:
        print()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=15)


if __name__ == "__main__":
    main()
