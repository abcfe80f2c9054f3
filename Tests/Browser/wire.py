"""The wire between browser and server, which the test can cut: a small TCP relay on loopback."""

from __future__ import annotations

import select
import socket
import threading

PIECE = 1 << 16


class Wire:
    """Relays connections to one server until it is cut; `mend` lets new ones through again."""

    def __init__(self, host: str, port: int):
        self.server = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()
        self.is_cut = False
        self.ends = False
        self.allowance: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Breaks every connection and refuses new ones."""
        with self.lock:
            self.is_cut = True
            for connection in self.open:
                # A reset, as when a cable is pulled: nothing is said goodbye to.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self._shut(connection)

    def mend(self) -> None:
        with self.lock:
            self.is_cut = False

    def cut_after(self, count: int) -> None:
        """Cuts once so many more bytes went to the server."""
        with self.lock:
            self.allowance = count

    def close(self) -> None:
        self.ends = True
        self.cut()
        self.listener.close()

    @staticmethod
    def _shut(connection: socket.socket) -> None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was quicker

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut or self.ends:
                client.close()
                continue
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self.server, timeout=10)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        with self.lock:
            self.open |= {client, server}
        try:
            while not self.is_cut:
                for ready in select.select([client, server], [], [], 1)[0]:
                    data = ready.recv(PIECE)
                    if not data:
                        return
                    if ready is client:
                        self._count(len(data))
                    (server if ready is client else client).sendall(data)
        except OSError:
            pass  # one side hung up: the other one is told by closing
        finally:
            with self.lock:
                self.open -= {client, server}
            client.close()
            server.close()

    def _count(self, sent: int) -> None:
        with self.lock:
            if self.allowance is None:
                return
            self.allowance -= sent
            over = self.allowance < 0
            if over:
                self.allowance = None
        if over:
            self.cut()
