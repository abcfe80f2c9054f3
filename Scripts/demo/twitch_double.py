#!/usr/bin/env python3
"""A stand-in for Twitch on loopback: OAuth, the API, EventSub over WebSocket, and IRC over WebSocket or bare TCP.

It follows the documented behaviour, strict where Twitch is: close codes, the time for subscribing, one-time refresh tokens,
the limit of joins. Tests start it on a free port and steer it through /control/…; the demo has it replay a chat log into one
channel at real-time speed. Uses only the standard library.

The first line of output names the port: {"port": 12345}. It ends when its standard input does, or on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import datetime
import hashlib
import itertools
import json
import re
import signal
import sys
import time
import urllib.parse
import zlib
from dataclasses import dataclass, field
from pathlib import Path

WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
READER = {"id": "9001", "login": "demo_reader"}
LONGEST_BODY = 1 << 20


def user_id(login: str) -> str:
    return str(10_000 + zlib.crc32(login.encode()) % 1_000_000)


def stamp(moment: float) -> str:
    whole = datetime.datetime.fromtimestamp(int(moment), datetime.timezone.utc)
    return whole.strftime("%Y-%m-%dT%H:%M:%S") + f".{int(moment % 1 * 1e9):09}Z"


@dataclass
class Knobs:
    """What tests turn to make the double misbehave."""

    keepalive: float = 10
    """Seconds between keepalives; shorter than Twitch allows, so that tests need not wait."""
    subscribe_limit: float = 10
    reconnect_grace: float = 30
    ping_interval: float = 0
    """Seconds between WebSocket pings of the EventSub server; 0 for none."""
    interval: int = 1
    """Seconds between questions about a device code."""
    clip_delay: float = 1
    """Seconds until a clip appears; negative for never."""
    clip_status: int = 202
    subscribe_status: list[int] = field(default_factory=list)
    """Answers to the next subscriptions, before they are taken."""
    refused_topics: list[str] = field(default_factory=list)
    status: dict[str, list[int]] = field(default_factory=dict)
    """Answers to the next requests for a path, before they are looked at; 0 for none at all, 1 for a huge one."""
    muted: bool = False
    """EventSub says nothing any more, not even keepalives; IRC neither answers nor tells."""
    welcome: bool = True
    refuse_sockets: bool = False
    refuse_login: bool = False
    """IRC takes no password."""
    join_answer: str = "join"
    """What IRC answers to a join: join, silence or suspended."""


class Peer:
    """One connection that has become a WebSocket, or speaks IRC over bare TCP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_bare: bool = False) -> None:
        self.reader, self.writer, self.is_bare = reader, writer, is_bare
        self.pongs = 0
        self.farewell = 0
        """The code with which the client closed; 0 where it has not."""

    def frame(self, opcode: int, data: bytes) -> bytes:
        size = len(data)
        head = bytes([0x80 | opcode])
        if size < 126:
            return head + bytes([size]) + data
        if size < 1 << 16:
            return head + bytes([126]) + size.to_bytes(2, "big") + data
        return head + bytes([127]) + size.to_bytes(8, "big") + data

    def send(self, text: str) -> None:
        data = text.encode()
        self.writer.write(data if self.is_bare else self.frame(1, data))

    def send_in_pieces(self, text: str, size: int) -> None:
        """Sends one message as several frames with a ping between them."""
        data = text.encode()
        pieces = [data[start:start + size] for start in range(0, len(data), size)] or [b""]
        for index, piece in enumerate(pieces):
            raw = bytearray(self.frame(1 if index == 0 else 0, piece))
            if index < len(pieces) - 1:
                raw[0] &= 0x7F
            self.writer.write(bytes(raw) + self.frame(9, b"between"))

    def ping(self) -> None:
        self.writer.write(self.frame(9, b"are you there"))

    def close(self, code: int) -> None:
        if not self.is_bare:
            self.writer.write(self.frame(8, code.to_bytes(2, "big") + b"bye"))
        self.writer.close()

    def drop(self) -> None:
        self.writer.transport.abort()

    async def messages(self):
        """Texts that the client sends; ends with the connection."""
        try:
            if self.is_bare:
                while line := await self.reader.readline():
                    yield line.decode(errors="replace")
                return
            while True:
                first, second = await self.reader.readexactly(2)
                size = second & 0x7F
                if size == 126:
                    size = int.from_bytes(await self.reader.readexactly(2), "big")
                elif size == 127:
                    size = int.from_bytes(await self.reader.readexactly(8), "big")
                if not second & 0x80 or size > LONGEST_BODY:
                    self.close(1002)
                    return
                mask = await self.reader.readexactly(4)
                data = bytes(byte ^ mask[index % 4] for index, byte in enumerate(await self.reader.readexactly(size)))
                opcode = first & 0x0F
                if opcode == 8:
                    self.farewell = int.from_bytes(data[:2], "big")
                    self.writer.close()
                    return
                if opcode == 9:
                    self.writer.write(self.frame(10, data))
                elif opcode == 10:
                    self.pongs += 1
                elif opcode == 1:
                    yield data.decode(errors="replace")
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            return


