"""What plugins do in the worker: hear facts, do their own tasks, begin some by the clock. Only where they are on.

All plugins share one reaction a fact, which looks in memory for who is on and asks for a job for each of those: plugins
that are installed and off add nothing to a fact. A job is done as every call into a plugin is, with a budget.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from app.core import clock, db, events, jobs
from app.core.events import Fact
from app.core.jobs import job
from app.platform.plugins import declaring, places, standing
from app.platform.plugins.bulkhead import Bulkhead
from app.platform.plugins.calling import BUSY, STOPPED, Failed, call
from app.platform.plugins.declaring import Plugin
from app.platform.plugins.places import Place

_WAIT = timedelta(seconds=5)
_room = Bulkhead(2)
"""Of a worker's four places, so many may hold plugins."""

os.register_at_fork(after_in_child=_room.begin)


def begin(plugin: Plugin) -> None:
    """Let a plugin that was installed hear its facts, and its clock tick."""
    for name in plugin.listens:
        events.reacts_to(Fact.registry[name])(tell_plugins)
    for cron, names in plugin.schedules.items():
        tick = _ticking(plugin.name, cron, names)
        if f"{tick.__module__}.{tick.__qualname__}" not in jobs.scheduled():
            jobs.every(cron)(tick)


def later(plugin: str, task: str, **arguments: Any) -> None:
    """Have a task of a plugin done by the worker, when this transaction is committed and the plugin is on."""
    do_task.enqueue(plugin=plugin, task=task, arguments=arguments)


def _ticking(plugin: str, cron: str, tasks: tuple[str, ...]) -> Callable[[], None]:
    """What the clock begins: these tasks in every shop that has the plugin on."""

    def tick() -> None:
        jobs.for_each_tenant(partial(_ask_for, plugin, tasks))

    tick.__module__, tick.__qualname__ = __name__, f"ticking.{plugin}.{cron}"
    return tick


def _ask_for(plugin: str, tasks: tuple[str, ...]) -> None:
    for task in tasks if declaring.installed_as(plugin) and standing.is_on(plugin) else ():
        later(plugin, task)


def tell_plugins(fact: Fact) -> None:
    """Ask for a job for each plugin of this shop that is on and listens to such facts."""
    for plugin in standing.current().listeners.get(fact.fact_name, ()):
        tell_plugin.enqueue(plugin=plugin, fact=fact.fact_name, payload=events.payload_of(fact))


@job(queue="plugins")
def tell_plugin(plugin: str, fact: str, payload: dict[str, Any]) -> None:
    """Tell one plugin of one fact."""
    known = declaring.installed_as(plugin)
    work = known.plugin.listens.get(fact) if known else None
    if work is not None:
        again = partial(tell_plugin.enqueue_at, plugin=plugin, fact=fact, payload=payload)
        _do(plugin, places.FACT, lambda: work(events.rebuild(fact, payload)), again)


@job(queue="plugins")
def do_task(plugin: str, task: str, arguments: dict[str, Any]) -> None:
    """Do one task of one plugin."""
    known = declaring.installed_as(plugin)
    work = known.plugin.tasks.get(task) if known else None
    if work is not None:
        again = partial(do_task.enqueue_at, plugin=plugin, task=task, arguments=arguments)
        _do(plugin, places.TASK, lambda: work(**jobs.typed(work, arguments)), again)


def _do(plugin: str, place: Place, work: Callable[[], None], again: Callable[..., None]) -> None:
    """Call it with nothing held. Where plugins have no room it is tried a little later; what fails is tried again."""
    if not standing.is_on(plugin):
        return
    db.checkpoint()
    if not _room.enter("", 0):
        again(clock.now() + _WAIT)
        return
    try:
        call(plugin, place, work, answers=None)
    except Failed as failure:
        if failure.kind == BUSY:
            again(clock.now() + _WAIT)
        elif failure.kind != STOPPED:
            raise
    finally:
        _room.leave("")
