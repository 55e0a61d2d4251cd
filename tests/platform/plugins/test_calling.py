"""Containment: a plugin that raises, hangs, answers rubbish or asks for a foreign shop's row fails alone."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from flask import has_request_context
from sqlalchemy import text

from app.core import access, clock, db, i18n, isolation
from app.core.audit import AuditEntry
from app.platform.plugins import calling
from app.platform.plugins.calling import Failed, call
from app.platform.plugins.places import Place
from app.shop.payments.errors import GatewayUnreachable
from app.shop.shipping.models import ShippingZone

QUICK = Place("test", "A test", 0.1)
ROOMY = Place("roomy", "A test", 5)


@dataclass(frozen=True)
class Said:
    words: str
    number: int = 0


@pytest.fixture(autouse=True)
def _nothing_under_way():
    calling.begin()
    yield
    calling.begin()


@pytest.fixture
def hanging():
    """Work that hangs until the test is over."""
    over = threading.Event()
    yield lambda: over.wait(60) and Said("late")
    over.set()


def leave_the_process():
    raise SystemExit(3)


def fail(work, kind, place=ROOMY):
    with pytest.raises(Failed) as failed:
        call("p", place, work, answers=Said)
    assert failed.value.kind == kind


def test_a_good_answer_comes_back_as_plain_values(in_shop):
    assert call("p", ROOMY, lambda words: Said(words, 3), "yes", answers=Said) == Said("yes", 3)
    assert call("p", ROOMY, lambda: None, answers=Said | None) is None


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (lambda: 1 / 0, "raised"),
        (leave_the_process, "raised"),
        (lambda: "rubbish", "garbage"),
        (lambda: None, "garbage"),
        (lambda: Said(12), "garbage"),
        (lambda: Said("x", True), "garbage"),
        (lambda: SimpleNamespace(words="x", number=1), "garbage"),
        (lambda: Said("x", 10**40), "too_large"),
        (lambda: Said("x" * 100_000_000), "too_large"),
        (lambda: Said(["x"] * 1_000_000), "too_large"),
    ],
)
def test_what_is_no_answer_is_a_failure_with_a_name(in_shop, work, kind):
    fail(work, kind)


def test_a_call_that_hangs_ends_when_its_time_is_up(in_shop, hanging):
    fail(hanging, "too_slow", QUICK)


def test_a_refusal_of_the_port_is_no_failure(in_shop):
    def refuse():
        raise GatewayUnreachable()

    for _ in range(5):
        with pytest.raises(GatewayUnreachable):
            call("p", ROOMY, refuse, answers=Said, expected=(GatewayUnreachable,))


def test_three_failures_leave_a_plugin_alone_at_this_place_of_this_shop_only(app, shop, other_shop):
    called = []

    def work():
        called.append(1)
        raise ValueError

    with app.app_context(), shop.entered():
        for _ in range(3):
            fail(work, "raised")
        fail(work, "left_alone")
        assert len(called) == 3
        assert call("p", QUICK, lambda: Said("elsewhere"), answers=Said).words == "elsewhere"
        assert call("another", ROOMY, lambda: Said("other"), answers=Said).words == "other"
    with app.app_context(), other_shop.entered():
        assert call("p", ROOMY, lambda: Said("neighbour"), answers=Said).words == "neighbour"


def test_calls_that_hang_fill_the_room_of_their_own_shop_only(app, shop, other_shop, hanging, monkeypatch):
    monkeypatch.setattr(calling, "_LONGEST_WAIT", 0.01)
    with app.app_context(), shop.entered():
        for number in range(3):
            fail(hanging, "too_slow", Place(f"place {number}", "", 0.02))
        fail(lambda: Said("no room"), "busy")
    with app.app_context(), other_shop.entered():
        assert call("p", ROOMY, lambda: Said("room"), answers=Said).words == "room"


def test_a_plugin_works_in_the_callers_shop_language_and_time_but_not_in_its_request_or_transaction(app, shop, client):
    def look():
        assert not has_request_context()
        return Said(f"{isolation.tenant_id()} {i18n.language()} {clock.now().year}", id(db.session()))

    moment = clock.now().replace(year=2001)
    with app.test_request_context(), shop.entered(), i18n.speaking("de"), clock.frozen(moment):
        said = call("p", ROOMY, look, answers=Said)
        assert said.words == f"{shop.id} de 2001"
        assert said.number != id(db.session())


def test_what_a_plugin_writes_is_kept_when_it_ends_well_and_lost_when_it_fails(app, shop, hanging):
    def rename(to, then):
        db.session.scalars(db.db.select(ShippingZone).order_by(ShippingZone.position)).first().name = to
        db.flush()
        return then()

    def name():
        with app.app_context(), shop.entered():
            return db.session.scalars(db.db.select(ShippingZone).order_by(ShippingZone.position)).first().name

    with app.app_context(), shop.entered():
        call("p", ROOMY, rename, "Well", lambda: Said("x"), answers=Said)
    assert name() == "Well"
    with app.app_context(), shop.entered():
        with pytest.raises(Failed):
            call("p", ROOMY, rename, "Badly", lambda: "rubbish", answers=Said)
        with pytest.raises(Failed):
            call("p", QUICK, rename, "Late", hanging, answers=Said)
    assert name() == "Well"


def test_a_plugin_acts_as_itself_holds_no_permission_and_is_named_by_the_audit_trail(in_shop):
    def rename():
        may = access.current_actor().may("orders.refund") or access.may("products.write")
        db.session.scalars(db.db.select(ShippingZone)).first().name = "Renamed"
        return Said(access.current_actor().kind, int(may))

    assert call("p", ROOMY, rename, answers=Said) == Said("plugin", 0)
    entries = db.session.scalars(db.db.select(AuditEntry).where(AuditEntry.actor_kind == "plugin")).all()
    assert [one.actor_name for one in entries] == ["p"]


def test_a_plugin_that_asks_for_a_foreign_shops_row_gets_nothing(app, shop, other_shop):
    with app.app_context(), other_shop.entered():
        foreign = db.session.scalars(db.db.select(ShippingZone)).first().id
    sees = "select count(*) from shipping_zone where tenant_id = :tenant and id = :id"

    def peep():
        return Said("x", db.session.scalar(text(sees), {"tenant": other_shop.id, "id": foreign}))

    with app.app_context(), shop.entered():
        assert call("p", ROOMY, peep, answers=Said).number == 0
    with app.app_context(), other_shop.entered():
        assert call("p", ROOMY, peep, answers=Said).number == 1, "without the wall the row is there"
