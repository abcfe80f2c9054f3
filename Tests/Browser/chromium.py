"""Starts a headless Chromium and speaks the DevTools protocol with it over a pipe; nothing beyond Python's library."""

from __future__ import annotations

import json
import os
import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Gone(RuntimeError):
    """The browser ended or did not answer."""


class Failed(AssertionError):
    """The page threw, or something did not become true in time."""


class Chromium:
    """One browser process with a profile of its own that is removed at the end."""

    def __init__(self, program: str | None = None, arguments: tuple[str, ...] = ()):
        found = program or next(filter(None, map(shutil.which, NAMES)), None)
        if not found:
            raise Gone("no Chromium was found; install Debian's package chromium or name one with --chromium")
        self.profile = tempfile.mkdtemp(prefix="hypeclip-browser-")
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        self.log = open(pathlib.Path(self.profile) / "stderr.log", "w+b")
        # The browser reads commands from descriptor 3 and writes answers to 4. The copies go out of the way of both first.
        high = [os.dup2(fd, fd + 100) for fd in (to_browser, from_browser)]

        def place() -> None:
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [found, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--hide-scrollbars",
             "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
             "--disable-features=Translate,MediaRouter,OptimizationHints", *arguments, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log, preexec_fn=place, pass_fds=(3, 4, *high),
            start_new_session=True)
        for fd in (to_browser, from_browser, *high):
            os.close(fd)
        self.number = 0
        self.answers: dict[int, queue.SimpleQueue] = {}
        self.listeners: list = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        rest = b""
        while True:
            try:
                piece = os.read(self.read_end, 1 << 20)
            except OSError:
                piece = b""
            if not piece:
                break
            *messages, rest = (rest + piece).split(b"\0")
            for raw in messages:
                message = json.loads(raw)
                waiting = self.answers.pop(message.get("id"), None)
                if waiting:
                    waiting.put(message)
                else:
                    for listener in list(self.listeners):
                        listener(message)
        for waiting in list(self.answers.values()):
            waiting.put({"error": {"message": "the browser ended"}})

    def send(self, method: str, session: str | None = None, timeout: float = 30, **params) -> dict:
        """Sends one command and returns its result."""
        self.number += 1
        answer: queue.SimpleQueue = queue.SimpleQueue()
        self.answers[self.number] = answer
        message = {"id": self.number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        try:
            os.write(self.write_end, json.dumps(message).encode() + b"\0")
            result = answer.get(timeout=timeout)
        except (OSError, queue.Empty):
            raise Gone(f"the browser did not answer {method}: {self._log_tail()}") from None
        if "error" in result:
            raise Failed(f"{method}: {result['error'].get('message')}")
        return result["result"]

    def _log_tail(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-800:]

    def tab(self) -> tuple[str, str]:
        """Opens a tab with cookies and storage of its own; returns its target and session."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        return target, self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def close(self) -> None:
        """Ends the browser and removes its profile."""
        try:
            self.send("Browser.close", timeout=5)
        except (Gone, Failed):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()
        os.close(self.write_end)
        self.reader.join(5)
        os.close(self.read_end)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)
