"""One request to another program: guarded, signed, timed, and its answer cut to what a person reads."""

from __future__ import annotations

import email.utils
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

import httpx

from app import settings
from app.core import http
from app.platform.webhooks import messages
from app.platform.webhooks.queries import Target

SECONDS = 15.0
LONGEST_BODY, LONGEST_HEADER, MOST_HEADERS = 4096, 300, 30
MOST_CONNECTIONS = 128
_BUSY = {429, 502, 503, 504}


@dataclass(frozen=True)
class Parcel:
    """What is sent: the fact, and for which attempt."""

    event_id: UUID
    body: bytes


@dataclass(frozen=True)
class Answer:
    """How it went. `status` is None when nobody answered; `retry_after` are seconds that the other side asks for."""

    at: datetime
    milliseconds: int
    status: int | None = None
    error: str = ""
    retry_after: float | None = None
    request_headers: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def is_success(self) -> bool:
        """Any 2xx; a redirect is not followed and is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def says_gone(self) -> bool:
        """410: the receiver wants nothing of this kind any more."""
        return self.status == 410


def call(target: Target, parcel: Parcel) -> Answer:
    """Send it. Never raises: whatever happens is an answer."""
    at = datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        **messages.signed_headers(target.secrets, parcel.event_id, at, parcel.body),
    }
    shown = headers | {"webhook-signature": headers["webhook-signature"][:12] + "…"}
    began = time.monotonic()

    def after() -> int:
        return round((time.monotonic() - began) * 1000)

    try:
        with _client().stream("POST", target.url, headers=headers, content=parcel.body) as answer:
            body = _beginning(answer, began)
            wait = _seconds_of(answer.headers.get("Retry-After", "")) if answer.status_code in _BUSY else None
            told = dict(list(answer.headers.items())[:MOST_HEADERS])
            return Answer(
                at, after(), answer.status_code, retry_after=wait, request_headers=shown,
                headers={name: value[:LONGEST_HEADER] for name, value in told.items()}, body=body,
            )  # fmt: skip
    except http.FetchFailed as problem:
        error = str(problem)
    except httpx.TimeoutException:
        error = "The other side took too long to answer."
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        error = "The other side could not be reached."
    return Answer(at, after(), error=error, request_headers=shown)


def _client() -> httpx.Client:
    return _client_for(settings.current().open_networks)


@lru_cache(maxsize=2)
def _client_for(open_networks: str) -> httpx.Client:
    """A client of its own: slow receivers must not take connections from payments, and have no breaker but pausing."""
    client = http.guarded_client(
        open_to=http.parse_networks(open_networks), connections=MOST_CONNECTIONS, has_breaker=False
    )
    client.timeout = httpx.Timeout(SECONDS, connect=http.CONNECT_SECONDS, pool=http.CONNECT_SECONDS)
    return client


def _beginning(answer: httpx.Response, began: float) -> str:
    """The first bytes of the answer; a drip that does not end is left alone."""
    content = b""
    for piece in answer.iter_bytes(1024):
        content += piece
        if len(content) >= LONGEST_BODY or time.monotonic() - began > SECONDS:
            break
    return content[:LONGEST_BODY].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _seconds_of(text: str) -> float | None:
    """Retry-After as seconds or as a date (RFC 9110); None when it is neither."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
