"""Background work on procrastinate. A job enters its tenant through the same seam as a request."""

from __future__ import annotations

import functools
import logging
import threading
import typing
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Flask
from sqlalchemy import text

from app import settings
from app.core import audit, events, i18n, reader
from app.core.db import db, session, unit_of_work
from app.core.later import later

if TYPE_CHECKING:
    import procrastinate
else:
    procrastinate = later("procrastinate")  # only the worker needs the queue: web processes write to the event log

log = logging.getLogger("app.jobs")
SCHEMA = "jobs"
NOT_BEFORE = "@not_before"
LANGUAGE = "@language"
"""Among a job's arguments: the language of whoever asked, in which it writes."""
REQUEST = "@request"
"""Likewise: the request that asked, which the audit trail names."""
PRIORITIES = {"payments": 3, "facts": 2, "mail": 1, "imports": -1, "plugins": -1, "pictures": -2}
"""Whose work a free worker takes first: nobody waits for a letter because a thousand pictures are made smaller."""
_flask: list[Flask] = []
_find_tenants: list[Callable[[], Iterable[uuid.UUID]]] = []
_has_to_wait: list[Callable[[uuid.UUID], bool]] = []
SUSPENDED = "select one.id from catalogue.tenant one where one.status = 'suspended'"
"""Tenants for whom nothing is done now: what is theirs stays where it is until they are open again."""
REACT = "react"
_urgent: list[str] = []
_scheduled: dict[str, Callable[[], None]] = {}


def _connection_options() -> dict[str, Any]:
    return {"options": f"-c search_path={SCHEMA}"}


_declared: list[Callable[[procrastinate.App], Any]] = []
"""How each task is put into the queue's app, once there is one."""


_making = threading.Lock()


def _queue_app() -> procrastinate.App:
    """The one app of this process: the worker's thread and the relay's ask for it at the same moment."""
    with _making:
        return _made_app()


@functools.cache
def _made_app() -> procrastinate.App:
    made = procrastinate.App(connector=procrastinate.PsycopgConnector(open=False), import_paths=[])
    for put_in in _declared:
        put_in(made)
    return made


def __getattr__(name: str) -> Any:
    """`queue_app` with every task that is known; made when somebody asks for it."""
    if name == "queue_app":
        return _queue_app()
    raise AttributeError(name)


def _declare(put_in: Callable[[procrastinate.App], Any]) -> None:
    _declared.append(put_in)
    if _made_app.cache_info().currsize:
        put_in(_made_app())


class Job:
    """A function that runs later, in the tenant that asked for it. Its transaction commits when it returns."""

    def __init__(self, run: Callable[..., None], queue: str, retries: int, waits: bool = True) -> None:
        functools.update_wrapper(self, run)
        self.run, self.queue, self.waits = run, queue, waits
        self.name = f"{run.__module__}.{run.__qualname__}"
        if not waits:
            _urgent.append(self.name)
        _declare(
            lambda app: app.task(
                name=self.name,
                queue=queue,
                priority=PRIORITIES.get(queue, 0),
                retry=procrastinate.RetryStrategy(max_attempts=retries, exponential_wait=4),
            )(self._in_tenant)
        )

    def __call__(self, **arguments: Any) -> None:
        """Run now, in the entered tenant and the open transaction."""
        self.run(**arguments)

    def enqueue(self, **arguments: Any) -> None:
        """Ask for the work inside the business transaction: it happens when that commits, and only then."""
        events.append("job", self.name, 1, _asked_by() | msgspec.to_builtins(arguments))

    def enqueue_at(self, moment: datetime, **arguments: Any) -> None:
        """Ask for the work at a time. It cannot be taken back: the job looks whether it is still wanted."""
        when = {NOT_BEFORE: moment.isoformat()}
        events.append("job", self.name, 1, when | _asked_by() | msgspec.to_builtins(arguments))

    def _in_tenant(self, tenant: str, arguments: dict[str, Any]) -> None:
        given = dict(arguments)
        if self.waits and put_back(tenant, self.name, given):
            return
        language, request_id = str(given.pop(LANGUAGE, "")), str(given.pop(REQUEST, ""))
        with audit.caused_by(self.name, request_id):
            in_tenant(uuid.UUID(tenant), lambda: self.run(**typed(self.run, given)), language)


def _asked_by() -> dict[str, str]:
    request_id = audit.request_id()
    return {LANGUAGE: i18n.language()} | ({REQUEST: request_id} if request_id else {})


def job(queue: str = "default", retries: int = 5, *, waits: bool = True) -> Callable[[Callable[..., None]], Job]:
    """Make a function a job. Its arguments are ids, numbers and short texts, by keyword.

    `waits=False`: it runs in a suspended shop too.
    """
    return lambda run: Job(run, queue, retries, waits)


def urgent() -> list[str]:
    """What is handed over for suspended shops too: by it their staff come in to look, and to take their data along."""
    return [*_urgent, *(name for name, fact in events.Fact.registry.items() if not fact.waits)]


