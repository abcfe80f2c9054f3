#!/usr/bin/env python3
"""Measures `POST /predict` of a running `hypeclip serve` beside the same models behind FastAPI.

    Benchmarks/predict_bench.py [--quick] [--products DIR] [latency] [mixed]

`latency`: a clip of two seconds with face and voice, one request after the other, hypeclip and peer in turn.
`mixed`: 1,000 requests from four clients at once, one in ten hostile; every answer is checked, and so is memory.

Prints one JSON object. `Benchmarks/run` uses the same functions.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import server_bench
from server_bench import Server, part, say

ROOT = pathlib.Path(__file__).resolve().parent.parent
MEDIA = ROOT / ".deps" / "bench-media"
SITE = ROOT / ".deps" / "bench"
CLIP_START = 142.0
"""Seconds into the benchmark's recording at which its streamer looks and screams."""
BOUNDARY = "----hypeclip-bench-7d9a1f"


def make_clip(folder: pathlib.Path, seconds: float = 2.0, name: str = "clip.mp4") -> pathlib.Path:
    """A clip of the streamer's camera with sound: what a webcam would send."""
    camera = json.loads((MEDIA / "truth.json").read_text())["camera"]
    x, y, w, h = (camera[key] for key in ("x", "y", "width", "height"))
    path = folder / name
    command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", str(CLIP_START), "-i", MEDIA / "recording.mp4"]
    command += ["-t", str(seconds), "-vf", f"crop={w}:{h}:{x}:{y}", "-c:v", "libx264", "-preset", "veryfast"]
    subprocess.run([*command, "-c:a", "aac", "-movflags", "+faststart", "-y", path], check=True)
    return path


