"""A cache that may be lost at any time: kept in Redis where there is one, else in the process.

Every key holds the tenant and a version, so that nothing of one shop is ever shown at another and a change makes a
new key instead of hunting for old ones. Values are JSON or bytes, never pickles. Redis that refuses, hangs or is
away reads as a miss: pages get slower, not broken.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from flask import Flask
from flask_caching import Cache
from flask_caching.backends.base import BaseCache

from app import settings
from app.core import isolation
from app.core.later import later

if TYPE_CHECKING:
    import redis
else:
    redis = later("redis")

log = logging.getLogger("app.cache")
cache = Cache()
Answer = TypeVar("Answer")
SECONDS_TO_WAIT = 0.2
SECONDS_BETWEEN = 1.0
FAILURES = 3
_MOST_KEPT_IN_PROCESS = 2000


class SurvivableRedis(BaseCache):
    """Redis behind short time-outs. After three failures in a row a thread asks it, and no request until it answers."""

    def __init__(self, client: redis.Redis, default_timeout: int = 300) -> None:
        super().__init__(default_timeout)
        self.client = client
        self._failures = 0
        self._asking: threading.Thread | None = None
        self._lock = threading.Lock()

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> SurvivableRedis:
        """Made by flask-caching; opens no connection."""
        return cls.at(config["CACHE_REDIS_URL"], kwargs["default_timeout"])

    @classmethod
    def at(cls, url: str, default_timeout: int = 300) -> SurvivableRedis:
        """The Redis at an address. Opens no connection."""
        client = redis.Redis.from_url(
            url,
            socket_timeout=SECONDS_TO_WAIT,
            socket_connect_timeout=SECONDS_TO_WAIT,
            retry=None,
            protocol=2,
        )
        return cls(client, default_timeout)

    def get(self, key: str) -> bytes | None:
        """The bytes under a key; None for a miss and for every trouble."""
        kept: bytes | None = self._try(lambda: self.client.get(key))
        return kept

    def set(self, key: str, value: bytes, timeout: int | timedelta | None = None) -> bool:
        """Keep bytes for a while."""
        return bool(self._try(lambda: self.client.set(key, value, ex=timeout or self.default_timeout)))

    def delete(self, key: str) -> bool:
        """Forget a key."""
        return bool(self._try(lambda: self.client.delete(key)))

    @property
    def is_away(self) -> bool:
        """Whether it is left alone. A child of a fork has no thread that asks, so it finds out by itself."""
        asking = self._asking
        return asking is not None and asking.is_alive()

    def _try(self, ask: Callable[[], Any]) -> Any:
        if self.is_away:
            return None
        try:
            answer = ask()
        except (redis.RedisError, OSError) as problem:
            self._failed(problem)
            return None
        self._failures = 0
        return answer

    def _failed(self, problem: Exception) -> None:
        with self._lock:
            self._failures += 1
            if self._failures < FAILURES or self.is_away:
                return
            log.warning("the cache is away: %s", type(problem).__name__)
            self._asking = threading.Thread(target=self._until_it_answers, name="cache", daemon=True)
            self._asking.start()

    def _until_it_answers(self) -> None:
        while True:
            time.sleep(SECONDS_BETWEEN)
            try:
                self.client.ping()
            except (redis.RedisError, OSError):
                continue
            self._failures = 0
            log.warning("the cache is back")
            return


def init_app(app: Flask) -> None:
    """Choose the place by the settings. Opens no connection."""
    url = settings.current().redis_url
    kind = "app.core.cache.SurvivableRedis" if url else "SimpleCache"
    cache.init_app(app, {"CACHE_TYPE": kind, "CACHE_REDIS_URL": url, "CACHE_THRESHOLD": _MOST_KEPT_IN_PROCESS})


def remember(key: str, seconds: int, make: Callable[[], Answer], *, version: str | int = 0) -> Answer:
    """The value under a key of this tenant, made when there is none.

    `make` gives what JSON can hold (or bytes). `version` is whatever changes when the value must: a brand version, a
    row's date, with locale, currency or audience where they matter. Raises NoTenant outside of a tenant.
    """
    full_key = key_of(key, version)
    kept = cache.get(full_key)
    if kept is not None:
        known: Answer = _unpacked(kept)
        return known
    value = make()
    cache.set(full_key, _packed(value), timeout=seconds)
    return value


def forget(key: str, *, version: str | int = 0) -> None:
    """Drop a value of this tenant before its time."""
    cache.delete(key_of(key, version))


def cached(
    key: str, seconds: int, *, version: Callable[[], str | int] = lambda: 0
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Keep a function's answers for this tenant, apart for each set of arguments and each version."""

    def decorate(make: Callable[..., Answer]) -> Callable[..., Answer]:
        @functools.wraps(make)
        def kept(*args: Any, **kwargs: Any) -> Answer:
            asked = hashlib.sha256(msgspec.json.encode([args, sorted(kwargs.items())])).hexdigest()
            return remember(f"{key}:{asked}", seconds, lambda: make(*args, **kwargs), version=version())

        return kept

    return decorate


def key_of(key: str, version: str | int = 0) -> str:
    """The whole key: tenant, version, name. Raises NoTenant outside of a tenant."""
    return f"{isolation.tenant_id()}:{version}:{key}"


def _packed(value: Any) -> bytes:
    return b"b" + value if isinstance(value, bytes) else b"j" + msgspec.json.encode(value)


def _unpacked(kept: bytes) -> Any:
    return kept[1:] if kept[:1] == b"b" else msgspec.json.decode(kept[1:])
