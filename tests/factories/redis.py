"""A small Redis of our own: GET, SET and DEL over a real socket, that can hang or die in the middle of a test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest


class ARedis:
    """Speaks RESP 2 to as many clients as come."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self.is_hanging = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self._server.getsockname()[1]}/0"

    def hang(self) -> None:
        """Take questions and never answer."""
        self.is_hanging = True

    def die(self) -> None:
        """Close every connection and take no more."""
        for one in (self._server, *self._open):
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            self._open.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        try:
            while head := lines.readline():
                words = []
                for _ in range(int(head[1:])):
                    size = int(lines.readline()[1:])
                    words.append(lines.read(size + 2)[:-2])
                if not self.is_hanging:
                    client.sendall(self._answer(words))
        except (OSError, ValueError):
            return

    def _answer(self, words: list[bytes]) -> bytes:
        command = words[0].upper()
        if command == b"GET":
            found = self.values.get(words[1])
            return b"$-1\r\n" if found is None else b"$%d\r\n%s\r\n" % (len(found), found)
        if command == b"SET":
            self.values[words[1]] = words[2]
        elif command == b"DEL":
            self.values.pop(words[1], None)
        return b"+OK\r\n"


@pytest.fixture
def a_redis() -> Iterator[ARedis]:
    """A store that runs until the test ends."""
    store = ARedis()
    yield store
    store.die()
