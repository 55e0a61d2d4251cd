"""Facts and jobs: written in the business transaction, run after it, at least once."""

from __future__ import annotations

import asyncio
import functools
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy import select

from app import settings
from app.core import db, events, isolation, jobs, relay
from app.core.events import Event, Fact, publish
from tests.conftest import in_a_thread


@dataclass(frozen=True)
class LampLit(Fact, name="test.lamp_lit"):
    """A fact of these tests."""

    lamp: uuid.UUID
    brightness: int


seen: list[tuple[uuid.UUID, object]] = []


@events.reacts_to(LampLit)
def remember(fact: LampLit) -> None:
    seen.append((isolation.tenant_id(), fact))


@jobs.job(retries=1)
def paint(wall: uuid.UUID, coats: int) -> None:
    """A job of these tests."""
    seen.append((isolation.tenant_id(), (wall, coats)))


@pytest.fixture(autouse=True)
def nothing_seen():
    seen.clear()


def test_a_fact_reaches_its_reactions_in_its_own_tenant(app, shop, run_jobs):
    fact = LampLit(lamp=uuid.uuid4(), brightness=3)
    with app.app_context(), shop.entered():
        publish(fact)

    run_jobs()

    assert seen == [(shop.id, fact)]


def test_a_fact_of_a_transaction_that_failed_was_never_said(app, shop, run_jobs):
    with app.app_context(), pytest.raises(ZeroDivisionError), shop.entered():
        publish(LampLit(lamp=uuid.uuid4(), brightness=1))
        db.flush()
        raise ZeroDivisionError

    run_jobs()

    assert seen == []


def test_a_job_gets_its_arguments_with_their_types(app, shop, run_jobs):
    wall = uuid.uuid4()
    with app.app_context(), shop.entered():
        paint.enqueue(wall=wall, coats=2)

    run_jobs()

    assert seen == [(shop.id, (wall, 2))]


def test_a_relay_that_is_killed_before_its_commit_hands_over_once_all_the_same(app, shop, run_jobs):
    with app.app_context(), shop.entered():
        publish(LampLit(lamp=uuid.uuid4(), brightness=1))
    with relay.connect() as connection, pytest.raises(ZeroDivisionError), connection.transaction():
        relay.relay_once(connection)
        raise ZeroDivisionError

    run_jobs()

    assert len(seen) == 1


def test_two_relays_do_not_hand_over_the_same_fact(app, shop, run_jobs):
    with app.app_context(), shop.entered():
        publish(LampLit(lamp=uuid.uuid4(), brightness=1))
    with relay.connect() as first, relay.connect() as second, first.transaction():
        mine = first.execute(relay._take, [jobs.urgent(), 200]).fetchall()
        theirs = second.execute(relay._take, [jobs.urgent(), 200]).fetchall()

    assert {row.id for row in mine}.isdisjoint({row.id for row in theirs})
    run_jobs()
    assert len(seen) == 1


def test_a_commit_wakes_the_relay(app, shop):
    with psycopg.connect(settings.current().operator_url, autocommit=True) as listener:
        listener.execute(f"listen {events.CHANNEL}")
        with app.app_context(), shop.entered():
            publish(LampLit(lamp=uuid.uuid4(), brightness=1))

        woken = list(listener.notifies(timeout=5, stop_after=1))

    assert len(woken) == 1


def test_the_app_itself_cannot_read_the_queue(app, shop):
    with (
        psycopg.connect(settings.current().database_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("select * from jobs.procrastinate_jobs")


def test_a_fact_from_an_older_release_is_still_read():
    lamp = uuid.uuid4()

    fact = events.rebuild("test.lamp_lit", {"lamp": str(lamp), "brightness": 2, "colour": "red"})

    assert fact == LampLit(lamp=lamp, brightness=2)


def test_the_log_keeps_what_was_said(app, shop, run_jobs):
    with app.app_context(), shop.entered():
        publish(LampLit(lamp=uuid.uuid4(), brightness=5))
    run_jobs()

    with app.app_context(), shop.entered():
        row = db.session.scalars(select(Event).where(Event.name == "test.lamp_lit")).one()

    assert (row.kind, row.version, row.payload["brightness"], row.relayed_at is not None) == ("fact", 1, 5, True)


def test_the_relay_and_the_worker_share_a_process(app, shop):
    """As in production: a thread relays while the worker's own connector is open."""
    stop = threading.Event()
    fact = LampLit(lamp=uuid.uuid4(), brightness=9)
    relaying = threading.Thread(target=relay.run_until, args=(stop,))
    with app.app_context(), shop.entered():
        publish(fact)
    relaying.start()

    async def work() -> None:
        with jobs.queue_app.replace_connector(jobs.connector()) as queue:
            async with queue.open_async():
                working = asyncio.create_task(queue.run_worker_async(install_signal_handlers=False, wait=True))
                while (shop.id, fact) not in seen:
                    await asyncio.sleep(0.01)
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)

    try:
        in_a_thread(lambda: asyncio.run(asyncio.wait_for(work(), 20)))
    finally:
        stop.set()
        relaying.join()

    assert [one for one in seen if one[0] == shop.id] == [(shop.id, fact)]


@jobs.job(queue="pictures", retries=1)
def shrink(picture: uuid.UUID) -> None:
    """A job that nobody waits for."""
    seen.append((isolation.tenant_id(), "picture"))


@jobs.job(queue="mail", retries=1)
def write(letter: uuid.UUID) -> None:
    """A job that somebody waits for."""
    seen.append((isolation.tenant_id(), "letter"))


def test_a_letter_does_not_wait_for_the_pictures_that_were_asked_for_before_it(app, shop):
    with app.app_context(), shop.entered():
        for _ in range(3):
            shrink.enqueue(picture=uuid.uuid4())
        write.enqueue(letter=uuid.uuid4())

    with app.app_context():
        relay.relay_all()
        in_a_thread(lambda: jobs.run_worker(concurrency=1, wait=False))

    assert [what for tenant, what in seen if tenant == shop.id] == ["letter", "picture", "picture", "picture"]


def test_the_worker_gives_back_what_a_killed_one_left(app, shop, run_jobs):
    """Its own scheduled job does, on the connection of the worker that runs it."""
    wall = uuid.uuid4()
    with app.app_context(), shop.entered():
        paint.enqueue(wall=wall, coats=2)
    with relay.connect() as connection:
        while relay.relay_once(connection):
            pass
        left = "update procrastinate_jobs set status = 'doing', worker_id = null where args->>'tenant' = %s"
        assert connection.execute(left, [str(shop.id)]).rowcount == 1
        relay._deferring().configure_task("retry_stalled", queue="schedule", connection=connection).defer(timestamp=0)
    in_a_thread(lambda: jobs.run_worker(wait=False))
    in_a_thread(lambda: jobs.run_worker(wait=False))

    assert [what for owner, what in seen if owner == shop.id] == [(wall, 2)]


def test_threads_that_ask_for_the_queue_at_once_get_the_same(monkeypatch):
    """The relay and the worker do, when the process begins. The control makes it without the lock."""
    made = []

    def slowly():
        if not made:
            threading.Event().wait(0.05)
        made.append(object())
        return made[-1]

    def asked(ask):
        made.clear()
        with ThreadPoolExecutor(4) as threads:
            return set(threads.map(lambda _: ask(), range(4)))

    fresh = functools.cache(slowly)
    monkeypatch.setattr(jobs, "_made_app", fresh)
    assert len(asked(jobs._queue_app)) == 1
    fresh.cache_clear()
    assert len(asked(fresh)) > 1
