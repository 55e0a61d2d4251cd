"""Every route of the house, driven with another shop's ids, sessions and forms."""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import settings
from app.core import access, db, login
from app.core.access import Actor
from app.factory import create_app
from tests.architecture import statements
from tests.conftest import Browser, sign_in_owner
from tests.isolation.requests import Probe, fields_for, probes
from tests.isolation.world import World, build

pytestmark = pytest.mark.xdist_group("isolation")
SURFACES_OF_PLATFORM = ("/start", "/console", "/welcome", "/mailbox", "/operator")


@pytest.fixture(scope="module")
def app(configured):
    """An app of this module: the negative controls take its guards away."""
    app = create_app(settings.current())
    app.test_client_class = Browser
    with app.app_context():
        statements.guard(db.db.engines[None])
    return app


@pytest.fixture(scope="module")
def worlds(app, open_shop_of) -> tuple[World, World]:
    """The shop whose rows are sought, and the shop of those who seek."""
    return build(app, open_shop_of(app), "victimsecret"), build(app, open_shop_of(app), "strangersown")


def tenant_probes(app: Any, world: World | None) -> list[Probe]:
    return [probe for probe in probes(app, world) if not probe.path.startswith(SURFACES_OF_PLATFORM)]


def browser_for(world: World, probe: Probe) -> Browser:
    return world.staff if probe.path.startswith("/admin") else world.customer


def send(app: Any, world: World, probe: Probe, victim: World | None) -> Any:
    """Send a probe as the people of `world`, with ids of `victim`, or random ones, in its form."""
    browser = browser_for(world, probe)
    headers = {"Authorization": f"Bearer {world.key}"} if probe.path.startswith("/api/") else {}
    if probe.method == "GET":
        return browser.get(probe.path, headers=headers)
    fields = fields_for(app, probe.endpoint, victim)
    if probe.path.startswith("/api/"):
        return browser.open(probe.path, method=probe.method, json=fields, headers=headers | {"If-Match": '"any"'})
    return browser.post_form(probe.path, fields)


def text_of(answer: Any) -> str:
    """The body as text, also of a picture."""
    return str(answer.get_data().decode(errors="replace"))


