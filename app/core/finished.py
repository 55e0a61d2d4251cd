"""One finished page: its headers and its body, plain or compressed, and how a client takes it."""

from __future__ import annotations

import functools
import gzip
import hashlib
import time
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from app.core import isolation

SECONDS = 60
"""How long a page is kept at most: what depends on the time of day is never older."""

_TAG = 32


class Made(NamedTuple):
    """A body that was finished before: compressed, with its tag; `said` is what stands in the answer in its place."""

    packed: bytes
    tag: str
    said: bytes = b""

    @property
    def kept(self) -> bytes:
        """Tag and body in one, to keep."""
        return self.tag.encode() + self.packed

    @classmethod
    def of(cls, kept: bytes) -> Made:
        """The same again; nothing stands in its place."""
        return cls(kept[_TAG:], kept[:_TAG].decode())


class Page(msgspec.Struct):
    """A finished answer: headers as they were made once, the body as it is and, when somebody asked, compressed.

    What was known compressed from the start has no other body, and is unpacked for the few who want that.
    """

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    made_at: float
    packed: bytes = b""

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about; a later compressed copy is counted from the start."""
        return (len(self.body) * 5 // 4 or len(self.packed)) + 2000

    @property
    def is_over(self) -> bool:
        """Is it time to make it anew?"""
        return not 0 <= time.time() - self.made_at < SECONDS

    def answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        """As this client takes it: compressed, not at all when it has it, without a body for HEAD."""
        headers = list(self.headers)
        if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            self.packed = self.packed or _compressed(self.body)
            body, tag = self.packed, f'"{self.tag}-gzip"'
            headers.append(("Content-Encoding", "gzip"))
        else:
            body, tag = self.body or gzip.decompress(self.packed), f'"{self.tag}"'
        headers.append(("ETag", tag))
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and _names(asked, tag):
            start("304 Not Modified", [pair for pair in headers if pair[0] not in {"Content-Type", "Content-Encoding"}])
            return []
        headers.append(("Content-Length", str(len(body))))
        start("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def made_of(body: bytes) -> Made:
    """A whole body as it is kept for equal ones of the tenant that is entered."""
    return Made(_compressed(body), tag_of(isolation.tenant_id(), body), body)


def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)


def tag_of(tenant: uuid.UUID, body: bytes) -> str:
    """The entity tag of a tenant's page, without quotes."""
    return hashlib.sha256(tenant.bytes + body).hexdigest()[:_TAG]


@functools.lru_cache(maxsize=500)
def _takes_gzip(accepted: str) -> bool:
    """Does the client take gzip (RFC 9110, 12.5.3)? What is too long to be honest gets plain bytes."""
    if len(accepted) > 300:
        return False
    weights = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=").strip()
        weights[name.strip()] = weight.strip("0.") != "" or weight in {"", "1"}
    return weights.get("gzip", weights.get("*", False))


def _names(asked: str, tag: str) -> bool:
    """Does If-None-Match name the tag (weak comparison, RFC 9110, 13.1.2)?"""
    return asked.strip() == "*" or any(one.strip().removeprefix("W/") == tag for one in asked[:2000].split(","))
