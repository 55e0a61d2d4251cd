"""How long plugins take: counted in the process, and written down now and then, so that all processes add up."""

from __future__ import annotations

import os
import threading
import time
import uuid
from functools import partial

from app.core import isolation
from app.core.aside import start_aside
from app.platform.plugins import service

SECONDS = 30.0
"""A shop's figures of a plugin are written down after so long; what a process counted since is lost with it."""

_MOST = 10_000


class _Counted:
    """Calls and microseconds since the last time that they were written down, by shop and plugin."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._lock = threading.Lock()
        self._of: dict[tuple[uuid.UUID, str], tuple[int, int, float]] = {}

    def add(self, tenant: uuid.UUID, plugin: str, seconds: float) -> tuple[int, int] | None:
        """Count one call; answers with calls and microseconds when it is time to write them down."""
        now = time.monotonic()
        with self._lock:
            if len(self._of) >= _MOST:
                self._of.clear()
            calls, microseconds, since = self._of.get((tenant, plugin), (0, 0, now))
            counted = calls + 1, microseconds + round(seconds * 1e6)
            if now - since < SECONDS:
                self._of[tenant, plugin] = *counted, since
                return None
            self._of[tenant, plugin] = 0, 0, now
            return counted


_counted = _Counted()
os.register_at_fork(after_in_child=_counted.begin)


def took(plugin: str, seconds: float) -> None:
    """Count a call of this shop."""
    tenant = isolation.tenant_or_none()
    due = _counted.add(tenant, plugin, seconds) if tenant else None
    if due:
        start_aside(partial(service.add_cost, plugin, *due))
