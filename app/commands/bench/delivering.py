"""Webhooks and tokens: deliveries a second of one worker, how long one takes, and what knowing a program costs.

A process of its own with the installation's settings publishes facts and asks for tokens; the worker is the real one.
The sink on the other side answers 204 to whatever comes.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event

from app import settings
from app.commands import installation
from app.commands.bench.ground import SHOP, Made, free_port
from app.commands.bench.report import Report
from app.core import bearers, db, isolation, listening
from app.core.events import publish
from app.core.ids import new_id
from app.factory import create_app
from app.platform.developers import service as developers
from app.platform.developers.schemas import NewKey
from app.platform.staff import queries as staff
from app.platform.webhooks import service as webhooks
from app.platform.webhooks.schemas import EndpointForm
from app.shop.catalog.events import ProductUpdated

BURST, SINGLE, A_SECOND = 3000, 500, 50
ASKED = 20_000
LEAST_DELIVERIES, MOST_DELAY, MOST_CHECK = 300, 500, 150
PATIENCE = 120.0
DELIVERIES = "webhook deliveries a second, one worker, a burst of 3,000 facts"
DELAY = "webhook, from commit to delivery at 50 facts a second, p95 ms"
CHECK, CHECKS = "token check of a known program, us of CPU", "token check of a known program, SQL statements"
REVOKED = "token check, from revoking to being refused, s"
_LEFT = (
    "select (select count(*) from webhook_delivery where state <> 'delivered')"
    " + (select count(*) from event where kind = 'fact' and relayed_at is null)"
)
_SLOWEST = (
    "select percentile_cont(0.95) within group (order by extract(epoch from finished_at - occurred_at) * 1000)"
    " from webhook_delivery"
)


def measure(report: Report, made: Made) -> None:
    """Note the figures and whether they keep what was promised. Starts a worker and a process that publishes."""
    opened = replace(made.configured, open_networks="127.0.0.0/8", port=free_port())
    worker = installation.worker(opened)
    worker.start()
    try:
        command = [sys.executable, "-m", "app.commands.bench.delivering", str(made.shops[SHOP])]
        told = subprocess.run(command, env=installation.environment(opened), capture_output=True, check=True, text=True)
    finally:
        worker.stop()
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    report.notes |= found
    report.check("webhook deliveries a second, one worker", found[DELIVERIES], LEAST_DELIVERIES, at_least=True)
    report.check("webhook, from commit to delivery at 50 a second, p95", found[DELAY], MOST_DELAY, " ms")
    report.check("token check of a known program", found[CHECK], MOST_CHECK, " us")
    report.check("token check of a known program, SQL statements", found[CHECKS], 0)
    report.check("a revoked token is refused after", found[REVOKED], 1, " s")


def figures_of(tenant: UUID) -> dict[str, float]:
    """Everything, in this process and installation."""
    application = create_app(settings.current())
    port = free_port()
    sink = multiprocessing.get_context("spawn").Process(target=answer_everything, args=(port,), daemon=True)
    sink.start()
    with application.app_context(), psycopg.connect(settings.current().operator_url, autocommit=True) as connection:
        with db.unit_of_work(tenant):
            form = EndpointForm(url=f"http://127.0.0.1:{port}/", facts=["catalog.product_updated"])
            webhooks.add_endpoint(form, by=_owner())
        _deliver(connection, tenant, 50, at_once=True)  # threads and connections come with the first
        found = {DELIVERIES: BURST / _deliver(connection, tenant, BURST, at_once=True)}
        connection.execute("delete from webhook_delivery")
        _deliver(connection, tenant, SINGLE, at_once=False)
        row = connection.execute(_SLOWEST).fetchone()
        found[DELAY] = float(row[0]) if row else 0.0
        found |= _checks(tenant)
    sink.terminate()
    return found


def _deliver(connection: psycopg.Connection[Any], tenant: UUID, facts: int, *, at_once: bool) -> float:
    """Seconds from the commit of the first facts until the last of them is delivered."""
    began = time.monotonic()
    if at_once:
        _publish(tenant, facts)
        began = time.monotonic()
    for number in range(0 if at_once else facts):
        _publish(tenant, 1)
        time.sleep(max(0.0, began + (number + 1) / A_SECOND - time.monotonic()))
    _until(lambda: (connection.execute(_LEFT).fetchone() or (1,))[0] == 0)
    return time.monotonic() - began


def _publish(tenant: UUID, facts: int) -> None:
    """A fact to which no room reacts: the jobs of those that have reactions would share the worker's time."""
    with db.unit_of_work(tenant):
        for number in range(facts):
            publish(ProductUpdated(product_id=new_id(), handle=f"updated-{number}"))


def _checks(tenant: UUID) -> dict[str, float]:
    """The way from the words of a token to who may do what, in a process that hears of changes."""
    listening.listener.wait_until_heard()
    sent: list[str] = []
    event.listen(db.db.engines[None], "before_cursor_execute", lambda *told: sent.append(told[2]))
    with db.unit_of_work(tenant):
        row, key = developers.make_key(NewKey(name="checked", scopes=["products.read"]), by=_owner())
        identity = row.id
    with isolation.entered(tenant):
        _until(lambda: _is_known(key, sent))
        sent.clear()
        began = time.process_time()
        for _ in range(ASKED):
            bearers.holder_of(key).may("products.read")
        took = (time.process_time() - began) / ASKED * 1e6
        statements = float(len(sent))
    with db.unit_of_work(tenant):
        developers.revoke(identity, by=_owner())
    began = time.monotonic()
    with isolation.entered(tenant):
        _until(lambda: not bearers.holder_of(key).may("products.read"))
    return {CHECK: took, CHECKS: statements, REVOKED: time.monotonic() - began}


def _is_known(key: str, sent: list[str]) -> bool:
    sent.clear()
    bearers.holder_of(key)
    return not sent


def _owner() -> Any:
    return staff.actor_of(staff.staff_by_email(f"owner@{SHOP}.example"))  # type: ignore[arg-type]  # whoever opened it


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > ends:
            raise TimeoutError("what was measured did not come to its end")
        time.sleep(0.01)


def answer_everything(port: int) -> None:
    """A receiver that reads each request whole and keeps its connections open. Ends with its parent."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
            await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    told = figures_of(UUID(sys.argv[1]))
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the listener's thread waits on its connection
