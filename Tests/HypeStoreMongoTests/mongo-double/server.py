#!/usr/bin/env python3
"""A stand-in for a MongoDB server: MongoDB's wire protocol in front of collections in memory (mongomock).

It knows the commands that the store of Hypeclip sends, as a real server of version 5 answers them, and the test command
`configureFailPoint` (mode `times`, data `failCommands`, `closeConnection`, `errorCode`). It knows no users, TLS, sessions,
transactions or replica sets.

    server.py [--port PORT] [--journal FILE]

It prints `ready PORT` once it listens on 127.0.0.1, and ends when its standard input ends. With a journal, every write is
on disk before it is answered and is done again at the next start, as a database would have it.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import socket
import socketserver
import struct
import sys
import threading

import bson
import mongomock
import pymongo.errors

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
MORE_TO_COME = 2
LARGEST_MESSAGE = 48_000_000
WRITES = {"insert", "update", "delete", "findandmodify", "createindexes", "collmod"}


class CommandError(Exception):
    """What a server answers where it refuses a command."""

    def __init__(self, code: int, name: str, message: str):
        super().__init__(message)
        self.document = {"ok": 0.0, "errmsg": message, "code": code, "codeName": name}


class Database:
    """Runs commands, one at a time."""

    def __init__(self, journal: str | None):
        self.client = mongomock.MongoClient(tz_aware=False)
        self.lock = threading.Lock()
        self.fail_point: dict | None = None
        self.journal = None
        if journal:
            self.replay(journal)
            self.journal = open(journal, "ab")

    def replay(self, path: str) -> None:
        """Does again what was written before; a last entry that was cut short was never answered."""
        if not os.path.exists(path):
            return
        with open(path, "rb") as file:
            data = file.read()
        while len(data) >= 4 and len(data) >= struct.unpack_from("<i", data)[0]:
            length = struct.unpack_from("<i", data)[0]
            self.execute(bson.decode(data[:length]))
            data = data[length:]

    def run(self, command: dict) -> dict | None:
        """The reply to a command, or None where the connection is to be closed."""
        name = next(iter(command))
        with self.lock:
            point = self.fail_point
            if point and name in point["data"].get("failCommands", []):
                point["mode"]["times"] -= 1
                if point["mode"]["times"] <= 0:
                    self.fail_point = None
                if point["data"].get("closeConnection"):
                    return None
                raise CommandError(point["data"]["errorCode"], "FailPoint", "failed on purpose")
            reply = self.execute(command)
            if self.journal and name.lower() in WRITES:
                self.journal.write(bson.encode(command))
                self.journal.flush()
                os.fsync(self.journal.fileno())
            return reply

    def execute(self, command: dict) -> dict:
        """Runs a command by its name."""
        name = next(iter(command))
        method = getattr(self, "do_" + name.lower(), None)
        if method is None:
            raise CommandError(59, "CommandNotFound", f"no such command: '{name}'")
        try:
            return {**method(command), "ok": 1.0}
        except pymongo.errors.DuplicateKeyError as error:
            raise CommandError(11000, "DuplicateKey", str(error)) from error
        except mongomock.DuplicateKeyError as error:
            raise CommandError(11000, "DuplicateKey", str(error)) from error

    def collection(self, command: dict):
        """The collection that a command names."""
        return self.client[command["$db"]][command[next(iter(command))]]

    def do_hello(self, command: dict) -> dict:
        return {
            "ismaster": True,
            "isWritablePrimary": True,
            "helloOk": True,
            "maxBsonObjectSize": 16 << 20,
            "maxMessageSizeBytes": LARGEST_MESSAGE,
            "maxWriteBatchSize": 100_000,
            "localTime": datetime.datetime.now(datetime.timezone.utc),
            "minWireVersion": 0,
            "maxWireVersion": 13,
            "readOnly": False,
        }

    do_ismaster = do_hello

    def do_ping(self, command: dict) -> dict:
        return {}

    def do_buildinfo(self, command: dict) -> dict:
        return {"version": "5.0.0", "versionArray": [5, 0, 0, 0]}

    def do_configurefailpoint(self, command: dict) -> dict:
        self.fail_point = {"mode": dict(command["mode"]), "data": command["data"]} if command["mode"] != "off" else None
        return {}

    def do_dropdatabase(self, command: dict) -> dict:
        self.client.drop_database(command["$db"])
        return {}

    def do_createindexes(self, command: dict) -> dict:
        collection = self.collection(command)
        for index in command["indexes"]:
            existing = collection.index_information().get(index["name"])
            seconds = index.get("expireAfterSeconds")
            if existing is not None:
                if existing.get("expireAfterSeconds") != seconds:
                    raise CommandError(85, "IndexOptionsConflict", "the index exists with other options")
                continue
            options = {} if seconds is None else {"expireAfterSeconds": int(seconds)}
            collection.create_index(list(index["key"].items()), name=index["name"], **options)
        return {}

    def do_collmod(self, command: dict) -> dict:
        collection, index = self.collection(command), command["index"]
        existing = collection.index_information().get(index["name"])
        if existing is None:
            raise CommandError(27, "IndexNotFound", "no such index")
        collection.drop_index(index["name"])
        collection.create_index(
            existing["key"], name=index["name"], expireAfterSeconds=int(index["expireAfterSeconds"])
        )
        return {}

    def do_listindexes(self, command: dict) -> dict:
        indexes = []
        for name, index in self.collection(command).index_information().items():
            entry = {"v": 2, "key": dict(index["key"]), "name": name}
            if index.get("expireAfterSeconds") is not None:
                entry["expireAfterSeconds"] = index["expireAfterSeconds"]
            indexes.append(entry)
        return self.first_batch(command, indexes)

    def do_insert(self, command: dict) -> dict:
        collection, count, errors = self.collection(command), 0, []
        for index, document in enumerate(command["documents"]):
            try:
                collection.insert_one(document)
                count += 1
            except (pymongo.errors.DuplicateKeyError, mongomock.DuplicateKeyError) as error:
                errors.append({"index": index, "code": 11000, "errmsg": str(error)})
                if command.get("ordered", True):
                    break
        return {"n": count, **({"writeErrors": errors} if errors else {})}

    def do_update(self, command: dict) -> dict:
        collection, matched, changed = self.collection(command), 0, 0
        for update in command["updates"]:
            is_operators = next(iter(update["u"]), "").startswith("$")
            method = collection.update_many if is_operators and update.get("multi") else collection.update_one
            if not is_operators:
                method = collection.replace_one
            result = method(update["q"], update["u"], upsert=update.get("upsert", False))
            matched += result.matched_count
            changed += result.modified_count or 0
        return {"n": matched, "nModified": changed}

    def do_delete(self, command: dict) -> dict:
        collection, count = self.collection(command), 0
        for delete in command["deletes"]:
            method = collection.delete_one if delete["limit"] == 1 else collection.delete_many
            count += method(delete["q"]).deleted_count
        return {"n": count}

    def do_findandmodify(self, command: dict) -> dict:
        value = self.collection(command).find_one_and_update(
            command["query"],
            command["update"],
            upsert=command.get("upsert", False),
            return_document=bool(command.get("new", False)),
        )
        return {"value": value, "lastErrorObject": {"n": int(value is not None)}}

    def do_find(self, command: dict) -> dict:
        if not command.get("singleBatch"):
            raise CommandError(238, "NotImplemented", "only single batches")
        cursor = self.collection(command).find(command.get("filter", {}))
        if command.get("sort"):
            cursor = cursor.sort(list(command["sort"].items()))
        if command.get("limit"):
            cursor = cursor.limit(int(command["limit"]))
        # A server fills a batch up to 16 MiB.
        documents, room = [], 16 << 20
        for document in cursor:
            room -= len(bson.encode(document))
            if room < 0 and documents:
                break
            documents.append(document)
        return self.first_batch(command, documents[: int(command.get("batchSize", 101))])

    def do_aggregate(self, command: dict) -> dict:
        return self.first_batch(command, list(self.collection(command).aggregate(command["pipeline"])))

    def do_endsessions(self, command: dict) -> dict:
        return {}

    def first_batch(self, command: dict, documents: list) -> dict:
        """A cursor that is at its end."""
        name = f"{command['$db']}.{command[next(iter(command))]}"
        return {"cursor": {"id": bson.Int64(0), "ns": name, "firstBatch": documents}}


class Connection(socketserver.BaseRequestHandler):
    """Reads messages and answers them until the peer hangs up."""

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while self.exchange():
                pass
        except (ConnectionError, EOFError):
            pass

    def receive(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            part = self.request.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def exchange(self) -> bool:
        length, number, _, kind = struct.unpack("<iiii", self.receive(16))
        if not 16 <= length <= LARGEST_MESSAGE:
            return False
        body = self.receive(length - 16)
        if kind == OP_QUERY:
            name_end = body.index(b"\0", 4)
            command = bson.decode(body[name_end + 9 :])
            command["$db"] = body[4:name_end].decode().split(".", 1)[0]
        elif kind == OP_MSG:
            command = self.message(body)
        else:
            return False
        try:
            reply = self.server.database.run(command)
        except CommandError as error:
            reply = error.document
        except Exception as error:  # A mistake of the stand-in: say so to the client, which fails its test then.
            reply = {"ok": 0.0, "code": 8, "codeName": "UnknownError", "errmsg": f"{type(error).__name__}: {error}"}
        if reply is None:
            return False
        encoded = bson.encode(reply)
        if kind == OP_QUERY:
            payload, code = struct.pack("<iqii", 8, 0, 0, 1) + encoded, OP_REPLY
        else:
            if struct.unpack_from("<I", body)[0] & MORE_TO_COME:
                return True
            payload, code = struct.pack("<IB", 0, 0) + encoded, OP_MSG
        self.request.sendall(struct.pack("<iiii", 16 + len(payload), 0, number, code) + payload)
        return True

    @staticmethod
    def message(body: bytes) -> dict:
        """The command of a message: its body, and the sequences of documents beside it."""
        end = len(body) - (4 if struct.unpack_from("<I", body)[0] & 1 else 0)
        command, place, sequences = {}, 4, {}
        while place < end:
            kind, size = body[place], struct.unpack_from("<i", body, place + 1)[0]
            section = body[place + 1 : place + 1 + size]
            if kind == 0:
                command = bson.decode(section)
            else:
                name, documents = re.fullmatch(rb"(?s)([^\0]*)\0(.*)", section[4:]).groups()
                sequences[name.decode()] = bson.decode_all(documents)
            place += 1 + size
        return {**command, **sequences}


class Server(socketserver.ThreadingTCPServer):
    """Listens on the loopback address."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256


def main() -> None:
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal")
    options = parser.parse_args()
    with Server(("127.0.0.1", options.port), Connection) as server:
        server.database = Database(options.journal)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"ready {server.server_address[1]}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