def told(answer: Any) -> tuple[int, str, str]:
    """An answer without what differs between any two requests: ids and tokens."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[a-z]+_[0-9a-z]{26}|value=\"[0-9a-f]{64}\"", "*", text_of(answer))
    text = re.sub(r"<p class=\"toast\".*?</p>", "", text)  # what the request before had to say
    text = re.sub(r"\s*\n\s*", "\n", text)  # and the empty lines around it
    text = re.sub(r"\b\d+ (?:seconds?|minutes?) ago", "*", text)  # and what the clock says
    location = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", answer.headers.get("Location", ""))
    return answer.status_code, location, text


def leaks(app: Any, victim: World, stranger: World, *, methods: set[str]) -> list[str]:
    """Routes that tell a stranger something of the victim, or change it."""
    found = []
    with victim.watched() as look:
        before = look()
        for probe in tenant_probes(app, victim):
            if probe.method not in methods or probe.endpoint in ENDS_THE_SESSION:
                continue
            answer = send(app, stranger, probe, victim)
            after = look() if probe.method != "GET" else before
            if victim.marker in text_of(answer) or before != after:
                found.append(f"{probe.method} {probe.path}")
            before = after
    return found


ENDS_THE_SESSION = {"staff_backoffice.sign_out", "customers_storefront.sign_out"}


def test_every_route_can_be_covered(app, worlds):
    assert len(probes(app, worlds[0])) == len(probes(app, None)) > 100


def test_the_shops_are_full(app, worlds):
    """A table without a row would make the tests below say nothing about it."""
    from app.core.rowsecurity import tenant_tables

    for world in worlds:
        empty = set(tenant_tables()) - set(world.rows)
        assert empty <= MAY_BE_EMPTY, empty


MAY_BE_EMPTY: set[str] = set()


def test_the_harness_sees_the_victims_own_pages(app, worlds):
    """Else the marker would be missing for another reason."""
    victim = worlds[0]
    seen = [
        probe.path
        for probe in tenant_probes(app, victim)
        if probe.method == "GET" and victim.marker in text_of(send(app, victim, probe, victim))
    ]

    assert len(seen) > 15, seen


def test_no_page_tells_a_stranger_anything(app, worlds):
    assert leaks(app, *worlds, methods={"GET"}) == []


def test_no_form_of_a_stranger_changes_anything(app, worlds):
    assert leaks(app, *worlds, methods={"POST", "PUT", "PATCH", "DELETE"}) == []


def test_that_watch_sees_each_kind_of_write(worlds):
    """The control: a row that is changed, gone or new between two looks, and nothing when nobody writes."""
    with (
        worlds[0].watched() as look,
        psycopg.connect(settings.current().operator_url, autocommit=True) as operator,
    ):
        seen = [look(), look()]
        for statement in (
            "insert into saved_view (id, tenant_id, list, title, query, created_at, updated_at)"
            " values (gen_random_uuid(), %s, 'products', 'seen', '', now(), now())",
            "update saved_view set title = 'changed' where tenant_id = %s and title = 'seen'",
            "delete from saved_view where tenant_id = %s and title = 'changed'",
        ):
            assert operator.execute(statement, [worlds[0].shop.id]).rowcount == 1
            seen.append(look())

    assert seen[0] == seen[1] == seen[-1]
    assert len({str(one) for one in seen}) == 3


def test_a_foreign_id_answers_like_one_that_never_was(app, worlds):
    victim, stranger = worlds
    different = []
    for foreign, random in zip(tenant_probes(app, victim), tenant_probes(app, None), strict=True):
        if not foreign.names_a_row or foreign.endpoint in ENDS_THE_SESSION | SAME_NAME_IN_EVERY_SHOP:
            continue
        answers = [told(send(app, stranger, probe, None)) for probe in (foreign, random)]
        if answers[0] != answers[1]:
            lines = [set(answer[2].splitlines()) for answer in answers]
            different.append((foreign.method, foreign.path, answers[0][:2], answers[1][:2], lines[0] ^ lines[1]))

    assert different == []


def test_a_foreign_id_costs_the_api_what_a_random_one_costs(app, worlds):
    """Neither the body nor the work, which is the time, tells a program that something is there for somebody else."""
    victim, stranger = worlds[0], signed_in_again(worlds[1])
    different, compared = [], 0
    for foreign, random in zip(tenant_probes(app, victim), tenant_probes(app, None), strict=True):
        if not foreign.names_a_row or not foreign.path.startswith("/api/v1/"):
            continue
        send(app, stranger, random, None)  # what a process learns once
        work = [statements_of(app, stranger, probe) for probe in (foreign, random)]
        compared += 1
        if work[0] != work[1]:
            different.append((foreign.method, foreign.path, [len(one) for one in work]))

    assert compared > 30
    assert different == []


def test_that_comparison_sees_a_row_that_is_there(app, worlds):
    """The control: one's own id costs more than one that never was."""
    owner, name = signed_in_again(worlds[0]), "orders_api.get_order"
    own, random = (
        next(probe for probe in tenant_probes(app, whose) if probe.endpoint == name) for whose in (owner, None)
    )
    send(app, owner, random, None)

    assert len(statements_of(app, owner, own)) > len(statements_of(app, owner, random)) > 0


def signed_in_again(world: World) -> World:
    """The same shop with a browser that is surely signed in: among all routes there are some that end a session."""
    return replace(world, staff=sign_in_owner(world.shop))


def statements_of(app: Any, world: World, probe: Probe) -> list[str]:
    """What this thread asks the database for a probe, besides noting when a key was last used."""
    sent: list[str] = []
    here = threading.get_ident()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if threading.get_ident() == here and "last_used_at=" not in statement:
            sent.append(statement)

    with app.app_context():
        engine = db.db.engines[None]
    event.listen(engine, "before_cursor_execute", note)
    try:
        send(app, world, probe, None)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


# Names that each shop has for itself (its first order is 1001, it has a page "about"): they find its own row.
SAME_NAME_IN_EVERY_SHOP: set[str] = set()


def _try(app: Any, intruder: Any, probe: Probe, victim: World, headers: dict[str, str]) -> Any:
    if probe.method == "GET":
        return intruder.get(probe.path, headers=headers)
    fields = fields_for(app, probe.endpoint, victim)
    if probe.path.startswith("/api/"):
        return intruder.open(probe.path, method=probe.method, json=fields, headers=headers)
    return intruder.post_form(probe.path, fields, headers=headers)


