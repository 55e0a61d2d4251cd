"""Plugins in the worker: facts, tasks and schedules, only where they are on, contained, and as themselves."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest

from app.core import access, db, events, isolation, jobs
from app.core.access import system_actor
from app.core.audit import AuditEntry
from app.platform.plugins import places, queries, service, working
from app.platform.plugins.declaring import WrongDeclaration
from app.platform.plugins.places import Place
from app.platform.plugins.working import later
from app.shop.orders.events import OrderPlaced
from app.shop.shipping.models import ShippingZone

BY = system_actor("tests")
ORDER = UUID("01890000-0000-7000-8000-000000000001")
PLACED = OrderPlaced.fact_name


def rename(to: str) -> None:
    db.session.scalars(db.db.select(ShippingZone).order_by(ShippingZone.position)).first().name = to


@pytest.fixture
def ticks(monkeypatch):
    """What was given to the clock: a time and what is done then. The clock itself stays as it is."""
    found = []
    monkeypatch.setattr(jobs, "every", lambda cron: lambda run: found.append((cron, run)))
    return found


@pytest.fixture
def heard(install, ticks):
    """A plugin that listens and works; what it was told, as text."""
    found: list[str] = []

    def hear(fact: OrderPlaced) -> None:
        found.append(f"fact {fact.number} {access.current_actor().kind}")
        assert isinstance(fact.order_id, UUID)
        rename("Heard")

    def count(order_id: UUID | None = None) -> None:
        found.append(f"task {type(order_id).__name__}" if order_id else f"clock {isolation.tenant_id()}")

    plugin = install(listens={PLACED: hear}, tasks={"count": count}, schedules={"7 * * * *": ("count",)})
    before = dict(events._reactions.get(PLACED, {}))
    working.begin(plugin)
    yield found
    events._reactions[PLACED] = before


def switch(app, shop, state="on"):
    with app.app_context(), shop.entered():
        service.switch("greeter", state, by=BY)
        db.checkpoint()


def happen(app, shop):
    with app.app_context(), shop.entered():
        events.publish(OrderPlaced(ORDER, "1001"))
        later("greeter", "count", order_id=ORDER)
        db.checkpoint()


def test_facts_and_tasks_reach_a_plugin_only_in_shops_where_it_is_on(app, shop, other_shop, heard, run_jobs):
    happen(app, other_shop)
    run_jobs()
    assert heard == [], "it is off in every shop"

    switch(app, shop)
    for each in (shop, other_shop):
        happen(app, each)
    run_jobs()
    assert sorted(heard) == ["fact 1001 plugin", "task UUID"]

    happen(app, shop)
    switch(app, shop, "paused")
    run_jobs()
    assert len(heard) == 2, "what was asked for before the pause is not told after it"


def test_what_a_plugin_changes_upon_a_fact_is_its_own_act_in_the_audit_trail(app, shop, heard, run_jobs):
    switch(app, shop)
    happen(app, shop)
    run_jobs()

    with app.app_context(), shop.entered():
        entries = db.session.scalars(db.db.select(AuditEntry).where(AuditEntry.actor_kind == "plugin")).all()
        assert [one.actor_name for one in entries] == ["Greeter"]


def test_the_clock_begins_tasks_in_every_shop_that_has_the_plugin_on(app, shop, other_shop, heard, ticks, run_jobs):
    switch(app, other_shop)
    ((cron, tick),) = ticks

    with app.app_context():
        tick()
    run_jobs()

    assert cron == "7 * * * *"
    assert f"clock {other_shop.id}" in heard and f"clock {shop.id}" not in heard


@pytest.mark.parametrize("kind", ["raised", "too_slow", "garbage"])
def test_a_plugin_that_misbehaves_in_the_worker_fails_alone_and_is_noted(app, shop, install, monkeypatch, kind):
    works = {"raised": lambda: 1 / 0, "too_slow": lambda: over.wait(60), "garbage": lambda: "rubbish"}
    over = threading.Event()
    install(tasks={"count": works[kind]})
    monkeypatch.setattr(places, "TASK", Place("task", "", 0.1 if kind == "too_slow" else 5))
    switch(app, shop)

    with app.app_context(), shop.entered():
        with pytest.raises(working.Failed):
            working.do_task(plugin="greeter", task="count", arguments={})
        assert [one.kind for one in queries.errors_of("greeter")] == [kind]
    over.set()


def test_plugins_hold_two_places_of_a_worker_and_no_connection_and_what_finds_none_is_done_later(app, shop, install):
    done = []
    pools = [engine.pool for engine in db.engines_of(app)]
    install(tasks={"count": lambda: done.append(sum(pool.checkedout() for pool in pools))})
    switch(app, shop)
    before = sum(pool.checkedout() for pool in pools)

    def ask():
        with app.app_context(), shop.entered():
            working.do_task(plugin="greeter", task="count", arguments={})
            db.checkpoint()
            waiting = db.db.select(events.Event).where(events.Event.name == working.do_task.name)
            return len(db.session.scalars(waiting).all())

    assert working._room.enter("", 0)
    assert ask() == 0
    assert working._room.enter("", 0)
    assert (ask(), done) == (1, [before])
    working._room.leave("")
    working._room.leave("")


@pytest.mark.parametrize(
    "wrong",
    [
        {"listens": {"orders.order_eaten": print}},
        {"schedules": {"7 * * * *": ("unknown",)}},
        {"tasks": {"often": print}, "schedules": {"* * * * *": ("often",)}},
        {"tasks": {"never": print}, "schedules": {"7 hours": ("never",)}},
    ],
)
def test_unknown_facts_and_tasks_and_times_are_refused(install, wrong):
    with pytest.raises(WrongDeclaration):
        install("other", **wrong)
