"""A load generator of our own, for machines without wrk: one thread, one epoll, requests that are bytes already.

    python -m app.commands.bench.load < plan.json > figures.json

It takes some 20 microseconds a request, less than a tenth of what any of our pages takes, and runs in a process of
its own. Every connection is kept alive and has one request under way.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from itertools import cycle
from typing import Any

BUFFER = 1 << 18
_LENGTH = b"content-length:"


class Line:
    """One connection with one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket = self.connected()
        self.began = 0.0
        self.received = b""
        self.wanted = 0
        """Bytes of the answer that are still to come; 0: its head is not complete."""
        self.status = 0
        self.closes = False

    def connected(self) -> socket.socket:
        """A fresh connection that sends small pieces at once."""
        made = socket.create_connection(self.address)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, request: bytes) -> None:
        """Begin a request."""
        self.received, self.wanted, self.status, self.closes = b"", 0, 0, False
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Read what is there; true at the end of the answer, and when the server hung up."""
        piece = self.socket.recv(BUFFER)
        if not piece:
            self.closes = True
            return True
        if self.wanted:
            self.wanted -= len(piece)
        else:
            self.received += piece
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._read_head(self.received[:end].lower(), len(self.received) - end - 4)
        return self.wanted <= 0

    def _read_head(self, head: bytes, have: int) -> None:
        self.status = int(head[9:12])
        self.closes = b"\r\nconnection: close" in head
        place = head.find(_LENGTH)
        length = 0 if place < 0 else int(head[place + len(_LENGTH) :].split(b"\r\n", 1)[0])
        self.wanted = length - have


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send the plan's requests in turn, over its number of connections, for its seconds."""
    requests = cycle(text.encode("latin-1") for text in plan["requests"])
    address = (plan["host"], plan["port"])
    poll = select.epoll()
    lines: dict[int, Line] = {}
    for _ in range(plan["connections"]):
        _register(poll, lines, Line(address))
    took: list[float] = []
    errors = 0
    began = time.perf_counter()
    ends = began + plan["seconds"]
    for line in list(lines.values()):
        line.send(next(requests))
    while (now := time.perf_counter()) < ends:
        for number, _ in poll.poll(max(0.001, ends - now)):
            line = lines[number]
            if not line.is_answered():
                continue
            took.append(time.perf_counter() - line.began)
            errors += not 200 <= line.status < 400
            if line.closes:
                _replace(poll, lines, line)
            line.send(next(requests))
    return figures(took, errors, time.perf_counter() - began)


def figures(took: list[float], errors: int, lasted: float) -> dict[str, Any]:
    """Requests, errors, requests a second, and milliseconds of the middle and the hundredth slowest."""
    ordered = sorted(took) or [0.0]
    return {
        "requests": len(took),
        "errors": errors,
        "rps": len(took) / lasted,
        "p50": ordered[len(ordered) // 2] * 1000,
        "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000,
    }


def _register(poll: select.epoll, lines: dict[int, Line], line: Line) -> None:
    lines[line.socket.fileno()] = line
    poll.register(line.socket.fileno(), select.EPOLLIN)


def _replace(poll: select.epoll, lines: dict[int, Line], line: Line) -> None:
    del lines[line.socket.fileno()]
    poll.unregister(line.socket.fileno())
    line.socket.close()
    line.socket = line.connected()
    _register(poll, lines, line)


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