def form(name: str, content: bytes) -> bytes:
    """A form with one file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def post(connection: http.client.HTTPConnection, path: str, body: bytes, kind: str) -> tuple[int, dict, bytes]:
    """Sends one request and reads its answer."""
    connection.request("POST", path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


FORM = f"multipart/form-data; boundary={BOUNDARY}"


class Peer:
    """The FastAPI service on a free port; a context manager."""

    def __enter__(self) -> Peer:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, ROOT / "Benchmarks/predict_peer.py", "--port", str(self.port)]
        environment = os.environ | {"PYTHONPATH": f"{SITE}:{ROOT / 'Benchmarks'}"}
        self.process = subprocess.Popen(command, env=environment)
        end = time.monotonic() + 120
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("predict_bench: the peer does not start") from None
                time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def wait_until_warm(server: Server) -> float:
    """Waits until all workers are warm; returns seconds since the start of the server."""
    while True:
        parts = json.loads(server.ask("GET", "/health")[1])["parts"]
        if parts["predict"]["state"] == "ok":
            return time.perf_counter() - server.begin
        if time.perf_counter() - server.begin > 60:
            raise SystemExit(f"predict_bench: the workers do not get warm: {parts['predict']}")
        time.sleep(0.02)


def measure_latency(requests: int) -> dict:
    """Milliseconds from the first byte of a request to the last of its answer, both services in turn."""
    with tempfile.TemporaryDirectory() as folder:
        body = form("clip.mp4", make_clip(pathlib.Path(folder)).read_bytes())
        with Server(folder) as server, Peer() as peer:
            warm = wait_until_warm(server)
            ours, theirs = server.connect(), peer.connect()
            first = time.perf_counter()
            status, _, answer = post(ours, "/predict", body, FORM)
            first = (time.perf_counter() - first) * 1000
            assert status == 200, answer
            result = json.loads(answer)
            has_faces = bool(result.get("faces"))
            path = f"/predict?faces={int(has_faces)}"
            times: dict[str, list[float]] = {"ours": [], "peer": []}
            for request in range(requests + 10):
                if request % 50 == 0:
                    say(f"/predict, {request} of {requests} pairs …")
                for name, connection, place in (("ours", ours, "/predict"), ("peer", theirs, path)):
                    begin = time.perf_counter()
                    status, _, answer = post(connection, place, body, FORM)
                    elapsed = (time.perf_counter() - begin) * 1000
                    assert status == 200, answer
                    if request >= 10:
                        times[name].append(elapsed)
            metrics = server.ask("GET", "/metrics")[1].decode()
    served = float(next(line.split()[1] for line in metrics.splitlines() if line.startswith("hypeclip_predict_served ")))
    assert served == requests + 11, served
    return {
        "requests": requests,
        "bytes": len(body),
        "judged": [name for name, is_there in (("face", has_faces), ("voice", result.get("voice"))) if is_there],
        "timing": result.get("timing_ms"),
        "warm": warm,
        "first": first,
        "ours": {"p50": part(0.5, times["ours"]), "p99": part(0.99, times["ours"])},
        "peer": {"p50": part(0.5, times["peer"]), "p99": part(0.99, times["peer"])},
        "ratio": statistics.median(t / o for o, t in zip(times["ours"], times["peer"], strict=True)),
        "load": os.getloadavg()[0],
    }


# Mixed requests


def hostile_files(clip: bytes, sound: bytes, seed: random.Random) -> list[tuple[str, bytes]]:
    """Files that are not what they say, or no longer."""

    def mutated(data: bytes, count: int) -> bytes:
        content = bytearray(data)
        for _ in range(count):
            content[seed.randrange(len(content))] = seed.randrange(256)
        return bytes(content)

    box = clip.index(b"moov")
    return [
        ("empty.mp4", b""),
        ("text.mp4", b"this is no film\n" * 40),
        ("noise.bin", seed.randbytes(50_000)),
        ("cut.mp4", clip[: len(clip) // 3]),
        ("head.mp4", clip[:40]),
        ("boxes.mp4", clip[:4] + mutated(clip[4:box + 400], 60) + clip[box + 400 :]),
        ("mutated.mp4", mutated(clip, 400)),
        ("long-box.mp4", (2**31 - 1).to_bytes(4, "big") + clip[4:]),
        ("mutated.wav", mutated(sound[:44], 12) + sound[44:]),
        ("endless.wav", sound[:4] + b"\xff\xff\xff\xff" + sound[8:40] + b"\xff\xff\xff\xff" + sound[44:]),
        ("huge.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\0\0\0" + seed.randbytes(64)),
        ("zeroes.mkv", b"\x1a\x45\xdf\xa3" + bytes(4_000)),
        ("script.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        ("concat.txt", b"ffconcat version 1.0\nfile '/etc/passwd'\n"),
    ]


def resident(process: int) -> int:
    """Resident bytes."""
    return int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def family(process: int) -> dict[str, list[int]]:
    """Resident bytes of a server and of its workers."""
    children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    threads = pathlib.Path(f"/proc/{process}/task")
    for thread in threads.iterdir():
        children += (thread / "children").read_text().split()
    return {"server": [resident(process)], "workers": sorted(resident(int(child)) for child in set(children))}


def same(one: dict, other: dict) -> bool:
    """Whether two answers say the same."""
    first, second = one.get("emotion"), other.get("emotion")
    if first is None or second is None:
        return first == second and one.get("abstained") == other.get("abstained")
    return all(abs(first[name] - second[name]) < 1e-3 for name in first)


def measure_mixed(requests: int, clients: int = 4) -> dict:
    """Right answers or right errors, and memory, over many requests."""
    seed = random.Random(6)
    with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
        place = pathlib.Path(folder)
        clip_path = make_clip(place)
        picture, wave = place / "face.png", place / "voice.wav"
        still = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", clip_path]
        subprocess.run([*still, "-frames:v", "1", picture], check=True)
        subprocess.run([*still, "-vn", "-ac", "1", "-ar", "16000", "-map_metadata", "-1", "-fflags", "+bitexact", wave], check=True)
        good = {path.name: path.read_bytes() for path in (clip_path, picture, wave)}
        bad = hostile_files(good["clip.mp4"], good["voice.wav"], seed)
        wait_until_warm(server)
        upload = server.upload(wave, "audio")[1]["uploadId"]
        local = threading.local()

        def ask(path: str, body: bytes, kind: str) -> tuple[int, bytes]:
            while True:
                if getattr(local, "connection", None) is None:
                    local.connection = server.connect()
                try:
                    status, headers, answer = post(local.connection, path, body, kind)
                except (OSError, http.client.HTTPException):
                    local.connection = None
                    raise
                if status != 429:
                    return status, answer
                counts["turned away"] = counts.get("turned away", 0) + 1
                time.sleep(float({name.lower(): value for name, value in headers.items()}["retry-after"]))

        counts: dict[str, int] = {}
        truth: dict[str, dict] = {}
        for name, content in good.items():
            status, answer = ask("/predict", form(name, content), FORM)
            assert status == 200, answer
            truth[name] = json.loads(answer)
        wrong: list[str] = []
        lock = threading.Lock()

        def note(kind: str, is_right: bool, detail: str) -> None:
            with lock:
                counts[kind] = counts.get(kind, 0) + 1
                if not is_right:
                    wrong.append(f"{kind}: {detail[:200]}")

        def one(index: int) -> None:
            if index % 10 == 9:
                name, content = bad[index // 10 % len(bad)]
                status, answer = ask("/predict", form(name, content), FORM)
                leaks = any(word in answer for word in (folder.encode(), b"/uploads/", b"root:"))
                note("hostile", status in (200, 400, 413, 415, 422) and not leaks, f"{name} {status} {answer!r}")
                kind = "hostile, answered" if status == 200 else f"hostile, {status}"
                with lock:
                    counts[kind] = counts.get(kind, 0) + 1
            elif index % 20 == 4:
                document = {"items": [{"audio": upload}, {"audio": "0" * 26}, {"audio": upload}]}
                status, answer = ask("/predict", json.dumps(document).encode(), "application/json")
                results = json.loads(answer)
                is_right = status == 200 and results[1]["error"]["status"] == 404
                is_right = is_right and all(same(results[i], truth["voice.wav"]) for i in (0, 2))
                note("batch", is_right, f"{status} {answer!r}")
            elif index % 10 in (1, 6):
                status, answer = ask("/predict", json.dumps({"audio": upload}).encode(), "application/json")
                note("by upload", status == 200 and same(json.loads(answer), truth["voice.wav"]), f"{status} {answer!r}")
            else:
                name = ("clip.mp4", "clip.mp4", "face.png", "voice.wav")[index % 4]
                status, answer = ask("/predict", form(name, good[name]), FORM)
                note(name, status == 200 and same(json.loads(answer), truth[name]), f"{status} {answer!r}")

        with concurrent.futures.ThreadPoolExecutor(clients) as pool:
            say("warming up with 200 mixed requests …")
            list(pool.map(one, range(200)))
            before = family(server.process.pid)
            counts.clear()
            say(f"{requests} mixed requests …")
            begin = time.perf_counter()
            list(pool.map(one, range(requests)))
            elapsed = time.perf_counter() - begin
            after = family(server.process.pid)
        metrics = server.ask("GET", "/metrics")[1].decode()
    numbers = {line.split()[0][9:]: float(line.split()[1]) for line in metrics.splitlines() if line.startswith("hypeclip_predict_")}
    mib = 1 << 20
    return {
        "requests": requests,
        "seconds": elapsed,
        "counts": counts,
        "wrong": len(wrong),
        "examples": wrong[:5],
        "serverBefore": sum(before["server"]) / mib,
        "serverAfter": sum(after["server"]) / mib,
        "workersBefore": sum(before["workers"]) / mib,
        "workersAfter": sum(after["workers"]) / mib,
        "workers": len(after["workers"]),
        "metrics": numbers,
    }


def main() -> None:
    """Reads the command line, measures, prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--products", type=pathlib.Path, help="folder of the built programs (default .build/release)")
    parser.add_argument("what", nargs="*", default=["latency", "mixed"], help="latency, mixed")
    arguments = parser.parse_args()
    if arguments.products:
        server_bench.HYPECLIP = arguments.products.resolve() / "hypeclip"
    results = {}
    if "latency" in arguments.what:
        results["latency"] = measure_latency(30 if arguments.quick else 300)
    if "mixed" in arguments.what:
        results["mixed"] = measure_mixed(200 if arguments.quick else 1000)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
