"""The one way into a plugin: with a budget, a breaker, a bulkhead, and a look at what comes back.

In-process plugins are trusted code: they could do anything that we can. What stands here keeps their mistakes from
spreading. A call that raises, hangs or answers rubbish is `Failed` for its caller, who goes on without it.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from app.core import access, isolation
from app.core.aside import TooSlow, aside
from app.core.breaker import Breakers
from app.platform.plugins import declaring, measuring, service, standing
from app.platform.plugins.answers import Garbage, TooLarge, checked
from app.platform.plugins.bulkhead import Bulkhead
from app.platform.plugins.places import Place

_log = logging.getLogger("app.plugins")
RAISED, TOO_SLOW, GARBAGE, TOO_LARGE = "raised", "too_slow", "garbage", "too_large"
BUSY, LEFT_ALONE, STOPPED = "busy", "left_alone", "stopped"
_KINDS: dict[type[BaseException], str] = {TooSlow: TOO_SLOW, Garbage: GARBAGE, TooLarge: TOO_LARGE}
_LONGEST_WAIT = 1.0
_SECONDS_TO_NOTE = 2.0
_of_tenants, _of_plugins = Bulkhead(3), Bulkhead(24)
_breakers = Breakers(failures=3, seconds=30)


class Failed(Exception):
    """A plugin did not do what it was called for; `kind` says how, `said` what it raised, without secrets."""

    def __init__(self, plugin: str, place: Place, kind: str, said: str = "") -> None:
        super().__init__(f"{plugin} at {place.name}: {kind}")
        self.plugin, self.place, self.kind, self.said = plugin, place, kind, said


def begin() -> None:
    """As in a new process: nothing is under way, nothing has failed."""
    _of_tenants.begin()
    _of_plugins.begin()
    _breakers.begin()


os.register_at_fork(after_in_child=begin)


def call(
    plugin: str, place: Place, work: Callable[..., Any], *given: Any,
    answers: Any, expected: tuple[type[Exception], ...] = (), hide: tuple[str, ...] = (),
) -> Any:  # fmt: skip
    """What the plugin's `work(*given)` answers, as plain values of the type `answers`. Raises Failed.

    `expected` are refusals that belong to the port: they are raised as they are and are no fault of the plugin. The
    work runs outside the caller's request and transaction, for the tenant that is entered. `hide` are secrets that it
    knows: no log and no list of errors shows them.
    """
    if standing.is_stopped(plugin):
        raise Failed(plugin, place, STOPPED)
    whose = f"{plugin} {isolation.tenant_or_none()}"
    name = f"{whose} {place.name}"
    if _breakers.is_open(name):
        raise Failed(plugin, place, LEFT_ALONE)
    _take_places(plugin, whose, place)
    began = time.perf_counter()
    try:
        ask, leave = partial(_ask, work, given, answers), partial(_give_back, plugin, whose)
        answer = aside(ask, place.seconds, leave, _actor(plugin))
    except expected:
        _breakers.succeeded(name)
        raise
    except Exception as failure:  # a stranger's mistake, whatever it is
        _breakers.failed(name)
        kind = _KINDS.get(type(failure), RAISED)
        said = _said(failure, hide)
        note(plugin, place, kind, said, failure)
        raise Failed(plugin, place, kind, said) from failure
    _breakers.succeeded(name)
    measuring.took(plugin, time.perf_counter() - began)
    return answer


def _take_places(plugin: str, whose: str, place: Place) -> None:
    seconds = min(_LONGEST_WAIT, place.seconds / 4)
    if not _of_tenants.enter(whose, seconds):
        raise Failed(plugin, place, BUSY)
    if not _of_plugins.enter(plugin, 0):
        _of_tenants.leave(whose)
        raise Failed(plugin, place, BUSY)


def _give_back(plugin: str, whose: str) -> None:
    _of_tenants.leave(whose)
    _of_plugins.leave(plugin)


def _said(failure: Exception, hide: tuple[str, ...]) -> str:
    """What was raised, in the plugin's words but for its secrets."""
    if isinstance(failure, TooSlow):
        return ""
    said = str(failure) if isinstance(failure, Garbage | TooLarge) else f"{type(failure).__name__}: {failure}"
    for secret in filter(None, hide):
        said = said.replace(secret, "…")
    return said[:1000]


def note(plugin: str, place: Place, kind: str, said: str, failure: Exception | None = None) -> None:
    """Into the log, and into the shop's own list: in a transaction of its own, for the caller's may be rolled back."""
    lines = "".join(traceback.format_tb(failure.__traceback__)) if failure else ""
    _log.warning("plugin %s failed at %s: %s %s\n%s", plugin, place.name, kind, said, lines)
    if isolation.tenant_or_none() is None:
        return
    try:
        aside(partial(service.note_failure, plugin, place.name, kind, said), _SECONDS_TO_NOTE)
    except Exception:  # noqa: BLE001 - the caller has its answer: that there is none
        _log.exception("the failure of %s could not be written down", plugin)


def _actor(plugin: str) -> access.Actor:
    """A plugin acts as itself: it holds no permission, and the audit trail names it for what it writes."""
    known = declaring.installed_as(plugin)
    return access.Actor("plugin", name=known.plugin.label if known else plugin)


def _ask(work: Callable[..., Any], given: tuple[Any, ...], answers: Any) -> Any:
    return checked(work(*given), answers)