@dataclass
class EventSubSession:
    name: str
    peer: Peer
    topics: dict[str, dict] = field(default_factory=dict)
    successor: str | None = None


class Twitch:
    def __init__(self, channel: str) -> None:
        self.knobs = Knobs()
        self.channel = channel
        self.numbers = itertools.count(1)
        self.tokens: dict[str, list[str]] = {}
        """Scopes of each access token that is good."""
        self.refreshes: dict[str, list[str]] = {}
        self.devices: dict[str, dict] = {}
        self.codes: dict[str, str] = {}
        self.sessions: dict[str, EventSubSession] = {}
        self.moves: dict[str, str] = {}
        """Reconnect addresses that have not been used, with the session each belongs to."""
        self.guests: dict[Peer, dict] = {}
        self.clips: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self.joins: list[float] = []
        self.first_reader = asyncio.Event()
        self.curtain = asyncio.Event()

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # HTTP

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.count("connections")
        try:
            while True:
                first = await reader.readline()
                if not first:
                    break
                words = first.decode(errors="replace").split()
                if words and words[0] in ("CAP", "PASS", "NICK"):
                    self.count("bare")
                    await self.irc(Peer(reader, writer, is_bare=True), first.decode(errors="replace"))
                    break
                if len(words) != 3:
                    break
                headers: dict[str, str] = {}
                while (line := (await reader.readline()).decode(errors="replace").strip()):
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                size = int(headers.get("content-length", "0"))
                body = await reader.readexactly(min(size, LONGEST_BODY)) if size else b""
                path, _, query = words[1].partition("?")
                if headers.get("upgrade", "").lower() == "websocket":
                    await self.upgrade(reader, writer, headers, path, query)
                    break
                status, document = await self.answer(words[0], path, dict(urllib.parse.parse_qsl(query)), headers, body)
                text = json.dumps(document).encode()
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
                             f"Content-Length: {len(text)}\r\n\r\n".encode() + text)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    async def answer(self, method: str, path: str, query: dict, headers: dict, body: bytes) -> tuple[int, dict]:
        if path.startswith("/control/"):
            return await self.control(path[9:], json.loads(body or b"{}"))
        self.count(f"{method} {path}")
        if scripted := self.knobs.status.get(path):
            status = scripted.pop(0)
            if status == 0:
                await asyncio.Event().wait()
            if status == 1:
                return 200, {"data": "x" * (2 * LONGEST_BODY)}
            return self.error(status, "as told")
        form = dict(urllib.parse.parse_qsl(body.decode(errors="replace")))
        if path.startswith("/oauth2/"):
            return self.oauth(path[8:], form, query, headers)
        if path.startswith("/helix/"):
            scopes = self.tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
            if scopes is None or "client-id" not in headers:
                return self.error(401, "Invalid OAuth token")
            return self.helix(method, path[7:], query, body, scopes)
        return self.error(404, "")

    @staticmethod
    def error(status: int, message: str) -> tuple[int, dict]:
        return status, {"error": "Error", "status": status, "message": message}

    def grant(self, scopes: list[str]) -> dict:
        number = next(self.numbers)
        access, refresh = f"access-{number}", f"refresh-{number}"
        self.tokens[access], self.refreshes[refresh] = scopes, scopes
        return {"access_token": access, "refresh_token": refresh, "expires_in": 14_400, "scope": scopes, "token_type": "bearer"}

    def oauth(self, path: str, form: dict, query: dict, headers: dict) -> tuple[int, dict]:
        if path == "device":
            number = next(self.numbers)
            self.devices[f"device-{number}"] = {"scopes": form.get("scopes", "").split(), "state": "pending", "asked": 0.0}
            return 200, {"device_code": f"device-{number}", "expires_in": 1800, "interval": self.knobs.interval,
                         "user_code": f"CODE{number:04}", "verification_uri": "https://www.twitch.tv/activate"}
        if path == "validate":
            access = headers.get("authorization", "").removeprefix("OAuth ")
            if access not in self.tokens:
                return self.error(401, "invalid access token")
            return 200, {"client_id": "demo-client", "login": READER["login"], "user_id": READER["id"],
                         "scopes": self.tokens[access], "expires_in": 14_400}
        if path == "revoke":
            self.tokens.pop(form.get("token"), None)
            return 200, {}
        if path != "token" or form.get("client_id") != "demo-client":
            return self.error(400, "invalid client")
        kind = form.get("grant_type")
        if kind == "refresh_token":
            # One-time, as for public clients.
            scopes = self.refreshes.pop(form.get("refresh_token"), None)
            return self.error(400, "Invalid refresh token") if scopes is None else (200, self.grant(scopes))
        if kind == "authorization_code":
            if form.get("client_secret") != "demo-secret" or form.get("code") not in self.codes:
                return self.error(400, "Invalid authorization code")
            return 200, self.grant(self.codes.pop(form["code"]).split())
        device = self.devices.get(form.get("device_code"))
        if device is None:
            return self.error(400, "invalid device code")
        is_hasty = time.monotonic() - device["asked"] < self.knobs.interval * 0.9
        device["asked"] = time.monotonic()
        if is_hasty:
            self.count("hasty polls")
            return self.error(400, "slow_down")
        if device["state"] != "approved":
            return self.error(400, "authorization_pending" if device["state"] == "pending" else "access_denied")
        self.devices.pop(form["device_code"])
        return 200, self.grant(device["scopes"])

    def helix(self, method: str, path: str, query: dict, body: bytes, scopes: list[str]) -> tuple[int, dict]:
        if path == "users":
            login = query.get("login", "")
            if login.startswith("nobody"):
                return 200, {"data": []}
            return 200, {"data": [{"id": user_id(login), "login": login, "display_name": login.title()}]}
        if path == "eventsub/subscriptions" and method == "POST":
            return self.subscribe(json.loads(body), scopes)
        if path == "clips" and method == "POST":
            if self.knobs.clip_status != 202 or "clips:edit" not in scopes:
                return self.error(self.knobs.clip_status if self.knobs.clip_status != 202 else 401, "no clip")
            name = f"DemoClip{next(self.numbers)}"
            self.clips[name] = time.monotonic()
            return 202, {"data": [{"id": name, "edit_url": f"https://clips.twitch.tv/{name}/edit"}]}
        if path == "clips":
            made = self.clips.get(query.get("id", ""))
            if made is None or self.knobs.clip_delay < 0 or time.monotonic() - made < self.knobs.clip_delay:
                return 200, {"data": [], "pagination": {}}
            return 200, {"data": [{"id": query["id"], "url": f"https://clips.twitch.tv/{query['id']}", "duration": 30.0}]}
        return self.error(404, "")

    def subscribe(self, request: dict, scopes: list[str]) -> tuple[int, dict]:
        if self.knobs.subscribe_status:
            return self.error(self.knobs.subscribe_status.pop(0), "as told")
        session = self.sessions.get(request["transport"]["session_id"])
        if session is None:
            return self.error(400, "websocket transport session does not exist or has already disconnected")
        if "user:read:chat" not in scopes or request["type"] in self.knobs.refused_topics:
            return self.error(403, "subscription missing proper authorization")
        if request["type"] in session.topics:
            return self.error(409, "subscription already exists")
        session.topics[request["type"]] = request["condition"]
        self.first_reader.set()
        return 202, {"data": [{"id": f"subscription-{next(self.numbers)}", "status": "enabled", "type": request["type"]}]}

    # WebSocket

    async def upgrade(self, reader, writer, headers: dict, path: str, query: str) -> None:
        if self.knobs.refuse_sockets:
            writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
            return
        key = headers.get("sec-websocket-key", "")
        accept = base64.b64encode(hashlib.sha1((key + WEBSOCKET_GUID).encode()).digest()).decode()
        answer = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {accept}\r\n\r\n")
        # Answer and welcome leave in one segment, as they often do.
        writer.write(answer.encode())
        peer = Peer(reader, writer)
        if path.startswith("/irc"):
            await self.irc(peer)
        else:
            await self.eventsub(peer, urllib.parse.parse_qs(query))

    # EventSub

    def envelope(self, kind: str, payload: dict, moment: float | None = None, number: str | None = None) -> str:
        return json.dumps({
            "metadata": {"message_id": number or f"message-{next(self.numbers)}", "message_type": kind,
                         "message_timestamp": stamp(moment or time.time())},
            "payload": payload})

    async def eventsub(self, peer: Peer, query: dict) -> None:
        moved = None
        if challenge := query.get("challenge"):
            moved = self.sessions.get(self.moves.pop(challenge[0], ""))
            if moved is None:
                return peer.close(4007)
        name = moved.name if moved else f"session-{next(self.numbers)}"
        if not self.knobs.welcome:
            async for _ in peer.messages():
                pass
            return
        session = EventSubSession(name, peer, moved.topics if moved else {})
        self.count("eventsub moves" if moved else "eventsub sessions")
        peer.send(self.envelope("session_welcome", {"session": {
            "id": name, "status": "connected", "connected_at": stamp(time.time()),
            "keepalive_timeout_seconds": max(1, round(self.knobs.keepalive)), "reconnect_url": None}}))
        self.sessions[name] = session
        watch = asyncio.create_task(self.watch(session))
        try:
            async for _ in peer.messages():
                self.count("inbound")
                peer.close(4001)
                break
        finally:
            watch.cancel()
            if self.sessions.get(name) is session:
                del self.sessions[name]

    async def watch(self, session: EventSubSession) -> None:
        """Keeps a session alive, and ends one that nobody uses or that does not answer."""
        begun, told, pinged = time.monotonic(), time.monotonic(), 0
        next_ping = begun + self.knobs.ping_interval
        while True:
            await asyncio.sleep(0.02)
            now = time.monotonic()
            if not session.topics and now - begun > self.knobs.subscribe_limit:
                return session.peer.close(4003)
            if not self.knobs.muted and now - told > self.knobs.keepalive:
                told = now
                session.peer.send(self.envelope("session_keepalive", {}))
            if self.knobs.ping_interval and now > next_ping:
                if session.peer.pongs < pinged:
                    return session.peer.close(4002)
                session.peer.ping()
                pinged, next_ping = pinged + 1, now + self.knobs.ping_interval

    async def reconnect(self, session: EventSubSession, address: str) -> None:
        challenge = f"challenge-{next(self.numbers)}"
        self.moves[challenge] = session.name
        session.peer.send(self.envelope("session_reconnect", {"session": {
            "id": session.name, "status": "reconnecting", "keepalive_timeout_seconds": None,
            "reconnect_url": f"{address}/ws?challenge={challenge}"}}))
        await asyncio.sleep(self.knobs.reconnect_grace)
        if self.sessions.get(session.name) is session or self.moves.pop(challenge, None):
            session.peer.close(4004)

    def notify(self, topic: str, event: dict, moment: float | None = None, number: str | None = None) -> None:
        if self.knobs.muted:
            return
        text = self.envelope("notification", {"subscription": {"type": topic, "status": "enabled"}, "event": event}, moment, number)
        for session in self.sessions.values():
            if topic in session.topics:
                session.peer.send(text)

    # IRC

    async def irc(self, peer: Peer, first: str = "") -> None:
        state = {"nick": "", "password": "", "channels": set(), "capable": False, "in": False}
        self.guests[peer] = state
        self.count("irc connections")
        try:
            if first:
                self.command(peer, state, first.rstrip("\r\n"))
            async for text in peer.messages():
                for line in text.replace("\r\n", "\n").split("\n"):
                    if line:
                        self.command(peer, state, line)
        finally:
            self.guests.pop(peer, None)
            if peer.farewell:
                self.count(f"farewell {peer.farewell}")

    def command(self, peer: Peer, state: dict, line: str) -> None:
        verb, _, rest = line.partition(" ")
        self.count(f"irc {verb}")
        if self.knobs.muted:
            return
        if verb == "CAP":
            state["capable"] = True
            peer.send(f":tmi.twitch.tv CAP * ACK {rest.removeprefix('REQ ')}\r\n")
        elif verb == "PASS":
            state["password"] = rest
        elif verb == "NICK":
            state["nick"] = rest
            token = state["password"].removeprefix("oauth:")
            is_guest = re.fullmatch(r"justinfan\d+", rest) is not None
            if self.knobs.refuse_login or (not is_guest and "chat:read" not in self.tokens.get(token, [])):
                peer.send(":tmi.twitch.tv NOTICE * :Login authentication failed\r\n")
                return peer.close(1000)
            state["in"] = True
            peer.send("".join(f":tmi.twitch.tv {line}\r\n" for line in (
                f"001 {rest} :Welcome, GLHF!", f"002 {rest} :Your host is tmi.twitch.tv", f"376 {rest} :>")))
        elif verb == "PING":
            peer.send(f":tmi.twitch.tv PONG tmi.twitch.tv {rest}\r\n")
        elif verb == "JOIN" and state["in"]:
            now = time.monotonic()
            self.joins = [moment for moment in self.joins if now - moment < 10] + [now]
            if len(self.joins) > 20:
                self.count("too many joins")
                return peer.drop()
            name = rest.removeprefix("#")
            if self.knobs.join_answer == "silence":
                return
            if self.knobs.join_answer == "suspended":
                peer.send(f"@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #{name} :This channel has been suspended.\r\n")
                return
            state["channels"].add(name)
            nick = state["nick"]
            peer.send(f":{nick}!{nick}@{nick}.tmi.twitch.tv JOIN #{name}\r\n"
                      f"@emote-only=0;room-id={user_id(name)} :tmi.twitch.tv ROOMSTATE #{name}\r\n"
                      f":{nick}.tmi.twitch.tv 366 {nick} #{name} :End of /NAMES list\r\n")
            self.first_reader.set()

    def tell(self, lines: str, channel: str) -> None:
        if self.knobs.muted:
            return
        for peer, state in self.guests.items():
            if channel in state["channels"]:
                peer.send(lines)

    # Chat

    def say(self, login: str, text: str, number: str | None = None, moment: float | None = None, name: str | None = None) -> None:
        """A message in the channel, over EventSub and over IRC."""
        moment = moment or time.time()
        number = number or f"00000000-0000-4000-8000-{next(self.numbers):012}"
        room, author, name = user_id(self.channel), user_id(login), name or login
        self.notify("channel.chat.message", {
            "broadcaster_user_id": room, "broadcaster_user_login": self.channel, "chatter_user_id": author,
            "chatter_user_login": login, "chatter_user_name": name, "message_id": number,
            "message": {"text": text, "fragments": [{"type": "text", "text": text}]}, "message_type": "text",
            "source_broadcaster_user_id": None}, moment)
        self.tell(self.line(login, text, number, moment, name), self.channel)

    def line(self, login: str, text: str, number: str, moment: float, name: str) -> str:
        return (f"@badges=;color=;display-name={escaped(name)};emotes=;first-msg=0;id={number};mod=0;"
                f"room-id={user_id(self.channel)};subscriber=0;tmi-sent-ts={int(moment * 1000)};user-id={user_id(login)};user-type= "
                f":{login}!{login}@{login}.tmi.twitch.tv PRIVMSG #{self.channel} :{text}\r\n")

    def raid(self, login: str, viewers: int) -> None:
        number, words = f"00000000-0000-4000-8000-{next(self.numbers):012}", f"{viewers} raiders from {login} have joined!"
        self.notify("channel.chat.notification", {
            "broadcaster_user_id": user_id(self.channel), "chatter_user_id": user_id(login), "chatter_user_name": login,
            "chatter_is_anonymous": False, "message_id": number, "message": {"text": "", "fragments": []},
            "notice_type": "raid", "raid": {"user_id": user_id(login), "user_name": login, "viewer_count": viewers},
            "system_message": words})
        self.tell(f"@display-name={login};id={number};login={login};msg-id=raid;msg-param-viewerCount={viewers};"
                  f"room-id={user_id(self.channel)};system-msg={escaped(words)};tmi-sent-ts={int(time.time() * 1000)};"
                  f"user-id={user_id(login)} :tmi.twitch.tv USERNOTICE #{self.channel}\r\n", self.channel)

    def ban(self, login: str) -> None:
        self.notify("channel.chat.clear_user_messages", {
            "broadcaster_user_id": user_id(self.channel), "target_user_id": user_id(login), "target_user_name": login})
        self.tell(f"@room-id={user_id(self.channel)};target-user-id={user_id(login)};tmi-sent-ts={int(time.time() * 1000)} "
                  f":tmi.twitch.tv CLEARCHAT #{self.channel} :{login}\r\n", self.channel)

    async def replay(self, messages: list[tuple[float, str, str, str]], speed: float) -> None:
        """Plays a log from its beginning, each message at its time."""
        begun = time.monotonic()
        for offset, login, name, text in messages:
            if (pause := begun + offset / speed - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            self.say(login, text, name=name)
        self.count("replays")

    async def flood(self, rate: int, seconds: float) -> int:
        """Sends messages of a hundred people over IRC at a rate, a frame each."""
        begun, sent = time.monotonic(), 0
        while time.monotonic() - begun < seconds:
            due = int((time.monotonic() - begun) * rate)
            moment = time.time()
            block = [self.line(f"user{number % 100}", f"this is message {number} of the flood PogChamp",
                               f"10000000-0000-4000-8000-{number:012}", moment, f"User{number % 100}")
                     for number in range(sent, due)]
            sent = due
            for peer, state in list(self.guests.items()):
                if self.channel in state["channels"]:
                    peer.writer.write(b"".join(peer.frame(1, line.encode()) for line in block))
                    await peer.writer.drain()
            await asyncio.sleep(0.005)
        return sent

    # Control

    def holds(self, wanted: dict) -> bool:
        """Whether counts, numbers of sessions, topics and readers are at least as high as wanted, or exactly as in `exactly`."""
        present = {**self.counts, "sessions": len(self.sessions), "guests": len(self.guests),
                   "topics": max((len(session.topics) for session in self.sessions.values()), default=0),
                   "joined": sum(len(state["channels"]) for state in self.guests.values()),
                   "pongs": sum(session.peer.pongs for session in self.sessions.values())}
        exactly = wanted.get("exactly", {})
        return (all(present.get(name, 0) >= number for name, number in wanted.items() if name != "exactly")
                and all(present.get(name, 0) == number for name, number in exactly.items()))

    async def control(self, path: str, order: dict) -> tuple[int, dict]:
        if path == "state":
            return 200, {"counts": self.counts, "sessions": len(self.sessions), "tokens": list(self.tokens),
                         "topics": sorted({topic for session in self.sessions.values() for topic in session.topics}),
                         "joined": sorted({name for state in self.guests.values() for name in state["channels"]}),
                         "nicks": [state["nick"] for state in self.guests.values()],
                         "pongs": sum(session.peer.pongs for session in self.sessions.values())}
        elif path == "await":
            while not self.holds(order):
                await asyncio.sleep(0.01)
        elif path == "set":
            for name, value in order.items():
                if not hasattr(self.knobs, name):
                    return self.error(400, f"no knob {name}")
                setattr(self.knobs, name, value)
        elif path == "grant":
            return 200, self.grant(order["scopes"])
        elif path == "code":
            self.codes[order["code"]] = " ".join(order["scopes"])
        elif path in ("approve", "deny"):
            for device in self.devices.values():
                device["state"] = "approved" if path == "approve" else "denied"
        elif path == "expire":
            self.tokens.clear()
            if order.get("refreshes"):
                self.refreshes.clear()
        elif path == "say":
            self.say(order.get("user", "ann"), order["text"], order.get("id"), order.get("moment"))
        elif path == "raid":
            self.raid(order.get("user", "ann"), order["viewers"])
        elif path == "ban":
            self.ban(order["user"])
        elif path == "irc":
            for peer in list(self.guests):
                peer.send(order["line"] + "\r\n")
        elif path == "eventsub":
            for session in list(self.sessions.values()):
                if size := order.get("pieces"):
                    session.peer.send_in_pieces(order["text"], size)
                else:
                    session.peer.send(order["text"])
        elif path == "close":
            for session in list(self.sessions.values()):
                session.peer.close(order["code"])
        elif path == "reconnect":
            for session in list(self.sessions.values()):
                background(self.reconnect(session, order["address"]))
        elif path == "revoke":
            for session in list(self.sessions.values()):
                session.topics.pop("channel.chat.message", None)
                session.peer.send(self.envelope("revocation", {"subscription": {
                    "type": "channel.chat.message", "status": order["status"]}}))
        elif path == "drop":
            for peer in [*self.guests, *(session.peer for session in self.sessions.values())]:
                peer.drop()
        elif path == "play":
            self.curtain.set()
        elif path == "flood":
            return 200, {"sent": await self.flood(order["rate"], order["seconds"])}
        else:
            return self.error(404, "no such order")
        return 200, {}


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\:").replace(" ", "\\s")


def background(work) -> None:
    """Runs something beside everything else, and keeps hold of it while it runs."""
    task = asyncio.ensure_future(work)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)


