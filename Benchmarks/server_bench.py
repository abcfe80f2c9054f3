#!/usr/bin/env python3
"""Measures `hypeclip serve` from outside, over HTTP, as its clients meet it.

    Benchmarks/server_bench.py [--quick] [start] [list] [upload] [load] [sockets]

Prints one JSON object. `Benchmarks/run` uses the same functions. The binaries of the release build must be there, and
the recording that `Benchmarks/run` makes.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HYPECLIP = ROOT / ".build" / "release" / "hypeclip"
BENCH = ROOT / ".build" / "release" / "hypeclip-bench"
MEDIA = ROOT / ".deps" / "bench-media"
CHUNK = 64 << 10


def say(text: str) -> None:
    """Tells the person who waits what goes on."""
    print(text, file=sys.stderr, flush=True)


def part(share: float, values: list[float]) -> float:
    """The value that a share of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)]


class Server:
    """A `hypeclip serve` on a free port of this machine; a context manager."""

    def __init__(self, folder: str, environment: dict[str, str] | None = None) -> None:
        self.begin = time.perf_counter()
        self.log = open(pathlib.Path(folder) / "server.log", "ab")
        self.process = subprocess.Popen(
            [HYPECLIP, "serve", "--port", "0", "--data-dir", pathlib.Path(folder) / "data"],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=os.environ | (environment or {}),
        )
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                return
        raise RuntimeError("the server did not start; see " + self.log.name)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, method: str, path: str, document: dict | None = None) -> tuple[int, bytes]:
        """Sends one request on a connection of its own."""
        connection = self.connect()
        try:
            return exchange(connection, method, path, document)
        finally:
            connection.close()

    def memory(self) -> float:
        """Resident memory in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def workers(self) -> list[int]:
        """Processes that the server started, in the order in which it did."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children")
        found: set[int] = set()
        for path in children:
            try:
                found |= {int(pid) for pid in path.read_text().split()}
            except OSError:
                continue
        return sorted(found)

    def upload(self, path: pathlib.Path, kind: str = "video") -> tuple[int, dict, float]:
        """Sends a file as a form. Returns status, answer and seconds from the first byte to the answer."""
        boundary = "----hypeclip-bench-7d9a1f"
        disposition = f'Content-Disposition: form-data; name="file"; filename="{path.name}"'
        head = f"--{boundary}\r\n{disposition}\r\n\r\n".encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        length = len(head) + path.stat().st_size + len(tail)
        connection = self.connect()
        begin = time.perf_counter()
        connection.putrequest("POST", f"/upload/{kind}")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
        connection.putheader("Content-Length", str(length))
        connection.endheaders(head)
        with path.open("rb") as file:
            connection.sock.sendfile(file)
        connection.send(tail)
        answer = connection.getresponse()
        body = answer.read()
        elapsed = time.perf_counter() - begin
        connection.close()
        return answer.status, json.loads(body), elapsed


def exchange(connection, method: str, path: str, document: dict | None = None, headers=None) -> tuple[int, bytes]:
    """Sends one request on an open connection."""
    headers = dict(headers or {})
    body = None
    if document is not None:
        body = json.dumps(document)
        headers["Content-Type"] = "application/json"
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def measure_start(runs: int) -> dict:
    """Milliseconds from starting the process to the first answer of /health, with a new data folder each time."""
    times = []
    for run in range(runs):
        say(f"cold start, {run + 1} of {runs} …")
        with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
            status, _ = server.ask("GET", "/health")
            times.append((time.perf_counter() - server.begin) * 1000)
            assert status == 200, status
    return {"runs": runs, "median": statistics.median(times), "maximum": max(times)}


def measure_list(repetitions: int) -> dict:
    """Milliseconds of `GET /api/clips` out of 100,000 clips, over one connection that stays open."""
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        data.mkdir(mode=0o700)
        probe = pathlib.Path(folder) / "probe"
        probe.mkdir()
        with Server(str(probe)):
            name = next(path.name for path in (probe / "data").iterdir() if path.suffix == ".sqlite")
        say("filling a database with 100,000 clips …")
        subprocess.run([BENCH, "fill", data / name], check=True, stdout=subprocess.DEVNULL)
        with Server(folder) as server:
            connection = server.connect()
            status, body = exchange(connection, "GET", "/api/clips?limit=200&channel=channel-3")
            deep = json.loads(body)["next"]
            questions = {
                "first page": "/api/clips",
                "a page of 200": "/api/clips?limit=200",
                "next page of a channel": f"/api/clips?channel=channel-3&cursor={deep}",
                "kept": "/api/clips?keep=true",
                "a rare kind of signal": "/api/clips?kind=face",
                "common title": "/api/clips?title=laugh",
                "title that nothing has": "/api/clips?title=nowhere",
            }
            rows = []
            for name, path in questions.items():
                say(f"GET {path.split('cursor')[0]} …")
                times = []
                for repetition in range(repetitions + 10):
                    begin = time.perf_counter()
                    status, body = exchange(connection, "GET", path)
                    if repetition >= 10:
                        times.append((time.perf_counter() - begin) * 1000)
                    assert status == 200, body
                found = len(json.loads(body)["items"])
                rows.append({"name": name, "found": found, "median": part(0.5, times), "p99": part(0.99, times)})
    return {"repetitions": repetitions, "questions": rows}


