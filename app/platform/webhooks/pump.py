"""The senders: due deliveries are leased, sent by threads, and written down in batches. Runs in the worker.

It works across tenants, as the relay does, and so reads and writes as the operator; an endpoint's secrets are read
inside its tenant. Nobody waits for anybody: an endpoint has a few threads at most, a tenant a few more, and of the
deliveries about one thing only the first is ever under way. A lease that runs out is given to somebody else, so a
killed worker delays a delivery and may repeat it, and loses none.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import namedtuple_row

from app import settings
from app.core import clock, jobs
from app.core.ids import new_id
from app.platform.webhooks import calling, messages, queries, service
from app.platform.webhooks.calling import Answer, Parcel
from app.platform.webhooks.models import FAILING, GONE
from app.platform.webhooks.queries import Target
from app.platform.webhooks.schedule import wait_after
from app.platform.webhooks.spreading import CHANNEL

log = logging.getLogger("app.webhooks")
THREADS, EACH_ENDPOINT, EACH_TENANT = 64, 8, 24
BUNDLE, QUICK_MILLISECONDS = 4, 250
"""An endpoint that answered so quickly is given deliveries in bundles: a thread sends one after the other, and the
next are leased while it does. A bundle of the longest answers is still shorter than a lease."""
LEASE = "90 seconds"
_SWEEP_SECONDS, _LOOK_SECONDS = 5.0, 1.0
_MOST_QUICK = 1000
_CLAIM = f"""
with due as (
  select d.tenant_id, d.id, w.updated_at from public.webhook_endpoint w
  cross join lateral (
    select one.tenant_id, one.id, one.number from public.webhook_delivery one
    where one.tenant_id = w.tenant_id and one.endpoint_id = w.id and one.state = 'waiting' and one.next_at <= now()
    and not exists (
      select from public.webhook_delivery p where p.tenant_id = one.tenant_id and p.endpoint_id = one.endpoint_id
      and p.aggregate = one.aggregate and p.number < one.number and p.state in ('waiting', 'sending'))
    order by one.number limit coalesce((%(rooms)s::jsonb ->> w.id::text)::integer, %(each)s) for update skip locked
  ) d
  where w.state = 'active' and w.tenant_id not in ({jobs.SUSPENDED})
    and w.id <> all(%(full)s) and w.tenant_id <> all(%(full_tenants)s)
  limit %(most)s
)
update public.webhook_delivery d
set state = 'sending', attempts = d.attempts + 1, lease_until = now() + interval '{LEASE}'
from due where d.tenant_id = due.tenant_id and d.id = due.id
returning d.tenant_id, d.id, d.endpoint_id, d.event_id, d.name, d.version, d.payload, d.occurred_at, d.attempts,
  due.updated_at
"""  # noqa: S608 - our own words
_GIVE_BACK = (
    "update public.webhook_delivery set state = 'waiting', lease_until = null, next_at = now()"
    " where state = 'sending' and lease_until < now()"
)
_WRITE_DOWN = """
with told as (
  select * from jsonb_to_recordset(%s) as t(tenant_id uuid, endpoint_id uuid, delivery_id uuid, attempt_id uuid,
    at timestamptz, milliseconds integer, status integer, error text, request_headers jsonb, answer_headers jsonb,
    answer_body text, state text, wait double precision, is_success boolean)
), noted as (
  insert into public.webhook_attempt (tenant_id, id, delivery_id, at, milliseconds, status, error, request_headers,
    answer_headers, answer_body)
  select t.tenant_id, t.attempt_id, t.delivery_id, t.at, t.milliseconds, t.status, t.error, t.request_headers,
    t.answer_headers, t.answer_body
  from told t join public.webhook_delivery d on d.tenant_id = t.tenant_id and d.id = t.delivery_id
), finished as (
  update public.webhook_delivery d
  set state = t.state, next_at = now() + make_interval(secs => t.wait), lease_until = null, last_status = t.status,
    finished_at = case when t.state = 'waiting' then null else now() end
  from told t where d.tenant_id = t.tenant_id and d.id = t.delivery_id and d.state = 'sending'
), ends as (
  select tenant_id, endpoint_id, bool_or(is_success) as well, bool_or(not is_success) as ill
  from told group by 1, 2 order by 1, 2
)
update public.webhook_endpoint w
set failing_since = case when not ends.ill then null when ends.well then now() else coalesce(failing_since, now()) end,
  last_success_at = case when ends.well then now() else last_success_at end
