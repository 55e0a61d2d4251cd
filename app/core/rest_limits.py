"""How many requests programs may send: a token bucket for each program and one for its shop.

The buckets stand in the database; a process takes a handful of tokens from them at a time (a lease) and then counts in
memory, so that an ordinary request asks nobody. A lease is a quarter of what is left and a fiftieth of the limit at
most, and ends after ten seconds. The stated error: as many processes as there are can together let through one lease
each beyond the limit (2% a process), and never less than the limit in a minute once their leases have ended.
"""

from __future__ import annotations

import hashlib
import math
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, g, request
from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from app import settings
from app.core import isolation, login
from app.core.access import current_actor
from app.core.db import CatalogueModel, db
from app.core.errors import TooManyRequests
from app.core.i18n import mark

WINDOW = 60
LEASE_SECONDS = 10
SHARE_OF_ONE = 2
"""One program may take the limit of its shop divided by this: a program that floods leaves the rest to the others."""
GUESSES = 300
"""Requests a minute with tokens that nobody holds, from one address."""
_MOST_BUCKETS = 20_000
_PREFIX = "/api/v1/"
_plan: list[Callable[[], int | None]] = []
_REFILLED = "least(:limit, kept.tokens + extract(epoch from clock_timestamp() - kept.at) * :limit / 60.0)"
_GRANTED = f"least(:most, greatest(1, ceil({_REFILLED} / 4)), floor({_REFILLED}))"
_LEASE = text(
    "insert into catalogue.api_bucket as kept (key, tokens, granted, at)"  # noqa: S608 - made of the two lines above
    " values (:key, :limit - :most, :most, clock_timestamp()) on conflict (key) do update set"
    f" tokens = {_REFILLED} - {_GRANTED}, granted = {_GRANTED}, at = clock_timestamp()"
    " returning granted, tokens"
)


class ApiBucket(CatalogueModel):
    """What is left in a bucket, as of the last lease. Kept without a journal: it is full again after a minute."""

    __tablename__ = "api_bucket"
    is_audited = False
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    key: Mapped[bytes] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    granted: Mapped[int]
    at: Mapped[datetime]


class RateLimited(TooManyRequests):
    """A program, or its shop, asked too often."""

    code = "rate_limited"
    message = mark("Too many requests. Please go on in {seconds} seconds.")


class Bucket:
    """What this process may still let through of one bucket."""

    __slots__ = ("dry_until", "ends", "key", "left", "limit", "lock", "rest")

    def __init__(self, name: str) -> None:
        self.key = hashlib.sha256(name.encode()).digest()
        self.lock = threading.Lock()
        self.left, self.rest, self.limit = 0, 0.0, 1
        self.ends = self.dry_until = 0.0

    def take(self, look_up: Callable[[], int], lease: Callable[[bytes, int], tuple[int, float]]) -> float:
        """Take a token; 0, or after how many seconds there is another one."""
        now = time.monotonic()
        with self.lock:
            if self.dry_until > now:
                return self.dry_until - now
            if self.left < 1 or self.ends < now:
                self.limit, self.ends = look_up(), now + LEASE_SECONDS
                self.left, self.rest = lease(self.key, self.limit)
            if self.left < 1:
                wait = max(0.05, (1 - self.rest) * WINDOW / self.limit)
                self.dry_until = now + wait
                return wait
            self.left -= 1
            return 0

    @property
    def remaining(self) -> int:
        """Tokens that are left as far as this process knows."""
        return max(0, self.left + math.floor(self.rest))

    @property
    def seconds_to_full(self) -> int:
        """When the whole limit is there again if nobody asks."""
        return math.ceil((self.limit - self.remaining) * WINDOW / self.limit)


class Buckets:
    """Every bucket that this process has met. Bounded: what is forgotten is leased anew."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._lock = threading.Lock()
        self._of: dict[str, Bucket] = {}

    def named(self, name: str) -> Bucket:
        """The bucket of a name."""
        found = self._of.get(name)
        if found is None:
            with self._lock:
                if len(self._of) >= _MOST_BUCKETS:
                    self._of = {}
                found = self._of.setdefault(name, Bucket(name))
        return found


buckets = Buckets()
os.register_at_fork(after_in_child=buckets.begin)


def plan_says(look_up: Callable[[], int | None]) -> None:
    """Register what the entered shop's plan allows, in requests a minute; None leaves the setting's number."""
    _plan[:] = [look_up]


def api_rate() -> int:
    """Requests a minute that the programs of the entered shop may send together. Asked once a lease."""
    said = _plan[0]() if _plan else None
    return max(1, settings.current().api_rate if said is None else said)


def init_app(app: Flask) -> None:
    """Count every request of a program, and tell it in the headers."""
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> None:
    if g.get("place") != "tenant" or not request.path.startswith(_PREFIX) or request.method == "OPTIONS":
        return
    actor = current_actor()
    if actor.id is None:
        if "Authorization" in request.headers:
            login.rate_limit("api.guess", login.remote_address(), GUESSES, WINDOW)
        return
    charge(1)


def charge(cost: int) -> None:
    """Take tokens of the program and of its shop, the program's first: who floods takes nothing from the others."""
    tenant, program = isolation.tenant_id(), current_actor().id
    own, shop = buckets.named(f"{tenant}:{program}"), buckets.named(str(tenant))
    g.rate_limits = (("program", own), ("shop", shop))
    for _ in range(cost):
        _refuse_after(own.take(lambda: max(1, api_rate() // SHARE_OF_ONE), _lease))
        _refuse_after(shop.take(api_rate, _lease))


def _refuse_after(wait: float) -> None:
    if wait:
        raise RateLimited(seconds=math.ceil(wait))


def _lease(key: bytes, limit: int) -> tuple[int, float]:
    """A handful of tokens, in a transaction of its own."""
    values = {"key": key, "limit": limit, "most": max(1, limit // 50)}
    with db.engines["catalogue"].begin() as connection:
        granted, tokens = connection.execute(_LEASE, values).one()
    return int(granted), float(tokens)


def _tell(response: Response) -> Response:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), Retry-After (RFC 9110, 10.2.3)."""
    told = g.get("rate_limits", ())
    if told:
        response.headers["RateLimit-Policy"] = ", ".join(f'"{name}";q={one.limit};w={WINDOW}' for name, one in told)
        response.headers["RateLimit"] = ", ".join(
            f'"{name}";r={one.remaining};t={one.seconds_to_full}' for name, one in told
        )
    return response