def let_in(app: Any, victim: World, stranger: World, *, methods: set[str]) -> list[tuple[str, str, int]]:
    """Routes of the victim that take the stranger's cookies or key for somebody."""
    intruder = app.test_client().at(victim.shop.host, victim.shop.id)
    for name, browser in (("staff", stranger.staff), ("shopper", stranger.customer)):
        intruder.set_cookie(name, browser.get_cookie(name, domain=stranger.shop.host).value, domain=victim.shop.host)
    found = []
    for probe in tenant_probes(app, victim):
        if app.view_functions[probe.endpoint].__access__ == "public" or probe.method not in methods:
            continue
        headers = {"Authorization": f"Bearer {stranger.key}"} if probe.path.startswith("/api/") else {}
        answer = _try(app, intruder, probe, victim, headers)
        if answer.status_code != 401 and "sign-in" not in answer.headers.get("Location", ""):
            found.append((probe.method, probe.path, answer.status_code))
    return found


def test_a_session_of_another_shop_is_nobody(app, worlds):
    before = worlds[0].fingerprint()

    assert let_in(app, *worlds, methods={"GET", "POST", "PUT", "PATCH", "DELETE"}) == []
    assert worlds[0].fingerprint() == before


def test_the_platform_and_the_shops_keep_to_their_own_hosts(app, worlds, platform_browser):
    wrong = []
    for probe in probes(app, worlds[0]):
        if probe.method != "GET" or probe.endpoint.split("_")[-1].startswith("any.") or probe.path == "/":
            continue
        is_platform = probe.path.startswith(SURFACES_OF_PLATFORM)
        browser = worlds[0].customer if is_platform else platform_browser
        status = browser.get(probe.path).status_code
        if status != 404:
            wrong.append((probe.path, status))

    assert wrong == []


# --- negative controls: take a protection away and see that the harness notices ---------------------------------------


@pytest.fixture
def without_guards(app, monkeypatch):
    """No row security (the operator's connection) and no predicate."""
    event.remove(Session, "do_orm_execute", db._add_tenant_predicate)
    with app.app_context():
        engines = db.db.engines
        monkeypatch.setitem(engines, None, engines["operator"])
    yield
    event.listen(Session, "do_orm_execute", db._add_tenant_predicate)


def test_without_the_guards_the_harness_sees_the_leak(app, worlds, without_guards):
    assert len(leaks(app, *worlds, methods={"GET"})) > 5


def test_with_either_guard_alone_nothing_leaks(app, worlds, monkeypatch):
    with app.app_context():
        engines = db.db.engines
        own = engines[None]
        monkeypatch.setitem(engines, None, engines["operator"])
    assert leaks(app, *worlds, methods={"GET"}) == [], "the predicate alone"

    monkeypatch.setitem(engines, None, own)
    event.remove(Session, "do_orm_execute", db._add_tenant_predicate)
    try:
        assert leaks(unguarded(app), *worlds, methods={"GET"}) == [], "row security alone"
    finally:
        event.listen(Session, "do_orm_execute", db._add_tenant_predicate)


def unguarded(app: Any) -> Any:
    """The same app, whose statements are not read by the tests' guard."""
    with app.app_context():
        event.listen(
            db.db.engines[None], "checkout", lambda connection, record, proxy: record.info.update(unguarded=True)
        )
        event.listen(db.db.engines[None], "checkin", lambda connection, record: record.info.pop("unguarded", None))
    return app


def test_a_session_that_did_not_hold_its_shop_would_be_seen(app, worlds, without_guards, monkeypatch):
    """Take away the row's shop, the shop in the session's word, and the look at the membership."""
    owner = access.system_actor("owner")
    monkeypatch.setattr(login._manager, "_user_callback", lambda word: login._Subject("staff", None, uuid.uuid4()))
    monkeypatch.setitem(access._loaders, "staff", lambda subject: Actor("staff", subject, "", owner.permissions))

    assert len(let_in(app, *worlds, methods={"GET"})) > 5


@pytest.mark.parametrize("kept", ["the word", "the membership"])
def test_each_guard_of_a_session_holds_alone(app, worlds, without_guards, monkeypatch, kept):
    if kept == "the membership":
        monkeypatch.setattr(login._manager, "_user_callback", lambda word: login._Subject("staff", None, uuid.uuid4()))
    else:
        monkeypatch.setitem(access._loaders, "staff", lambda subject: access.system_actor("owner"))

    found = let_in(app, *worlds, methods={"GET"})
    # A key has no other guard than its row's tenant, which is gone here.
    assert [one for one in found if not one[1].startswith("/api/")] == []


@pytest.fixture(scope="module")
def platform_browser(app) -> Browser:
    """A browser on the platform's host."""
    return app.test_client().at(settings.current().domain)
