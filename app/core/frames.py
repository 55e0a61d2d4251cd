"""What this process knows of the tenants it answers for, and for how long it may believe it.

A frame is what every page of a shop repeats: the shop row, its look, its menus. It is read once for each version of
the shop's pages (core/shown.py) and shared by the requests of this process. All of it is believed only while the
listener (core/listening.py) hears of changes; without it every request asks the database, as if this file were empty.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from app.core.isolation import HostFinder, TenantRef

SECONDS = 60
"""How long anything is believed, even when nobody reports a change."""

_SECONDS_TO_LOOK = 5
_MOST_TENANTS = 50_000
_MOST_FRAMES = 256
_MOST_HOSTS = 20_000
_MOST_CHOSEN = 200
Answer = TypeVar("Answer")


class Frame:
    """What the pages of one tenant share at one version. Values are read-only: many threads look at them."""

    __slots__ = ("chosen", "ends", "tenant", "values", "version")

    def __init__(self, tenant: uuid.UUID, version: int) -> None:
        self.tenant, self.version = tenant, version
        self.ends = time.monotonic() + SECONDS
        self.values: dict[Any, Any] = {}
        self.chosen: OrderedDict[Any, Any] = OrderedDict()


class Knowledge:
    """Hosts, versions and frames, each bounded. Forgotten as a whole when a change may have been missed."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Know nothing. What readers are about to report from before this moment is refused."""
        self.epoch = object()
        self.versions: dict[uuid.UUID, int] = {}
        self.hosts: dict[str, tuple[TenantRef, float]] = {}
        self.frames: OrderedDict[uuid.UUID, Frame] = OrderedDict()

    def hear(self, tenant: uuid.UUID, version: int, *, of_hosts: bool = False) -> None:
        """The pages of a tenant changed; `of_hosts`: where and whether it answers, too."""
        with self._lock:
            if len(self.versions) >= _MOST_TENANTS:
                self.forget()
            self.versions[tenant] = max(version, self.versions.get(tenant, 0))
            if of_hosts:
                self.epoch = object()
                self.hosts = {host: kept for host, kept in self.hosts.items() if kept[0].id != tenant}

    def learn(self, epoch: object, tenant: uuid.UUID, version: int) -> None:
        """A version that was read, unless everything was forgotten since."""
        if epoch is self.epoch:
            self.hear(tenant, version)

    def keep_host(self, epoch: object, host: str, tenant: TenantRef) -> None:
        """A host's tenant that was read, unless hosts changed since."""
        with self._lock:
            if epoch is not self.epoch:
                return
            if len(self.hosts) >= _MOST_HOSTS:
                self.hosts = {}
            self.hosts[host] = (tenant, time.monotonic() + SECONDS)

    def host(self, host: str) -> TenantRef | None:
        """The tenant at a host, if known. When its time is up, one request looks anew and the others go on."""
        found = self.hosts.get(host)
        if found is None or found[1] > time.monotonic():
            return found[0] if found else None
        with self._lock:
            if self.hosts.get(host) is found:
                self.hosts[host] = (found[0], time.monotonic() + _SECONDS_TO_LOOK)
                return None
        return found[0]

    def frame(self, tenant: uuid.UUID) -> Frame | None:
        """The frame at the newest known version; None while no version is known."""
        version = self.versions.get(tenant)
        if version is None:
            return None
        with self._lock:
            frame = self.frames.get(tenant)
            if frame is None or frame.version != version or frame.ends < time.monotonic():
                frame = self.frames[tenant] = Frame(tenant, version)
            self.frames.move_to_end(tenant)
            while len(self.frames) > _MOST_FRAMES:
                self.frames.popitem(last=False)
            return frame


known = Knowledge()
_current: ContextVar[Frame | None] = ContextVar("frame", default=None)
_is_heard: list[Callable[[], bool]] = [lambda: False]
os.register_at_fork(after_in_child=known.begin)


def believe_while(is_heard: Callable[[], bool]) -> None:
    """Register what tells whether changes are heard of; core/listening.py does."""
    _is_heard[:] = [is_heard]


@contextlib.contextmanager
def nothing_believed() -> Iterator[None]:
    """For a while this process remembers nothing, and does not ask whether changes are heard of."""
    before = _is_heard[0]
    _is_heard[:] = [lambda: False]
    try:
        yield
    finally:
        _is_heard[:] = [before]


def are_believed() -> bool:
    """Does this process hear of changes at the moment?"""
    return _is_heard[0]()


def tenant_at(host: str, find: HostFinder) -> TenantRef | None:
    """The tenant at a host, asked of the registry when this process does not know. Strangers are never kept."""
    if not are_believed():
        return find(host)
    tenant = known.host(host)
    if tenant is None:
        epoch = known.epoch
        tenant = find(host)
        if tenant is not None:
            known.keep_host(epoch, host, tenant)
    return tenant


def enter(tenant: uuid.UUID, read_version: Callable[[], int]) -> Callable[[], None]:
    """Let this request use the tenant's frame; returns what ends it. Only for requests that change nothing."""
    if not are_believed():
        return lambda: None
    frame = known.frame(tenant)
    if frame is None:
        epoch = known.epoch
        known.learn(epoch, tenant, read_version())
        frame = known.frame(tenant)
    _current.set(frame)
    return lambda: _current.set(None) and None


def current() -> Frame | None:
    """The frame of this request, if it uses one."""
    return _current.get()


def kept(name: Any, make: Callable[[], Answer]) -> Answer:
    """A value of the tenant's frame, made when it has none; made each time where no frame is used.

    `name` holds everything that the value depends on beyond the tenant and its version, such as a language. The value
    must be whole: no row that would ask the database for more, nothing that a request changes.
    """
    frame = _current.get()
    if frame is None:
        return make()
    if name not in frame.values:
        frame.values[name] = make()
    answer: Answer = frame.values[name]
    return answer


def kept_as_chosen(name: Any, make: Callable[[], Answer]) -> Answer:
    """As `kept`, for names that visitors choose (filters in an address): the least asked for leave first."""
    frame = _current.get()
    if frame is None:
        return make()
    try:
        answer: Answer = frame.chosen[name]
        frame.chosen.move_to_end(name)
        return answer
    except KeyError:  # also when another thread let it go in between
        pass
    made = frame.chosen[name] = make()
    while len(frame.chosen) > _MOST_CHOSEN:
        with contextlib.suppress(KeyError):
            frame.chosen.popitem(last=False)
    return made