def big_recording(folder: str, size: int) -> pathlib.Path:
    """A recording of some size: a real one, and behind it a box that players skip."""
    path = pathlib.Path(folder) / "big.mp4"
    shutil.copyfile(MEDIA / "recording.mp4", path)
    with path.open("ab") as file:
        rest = size - path.stat().st_size
        file.write(rest.to_bytes(4, "big") + b"free")
        noise = random.Random(1).randbytes(CHUNK)
        rest -= 8
        while rest > 0:
            rest -= file.write(noise[:rest])
        file.flush()
        os.fsync(file.fileno())
    return path


def disk_speed(folder: str, size: int) -> float:
    """Megabytes per second of plain writes of 1 MiB with one sync at the end: what this disk allows."""
    piece = random.Random(2).randbytes(1 << 20)
    path = pathlib.Path(folder) / "plain"
    begin = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for _ in range(size >> 20):
            file.write(piece)
        os.fsync(file.fileno())
    elapsed = time.perf_counter() - begin
    path.unlink()
    return size / elapsed / 1e6


def measure_upload(runs: int, size: int = 1 << 30) -> dict:
    """A recording of 1 GiB as a form: from the first byte to the answer, synced, hashed and looked into."""
    speeds, plain, growth = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = big_recording(folder, size)
        with Server(folder) as server:
            small = pathlib.Path(folder) / "small.mp4"
            shutil.copyfile(MEDIA / "recording.mp4", small)
            # What every first upload costs: the worker that looks into it, threads, tables.
            assert server.upload(small)[0] == 201
            for run in range(runs):
                say(f"upload, {run + 1} of {runs} …")
                plain.append(disk_speed(folder, size))
                before = server.memory()
                peak = [before]
                done = threading.Event()

                def watch() -> None:
                    while not done.wait(0.01):
                        peak[0] = max(peak[0], server.memory())

                watcher = threading.Thread(target=watch)
                watcher.start()
                status, answer, elapsed = server.upload(path)
                done.set()
                watcher.join()
                assert status == 201, answer
                speeds.append(path.stat().st_size / elapsed / 1e6)
                growth.append(peak[0] - before)
                for file in (pathlib.Path(folder) / "data" / "uploads").iterdir():
                    if answer["uploadId"] in file.name:
                        file.unlink()
    return {
        "runs": runs,
        "bytes": size,
        "megabytesPerSecond": statistics.median(speeds),
        "slowest": min(speeds),
        "plainWrites": statistics.median(plain),
        "growth": max(growth),
    }


class Load:
    """Requests of many kinds at a steady rate, each thread on connections of its own."""

    THREADS = 10

    def __init__(self, server: Server, rate: float, seconds: float) -> None:
        self.server = server
        self.rate = rate
        self.seconds = seconds
        self.sessions: list[str] = []
        self.clips: list[str] = []
        self.answers: list[tuple[str, int, float]] = []
        self.failures: list[str] = []
        self.lock = threading.Lock()

    def request(self, chance: random.Random) -> tuple[str, str, str, dict | None, dict]:
        """One request: its kind, method, path, document and headers."""
        with self.lock:
            session = chance.choice(self.sessions) if self.sessions else None
            clip = chance.choice(self.clips) if self.clips else None
        pick = chance.random()
        if pick < 0.30:
            return "clips", "GET", f"/api/clips?limit={chance.choice([20, 50])}", None, {}
        if pick < 0.45:
            return "health", "GET", "/health", None, {}
        if pick < 0.55:
            return "log", "GET", f"/api/events/log?after={chance.randrange(50)}&limit=50", None, {}
        if pick < 0.62:
            return "moments", "GET", "/api/moments", None, {}
        if pick < 0.69:
            return "sessions", "GET", "/api/sessions", None, {}
        if pick < 0.74:
            return "metrics", "GET", "/metrics", None, {}
        if pick < 0.80:
            return "dashboard", "GET", "/", None, {}
        if clip and pick < 0.90:
            start = chance.randrange(500_000)
            return "video", "GET", f"/api/clip/{clip}/video", None, {"Range": f"bytes={start}-{start + CHUNK - 1}"}
        if clip and pick < 0.95:
            return "change", "PATCH", f"/api/clip/{clip}", {"keep": chance.random() < 0.5}, {}
        if session and pick < 0.955:
            return "trigger", "POST", f"/api/sessions/{session}/trigger", {"before": 4, "after": 1}, {}
        if session:
            return "session", "GET", f"/api/sessions/{session}", None, {}
        return "clips", "GET", "/api/clips", None, {}

    def work(self, number: int, origin: float) -> None:
        """Sends this thread's share of the requests."""
        chance = random.Random(number)
        connection = self.server.connect()
        count = int(self.rate * self.seconds / self.THREADS)
        for index in range(count):
            due = origin + (index * self.THREADS + number) / self.rate
            if (pause := due - time.perf_counter()) > 0:
                time.sleep(pause)
            kind, method, path, document, headers = self.request(chance)
            begin = time.perf_counter()
            try:
                status, body = exchange(connection, method, path, document, headers)
            except (OSError, http.client.HTTPException) as error:
                status, body = 599, repr(error).encode()
                connection.close()
                connection = self.server.connect()
            elapsed = (time.perf_counter() - begin) * 1000
            with self.lock:
                self.answers.append((kind, status, elapsed))
                if status >= 500:
                    self.failures.append(f"{status} {method} {path}: {body[:200].decode(errors='replace')}")
        connection.close()


