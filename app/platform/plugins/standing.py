"""Which plugins are on in a shop: read once, remembered by this process while it hears of changes.

A change acts on the next request of every process: whoever makes it tells the others (core/telling.py). A process that
does not hear asks the database once a transaction.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core import frames, isolation, telling
from app.platform.plugins import declaring, queries
from app.platform.plugins.declaring import SlotWork
from app.platform.plugins.models import ON

WORD = "plugins"
SECONDS = 60
_MOST_TENANTS = 10_000
_SECONDS_IN_DOUBT = 1.0


@dataclass(frozen=True)
class PluginSet:
    """The plugins of one shop."""

    states: Mapping[str, str] = field(default_factory=dict)
    """By name, what the shop decided: on, off or paused."""

    slots: Mapping[str, tuple[tuple[str, SlotWork], ...]] = field(default_factory=dict)
    """By slot, the plugins that fill it, and with what."""

    listeners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the name of a fact, the plugins that hear of it."""

    def state(self, name: str) -> str:
        """What the shop decided, or how the plugin starts: those that ship with us are on."""
        decided = self.states.get(name)
        if decided is not None:
            return decided
        known = declaring.installed_as(name)
        return "off" if known is not None and not known.is_bundled else ON


class _Kept:
    """Sets by tenant, and who is stopped everywhere. Bounded; what a reader read before a change is not taken."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._lock = threading.Lock()
        self.forget(None)

    def forget(self, tenant: uuid.UUID | None) -> None:
        """Know nothing of a tenant, or nothing at all."""
        with self._lock:
            self.epoch = object()
            if tenant is None:
                self.sets: dict[uuid.UUID, tuple[PluginSet, float]] = {}
                self.stopped: tuple[frozenset[str], float] = frozenset(), 0.0
            else:
                self.sets.pop(tenant, None)

    def keep(self, epoch: object, tenant: uuid.UUID, found: PluginSet) -> None:
        """Remember a set for a while."""
        with self._lock:
            if epoch is not self.epoch:
                return
            if len(self.sets) >= _MOST_TENANTS:
                self.sets.clear()
            self.sets[tenant] = found, time.monotonic() + SECONDS

    def keep_stopped(self, epoch: object, found: frozenset[str], seconds: float) -> None:
        """Remember who is stopped."""
        with self._lock:
            if epoch is self.epoch:
                self.stopped = found, time.monotonic() + seconds


_kept = _Kept()
os.register_at_fork(after_in_child=_kept.begin)
telling.hears(WORD, _kept.forget)


def current() -> PluginSet:
    """The plugins of the tenant that is entered. Raises NoTenant outside of one."""
    tenant = isolation.tenant_id()
    if not frames.are_believed() or telling.is_about_to(WORD):
        return _read()
    known = _kept.sets.get(tenant)
    if known is not None and known[1] > time.monotonic():
        return known[0]
    epoch = _kept.epoch
    found = _read()
    _kept.keep(epoch, tenant, found)
    return found


def is_on(plugin: str) -> bool:
    """May this plugin be called for the shop that is entered? Outside of a shop only the operator's word counts."""
    if is_stopped(plugin):
        return False
    return isolation.tenant_or_none() is None or current().state(plugin) == ON


def is_stopped(plugin: str) -> bool:
    """Did the operator stop this plugin everywhere?"""
    found, ends = _kept.stopped
    if ends <= time.monotonic():
        epoch = _kept.epoch
        found = frozenset(row.plugin for row in queries.all_stops())
        _kept.keep_stopped(epoch, found, SECONDS if frames.are_believed() else _SECONDS_IN_DOUBT)
    return plugin in found


def _read() -> PluginSet:
    states = {row.plugin: row.state for row in queries.all_states()}
    bundled = {one.plugin.name: ON for one in declaring.installed() if one.is_bundled}
    slots: dict[str, tuple[tuple[str, SlotWork], ...]] = {}
    listeners: dict[str, tuple[str, ...]] = {}
    for name, state in sorted({**bundled, **states}.items()):
        known = declaring.installed_as(name)
        if known is not None and state == ON:
            for slot, work in known.plugin.slots.items():
                slots[slot] = (*slots.get(slot, ()), (name, work))
            for fact in known.plugin.listens:
                listeners[fact] = (*listeners.get(fact, ()), name)
    return PluginSet(states, slots, listeners)