def every(cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run a function on a schedule, once in the whole installation, outside every tenant."""

    def register(run: Callable[[], None]) -> Callable[[], None]:
        name = f"{run.__module__}.{run.__qualname__}"
        _scheduled[name] = run

        def scheduled(timestamp: int) -> None:
            with _flask[0].app_context():
                run()

        _schedule(f"every:{name}", cron, scheduled, queueing_lock=name)
        return run

    return register


def for_each_tenant(run: Callable[[], None]) -> None:
    """Run a function in every open tenant, each in its own transaction; one that fails does not stop the others."""
    for tenant in list(_find_tenants[0]()):
        try:
            with unit_of_work(tenant), i18n.speaking(reader.spoken_here().own):
                run()
        except Exception:
            log.exception("%s failed for tenant %s", run.__qualname__, tenant)
        finally:
            session.remove()


def in_tenant(tenant: uuid.UUID, run: Callable[[], None], language: str = "") -> None:
    """Push a context, enter the tenant, run, commit. Speaks the shop's own language unless another is named."""
    with _flask[0].app_context(), unit_of_work(tenant), i18n.speaking(language or reader.spoken_here().own):
        run()


def react(tenant: str, reaction: str, fact: str, payload: dict[str, Any]) -> None:
    """Run one reaction to one fact."""
    if fact not in urgent() and put_back(tenant, REACT, {"reaction": reaction, "fact": fact, "payload": payload}):
        return
    with audit.caused_by(reaction):
        in_tenant(uuid.UUID(tenant), lambda: events.react(reaction, fact, payload))


def put_back(tenant: str, name: str, arguments: dict[str, Any]) -> bool:
    """Work that was queued before its tenant was suspended goes back to the log, whence the relay hands it over later.

    False when there is nothing to wait for.
    """
    with _flask[0].app_context():
        if not _has_to_wait[0](uuid.UUID(tenant)):
            return False
        with unit_of_work(uuid.UUID(tenant)):
            events.append("job", name, 1, arguments)
    return True


async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """A worker that was killed leaves its jobs `doing`: give them back."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await manager.retry_job(stalled)


def _schedule(name: str, cron: str, run: Callable[..., Any], *, queueing_lock: str, pass_context: bool = False) -> None:
    """Run a function by the clock; a run that still waits is not queued a second time."""

    def put_in(app: procrastinate.App) -> None:
        task = app.task(name=name, queue="schedule", queueing_lock=queueing_lock, pass_context=pass_context)(run)
        app.periodic(cron=cron)(task)

    _declare(put_in)


_declare(
    lambda app: app.task(
        name=REACT,
        queue="facts",
        priority=PRIORITIES["facts"],
        retry=procrastinate.RetryStrategy(max_attempts=8, exponential_wait=4),
    )(react)
)
_schedule("retry_stalled", "* * * * *", retry_stalled, queueing_lock="retry_stalled", pass_context=True)


def init_app(
    app: Flask, *, find_tenants: Callable[[], Iterable[uuid.UUID]], has_to_wait: Callable[[uuid.UUID], bool]
) -> None:
    """Let jobs push contexts of this app, and know which tenants are open and whose work has to wait."""
    _flask[:] = [app]
    _find_tenants[:] = [find_tenants]
    _has_to_wait[:] = [has_to_wait]


def connector() -> procrastinate.PsycopgConnector:
    """A connector as the operator: the app's role has no rights on the queue."""
    return procrastinate.PsycopgConnector(
        conninfo=settings.current().operator_url, kwargs=_connection_options(), min_size=1, max_size=6
    )


def run_worker(queues: list[str] | None = None, *, concurrency: int = 4, wait: bool = True) -> None:
    """Work until told to stop (`wait`), or until nothing is left to do."""
    with _queue_app().replace_connector(connector()) as app:
        app.run_worker(
            queues=queues or None, concurrency=concurrency, wait=wait, listen_notify=wait, install_signal_handlers=wait,
            delete_jobs="successful", shutdown_graceful_timeout=20, fetch_job_polling_interval=2,
        )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How a tenant's work in the queue stands: what failed for good in a while, and since when the oldest waits."""

    failed: int = 0
    waiting_since: datetime | None = None


NOTHING = Standing()


def standing(failed_since: datetime) -> dict[uuid.UUID, Standing]:
    """The same by tenant, of those that have anything to tell: one statement for all. Asks as the operator."""
    with db.engines["operator"].connect() as connection:
        found = connection.execute(text(_STANDING), {"since": failed_since})
        return {uuid.UUID(row.tenant): Standing(row.failed, row.waiting_since) for row in found}


_STANDING = """
select job.args->>'tenant' as tenant, count(*) filter (where job.status = 'failed') as failed,
  min(coalesce(job.scheduled_at, put.at)) filter (where job.status = 'todo') as waiting_since
from jobs.procrastinate_jobs job
  join lateral (select max(at) as at from jobs.procrastinate_events one
    where one.job_id = job.id and one.type = (case job.status when 'failed' then 'failed' else 'deferred' end)
      ::jobs.procrastinate_job_event_type) put on true
where (job.status = 'failed' and put.at > :since or job.status = 'todo' and coalesce(job.scheduled_at, now()) <= now())
  and job.args->>'tenant' is not null
group by 1
"""


def scheduled() -> dict[str, Callable[[], None]]:
    """What runs on a schedule, by name."""
    return dict(_scheduled)


def typed(run: Callable[..., None], arguments: dict[str, Any]) -> dict[str, Any]:
    """Ids come back from the queue as text: give each argument its annotated type. Raises ValidationError."""
    hints = typing.get_type_hints(run)
    return {
        name: msgspec.convert(value, hints[name], strict=False) if name in hints else value
        for name, value in arguments.items()
    }