def measure_load(seconds: float, rate: float = 200, every: float = 5) -> dict:
    """Mixed requests at a steady rate while a worker is killed every few seconds and sessions come and go."""
    chance = random.Random(9)
    with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
        status, answer, _ = server.upload(MEDIA / "recording.mp4")
        assert status == 201, answer
        video = answer["uploadId"]
        status, answer, _ = server.upload(MEDIA / "chat.json", "chat")
        assert status == 201, answer
        chat = answer["uploadId"]
        load = Load(server, rate, seconds)

        def begin_session(pace: str) -> str | None:
            status, body = server.ask("POST", "/api/sessions", {"upload": video, "chat": chat, "pace": pace})
            return json.loads(body)["id"] if status == 201 else None

        # One session to its end, so that there are clips to ask for; and its recording must stay for the others.
        keeper = begin_session("realtime")
        first = begin_session("fast")
        say("a first session, for clips to ask for …")
        while True:
            _, body = server.ask("GET", f"/api/sessions/{first}")
            if json.loads(body)["state"] in ("finished", "failed", "stopped"):
                break
            time.sleep(0.2)
        _, body = server.ask("GET", "/api/clips")
        load.clips = [clip["id"] for clip in json.loads(body)["items"]]
        assert load.clips, "the first session made no clip"
        load.sessions = [keeper]

        say(f"{rate:.0f} requests per second for {seconds:.0f} s, a worker killed every {every:.0f} s …")
        killed, lost, uploads = 0, 0, []
        origin = time.perf_counter() + 0.2
        threads = [threading.Thread(target=load.work, args=(number, origin)) for number in range(Load.THREADS)]
        for thread in threads:
            thread.start()
        strike = origin + every
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.25)
            # Sessions whose worker died again and again fail; others take their place.
            alive = []
            for session in load.sessions:
                _, body = server.ask("GET", f"/api/sessions/{session}")
                if json.loads(body)["state"] in ("starting", "running"):
                    alive.append(session)
                else:
                    lost += 1
            if len(alive) < 2 and (session := begin_session("realtime")):
                alive.append(session)
            with load.lock:
                load.sessions = alive
            if time.perf_counter() >= strike and strike < origin + seconds:
                strike += every
                if workers := server.workers():
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed += 1
        for thread in threads:
            thread.join()
        elapsed = time.perf_counter() - origin
        isAlive = server.process.poll() is None
        memory = server.memory()
    times = [milliseconds for _, _, milliseconds in load.answers]
    return {
        "requests": len(load.answers),
        "perSecond": len(load.answers) / elapsed,
        "killed": killed,
        "sessionsLost": lost,
        "serverErrors": len(load.failures),
        "failures": load.failures[:10],
        # Clips by hand that are asked for before a session runs or while many wait already.
        "refused": sorted({(kind, status) for kind, status, _ in load.answers if 400 <= status < 500}),
        "median": part(0.5, times),
        "p99": part(0.99, times),
        "maximum": max(times),
        "survived": isAlive,
        "memory": memory,
    }


def measure_sockets(repeats: int) -> dict:
    """A thousand WebSockets: this library's server and the official one in turn, where Node finds it."""
    loader = importlib.machinery.SourceFileLoader("socketio_bench", str(ROOT / "Benchmarks/socketio-bench/run"))
    spec = importlib.util.spec_from_loader("socketio_bench", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module.compare(clients=1000, rounds=200, burst=300, repeats=repeats, say=say)


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("what", nargs="*", default=[])
    options = parser.parse_args()
    every = {
        "start": lambda: measure_start(3 if options.quick else 10),
        "list": lambda: measure_list(50 if options.quick else 300),
        "upload": lambda: measure_upload(1 if options.quick else 5),
        "load": lambda: measure_load(15 if options.quick else 60),
        "sockets": lambda: measure_sockets(1 if options.quick else 3),
    }
    print(json.dumps({name: every[name]() for name in options.what or every}, indent=2))


if __name__ == "__main__":
    main()