TASKS: set[asyncio.Task] = set()


def read_log(path: Path) -> list[tuple[float, str, str, str]]:
    """Messages of a TwitchDownloader log: when, who, under which name, what."""
    comments = json.loads(path.read_text())["comments"]
    messages = [(comment["content_offset_seconds"], (comment["commenter"] or {}).get("name") or "ghost",
                 (comment["commenter"] or {}).get("display_name") or "Ghost",
                 comment["message"]["body"].replace("\r", " ").replace("\n", " ")) for comment in comments]
    return sorted(message for message in messages if message[0] >= 0)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--channel", default="demo", help="the channel that things happen in")
    parser.add_argument("--chat", type=Path, help="TwitchDownloader log to replay once somebody reads the channel")
    parser.add_argument("--hold", action="store_true", help="replay on the order POST /control/play instead")
    parser.add_argument("--speed", type=float, default=1, help="how much faster than real time the log is replayed")
    options = parser.parse_args()
    # Whoever starts the double from a thread that blocks signals hands that down.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    twitch = Twitch(options.channel)
    server = await asyncio.start_server(twitch.serve, "127.0.0.1", options.port, backlog=128)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    if options.chat:
        messages = read_log(options.chat)

        async def play() -> None:
            await (twitch.curtain if options.hold else twitch.first_reader).wait()
            await twitch.replay(messages, options.speed)
        background(play())
    # Whoever started the double holds the other end of its input; without him it would stay for ever.
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()

    def listen() -> None:
        if not sys.stdin.buffer.raw.read(4096):
            loop.remove_reader(sys.stdin.fileno())
            gone.set()
    try:
        loop.add_reader(sys.stdin.fileno(), listen)
    except (OSError, ValueError):
        pass  # Not a pipe or a terminal: it ends by signal.
    await gone.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