from ends where w.tenant_id = ends.tenant_id and w.id = ends.endpoint_id and (
  (ends.ill and failing_since is null) or (ends.well and failing_since is not null)
  or (ends.well and (last_success_at is null or last_success_at < now() - interval '1 minute')))
"""
"""One statement for all that finished: a trip for each is what the senders would spend their time on."""


@dataclass(frozen=True)
class Done:
    """A leased delivery and how it went; with the last of a bundle its thread is free."""

    row: Any
    answer: Answer
    frees: bool = True


class Pump:
    """Sends what is due until it is told to stop. One a worker process; several workers share the work by leases."""

    def __init__(self, call: Callable[[Target, Parcel], Answer] = calling.call) -> None:
        self._call = call
        self._finished: queue.SimpleQueue[Done | None] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        self._busy: Counter[UUID] = Counter()
        self._busy_tenants: Counter[UUID] = Counter()
        self._targets: dict[UUID, tuple[Any, Target | None]] = {}
        self._looks_again = 0.0
        self._quick: set[UUID] = set()

    def wake(self) -> None:
        """Something may be due."""
        self._finished.put(None)

    def run_until(self, stop: threading.Event) -> None:
        """Send until told to stop; what is under way then is finished and written down."""
        while not stop.is_set():
            try:
                with connect() as connection:
                    while not stop.is_set():
                        self.step(connection, _SWEEP_SECONDS)
            except psycopg.OperationalError as problem:
                log.warning("the senders of webhooks lost their connection: %s", problem)
                stop.wait(1)
        self._threads.shutdown(wait=True)
        with connect() as connection:
            self._write(connection, self._take(0))

    def step(self, connection: psycopg.Connection[Any], patience: float) -> int:
        """Give out what is due, wait for something to finish, write it down; returns how much was finished."""
        if time.monotonic() >= self._looks_again:
            connection.execute(_GIVE_BACK)
            self._looks_again = time.monotonic() + _LOOK_SECONDS
        while self._give_out(connection):
            pass
        done = self._take(patience)
        self._write(connection, done)
        return len(done)

    def drain(self) -> int:
        """Send all that is due now, and no more; returns how many attempts were made. For tests and commands."""
        made = 0
        with connect() as connection:
            while self._give_out(connection) or self._busy:
                done = self._take(_SWEEP_SECONDS)
                self._write(connection, done)
                made += len(done)
        return made

    def _give_out(self, connection: psycopg.Connection[Any]) -> int:
        free = THREADS - self._busy.total()
        if free <= 0:
            return 0
        values = {
            "each": EACH_ENDPOINT, "most": free,
            "rooms": msgspec.json.encode({str(one): self._room(one) for one in self._busy}).decode(),
            "full": [one for one in self._busy if not self._room(one)],
            "full_tenants": [one for one, many in self._busy_tenants.items() if many >= EACH_TENANT],
        }  # fmt: skip
        rows = connection.execute(_CLAIM, values).fetchall()
        endpoints: dict[UUID, list[Any]] = {}
        for row in rows:
            endpoints.setdefault(row.endpoint_id, []).append(row)
        for endpoint, theirs in endpoints.items():
            size = -(-len(theirs) // (EACH_ENDPOINT - self._busy[endpoint]))
            for first in range(0, len(theirs), size):
                self._busy[endpoint] += 1
                self._busy_tenants[theirs[0].tenant_id] += 1
                self._threads.submit(self._send, theirs[first : first + size], self._target(theirs[0]))
        return len(rows)

    def _room(self, endpoint: UUID) -> int:
        """How many more deliveries of an endpoint may be leased."""
        return (EACH_ENDPOINT - self._busy[endpoint]) * (BUNDLE if endpoint in self._quick else 1)

    def _target(self, row: Any) -> Target | None:
        """Address and secrets, read again when the endpoint has changed."""
        known = self._targets.get(row.endpoint_id)
        if known is None or known[0] != row.updated_at or _is_over(known[1]):
            found: list[Target | None] = []
            jobs.in_tenant(row.tenant_id, lambda: found.append(queries.target_of(row.endpoint_id)))
            if len(self._targets) > 10_000:
                self._targets.clear()
            known = self._targets[row.endpoint_id] = (row.updated_at, found[0])
        return known[1]

    def _send(self, bundle: Sequence[Any], target: Target | None) -> None:
        for number, row in enumerate(bundle, 1):
            self._finished.put(Done(row, self._answer(row, target), frees=number == len(bundle)))

    def _answer(self, row: Any, target: Target | None) -> Answer:
        try:
            if target is not None:
                body = messages.body_of(row.name, row.version, row.occurred_at, row.payload)
                return self._call(target, Parcel(row.event_id, body))
        except Exception:
            log.exception("a webhook of tenant %s could not be sent", row.tenant_id)
        return Answer(row.occurred_at, 0, error="It could not be sent.")

    def _take(self, patience: float) -> list[Done]:
        """Everything that is finished; waits for the first."""
        taken: list[Done | None] = []
        try:
            taken.append(self._finished.get(timeout=patience) if patience else self._finished.get_nowait())
            while True:
                taken.append(self._finished.get_nowait())
        except queue.Empty:
            pass
        return [one for one in taken if one is not None]

    def _write(self, connection: psycopg.Connection[Any], done: list[Done]) -> None:
        if not done:
            return
        waits = [None if one.answer.is_success else _wait(one) for one in done]
        told = [_noted(one, wait) for one, wait in zip(done, waits, strict=True)]
        connection.execute(_WRITE_DOWN, [msgspec.json.encode(told).decode()])
        for one in done:
            self._release(one)
        for one, wait in zip(done, waits, strict=True):
            if one.answer.says_gone or (wait is None and not one.answer.is_success):
                self._pause(connection, one)

    def _release(self, one: Done) -> None:
        if one.frees:
            _less(self._busy, one.row.endpoint_id)
            _less(self._busy_tenants, one.row.tenant_id)
        if not one.answer.is_success or one.answer.milliseconds > QUICK_MILLISECONDS:
            self._quick.discard(one.row.endpoint_id)
        elif len(self._quick) < _MOST_QUICK:
            self._quick.add(one.row.endpoint_id)

    def _pause(self, connection: psycopg.Connection[Any], one: Done) -> None:
        """Stop calling an endpoint that says it is gone, or that took none of a delivery's attempts nor another's."""
        because = GONE if one.answer.says_gone else FAILING
        if (
            because == FAILING
            and not connection.execute(_FAILED_THROUGHOUT, [one.row.tenant_id, one.row.id]).fetchone()
        ):
            return
        try:
            jobs.in_tenant(one.row.tenant_id, lambda: service.pause_failing(one.row.endpoint_id, because))
        except Exception:
            log.exception("endpoint %s could not be paused", one.row.endpoint_id)


_FAILED_THROUGHOUT = (
    "select 1 from public.webhook_endpoint w join public.webhook_delivery d on d.tenant_id = w.tenant_id"
    " and d.endpoint_id = w.id where d.tenant_id = %s and d.id = %s and w.failing_since is not null"
    " and w.failing_since <= (select min(a.at) + interval '1 minute' from public.webhook_attempt a"
    " where a.tenant_id = d.tenant_id and a.delivery_id = d.id)"
)


def _less(busy: Counter[UUID], key: UUID) -> None:
    busy[key] -= 1
    if busy[key] <= 0:
        del busy[key]


def _is_over(target: Target | None) -> bool:
    return target is not None and target.ends is not None and target.ends <= clock.now()


def _wait(one: Done) -> timedelta | None:
    return None if one.answer.says_gone else wait_after(one.row.attempts, one.answer.retry_after)


def _noted(one: Done, wait: timedelta | None) -> dict[str, Any]:
    row, answer = one.row, one.answer
    state = "delivered" if answer.is_success else "failed" if wait is None else "waiting"
    return {
        "tenant_id": row.tenant_id, "endpoint_id": row.endpoint_id, "delivery_id": row.id, "attempt_id": new_id(),
        "at": answer.at, "milliseconds": answer.milliseconds, "status": answer.status, "error": answer.error,
        "request_headers": answer.request_headers, "answer_headers": answer.headers, "answer_body": answer.body,
        "state": state, "wait": wait.total_seconds() if wait else 0, "is_success": answer.is_success,
    }  # fmt: skip


def connect() -> psycopg.Connection[Any]:
    """A connection as the operator: deliveries of all tenants, a statement at a time.

    It does not wait for the disk: what a crash of the server forgets is sent once more, as after a killed worker.
    """
    return psycopg.connect(
        settings.current().operator_url, autocommit=True, row_factory=namedtuple_row,
        options="-c synchronous_commit=off",
    )  # fmt: skip


def listen_until(stop: threading.Event, pump: Pump) -> None:
    """Wake the senders whenever deliveries were made, anywhere."""
    while not stop.is_set():
        try:
            with connect() as connection:
                connection.execute(f"listen {CHANNEL}")
                while not stop.is_set():
                    for _ in connection.notifies(timeout=2, stop_after=1):
                        pump.wake()
        except psycopg.OperationalError:
            stop.wait(1)
