#!/usr/bin/env python3
"""Drives python-socketio's client against socketio-conformance-server --suite socket.

    python_client.py http://127.0.0.1:3000

Needs the packages python-socketio and aiohttp. Every check runs with polling alone, with WebSocket alone, and with an
upgrade from the one to the other; the exit status is 0 when all pass.
"""

from __future__ import annotations

import asyncio
import sys
import traceback

import socketio

TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}


class Peer:
    """A client that keeps what it gets, event by event."""

    def __init__(self, namespaces: list[str]) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.inbox: asyncio.Queue = asyncio.Queue()
        self.namespaces = namespaces
        for namespace in namespaces:
            self.client.on("*", self.keep(namespace), namespace=namespace)
            self.client.on("ask", lambda question: ("answer", question), namespace=namespace)

    def keep(self, namespace: str):
        """A handler that keeps the events of a namespace."""

        async def handler(event, *arguments):
            await self.inbox.put((namespace, event, *arguments))

        return handler

    async def connect(self, url: str, transports: list[str], auth: dict | None = None) -> None:
        """Connects and takes the greeting of every namespace."""
        await self.client.connect(url, transports=transports, namespaces=self.namespaces, auth=auth, wait_timeout=5)
        for _ in self.namespaces:
            greeting = await self.next()
            assert greeting[1:] == ("auth", auth or {}), greeting

    async def next(self):
        """The next event."""
        return await asyncio.wait_for(self.inbox.get(), 5)

    async def none(self) -> None:
        """Asserts that everything that came was taken: a question is answered behind whatever came before."""
        assert await self.client.call("message-with-ack", "fence", timeout=5) == "fence"
        assert self.inbox.empty(), self.inbox.get_nowait()


async def check(url: str, transports: list[str]) -> None:
    """All checks over one choice of transports."""
    first, second = Peer(["/", "/custom"]), Peer(["/"])
    await first.connect(url, transports, auth={"token": "123"})
    await second.connect(url, transports)
    if len(transports) == 2:
        assert first.client.transport() == "websocket", first.client.transport()

    await first.client.emit("message", (1, "é", {"a": [True, None, 1.5]}))
    assert await first.next() == ("/", "message-back", 1, "é", {"a": [True, None, 1.5]})
    await first.client.emit("message", "hello", namespace="/custom")
    assert await first.next() == ("/custom", "message-back", "hello")

    blob = bytes(range(256)) * 20
    await first.client.emit("message", (blob, {"deep": [blob]}))
    assert await first.next() == ("/", "message-back", blob, {"deep": [blob]})
    assert await first.client.call("message-with-ack", (blob, "x"), timeout=5) == (blob, "x")

    await first.client.emit("question", "how?")
    assert await first.next() == ("/", "answered", "answer", "how?")

    for peer in (first, second):
        assert await peer.client.call("join", "red", timeout=5) == "joined"
    assert await first.client.call("say", ("red", "to the others"), timeout=5) == "sent"
    assert await second.next() == ("/", "said", "to the others")
    assert await second.client.call("leave", "red", timeout=5) == "left"
    assert await first.client.call("say", ("red", "to nobody"), timeout=5) == "sent"
    await second.none()

    await second.client.emit("shout", ("all", blob))
    for peer in (first, second):
        assert await peer.next() == ("/", "shouted", "all", blob)

    large = "x" * 600_000
    assert await first.client.call("message-with-ack", large, timeout=10) == large
    # Longer than pings may take: the connection lives on.
    await asyncio.sleep(1.2)
    await first.none()

    try:
        stranger = Peer(["/unknown"])
        await stranger.client.connect(url, transports=transports, namespaces=["/unknown"], wait_timeout=5)
        raise AssertionError("an unknown namespace was joined")
    except socketio.exceptions.ConnectionError:
        pass

    gone = asyncio.Event()
    second.client.on("disconnect", lambda *_: gone.set())
    await second.client.emit("kick")
    await asyncio.wait_for(gone.wait(), 5)
    await first.client.disconnect()


async def main() -> int:
    """Runs the checks over every choice of transports."""
    status = 0
    for name, transports in TRANSPORTS.items():
        try:
            await asyncio.wait_for(check(sys.argv[1], transports), 60)
            print(f"{name}: passed")
        except Exception as error:  # noqa: BLE001: a report of every transport is wanted
            status = 1
            line = traceback.extract_tb(error.__traceback__)[-1].lineno
            print(f"{name}: FAILED in line {line}: {type(error).__name__}: {error}")
    return status


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
