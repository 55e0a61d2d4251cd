"""Three guards between tenants. Each is also taken away, to see that the test would notice."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app import settings
from app.core import db, isolation
from app.core.db import Counter
from app.core.events import Event


@pytest.fixture
def facts(app, shop, other_shop):
    """One event row in each of two shops; their ids."""
    ids = {}
    for one in (shop, other_shop):
        with app.app_context(), one.entered():
            ids[one.id] = db.add(Event(name="test.mark", payload={"of": str(one.id)})).id
    return ids


def marks(app, tenant: uuid.UUID) -> list[str]:
    with app.app_context(), db.unit_of_work(tenant):
        return [row.payload["of"] for row in db.session.scalars(select(Event).where(Event.name == "test.mark"))]


def test_a_query_sees_its_own_tenant_only(app, shop, other_shop, facts):
    assert marks(app, shop.id) == [str(shop.id)]
    assert marks(app, other_shop.id) == [str(other_shop.id)]


def test_row_security_alone_keeps_tenants_apart(app, shop, facts):
    """Raw SQL carries no predicate: the database itself must hold."""
    with app.app_context(), db.unit_of_work(shop.id):
        connection = db.session.connection()
        connection.info["unguarded"] = True
        seen = db.session.execute(text("select tenant_id from event")).scalars().all()
        del connection.info["unguarded"]

    assert set(seen) == {shop.id}


def test_the_predicate_alone_keeps_tenants_apart(app, shop, other_shop, facts, monkeypatch):
    """As the operator, who is above row security: the statement itself must hold."""
    with app.app_context():
        monkeypatch.setitem(db.db.engines, None, db.db.engines["operator"])

        assert marks(app, shop.id) == [str(shop.id)]


def test_without_both_guards_the_leak_would_show(app, shop, other_shop, facts, monkeypatch):
    event.remove(Session, "do_orm_execute", db._add_tenant_predicate)
    try:
        with app.app_context():
            monkeypatch.setitem(db.db.engines, None, db.db.engines["operator"])
            seen = marks(app, shop.id)
    finally:
        event.listen(Session, "do_orm_execute", db._add_tenant_predicate)

    assert {str(shop.id), str(other_shop.id)} <= set(seen)


def test_outside_a_tenant_there_are_no_rows_and_no_writes(app, shop, facts):
    with app.app_context():
        db.session.connection().info["unguarded"] = True
        assert db.session.execute(text("select count(*) from event")).scalar_one() == 0
        del db.session.connection().info["unguarded"]
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.execute(
                text("insert into event (tenant_id, id, kind, name, version, payload, occurred_at)"
                     " values (:t, :i, 'fact', 'x', 1, '{}', now())"), {"t": shop.id, "i": uuid.uuid4()},
            )  # fmt: skip


def test_the_setting_ends_with_its_transaction(app, shop, facts):
    with app.app_context():
        with db.unit_of_work(shop.id):
            db.session.execute(select(Event.id))
        after = db.session.execute(text("select current_setting('app.tenant')")).scalar_one()

    assert after == "00000000-0000-0000-0000-000000000000"


def test_a_row_of_another_tenant_is_refused_before_it_is_sent(app, shop, other_shop):
    with app.app_context(), pytest.raises(isolation.CrossTenant), shop.entered():
        db.add(Event(tenant_id=other_shop.id, name="test.smuggled"))


def test_a_transaction_belongs_to_one_tenant(app, shop, other_shop, facts):
    with app.app_context(), pytest.raises(isolation.CrossTenant), shop.entered():
        db.session.execute(select(Event.id))
        with isolation.entered(other_shop.id):
            db.session.execute(select(Event.id))


def test_a_foreign_id_is_nobody(app, shop, other_shop, facts):
    with app.app_context(), shop.entered():
        assert db.session.get(Event, (shop.id, facts[other_shop.id])) is None
        assert db.session.get(Event, (other_shop.id, facts[other_shop.id])) is None


def test_an_update_changes_its_own_tenant_only(app, shop, other_shop, facts):
    with app.app_context(), shop.entered():
        db.session.execute(update(Event).where(Event.name == "test.mark").values(payload={"of": "changed"}))

    assert marks(app, other_shop.id) == [str(other_shop.id)]


def test_every_orm_statement_names_the_tenant(app, shop):
    sent: list[str] = []
    with app.app_context():
        event.listen(db.db.engines[None], "before_cursor_execute", lambda *a: sent.append(a[2]))
        with shop.entered():
            db.session.execute(select(Event.id).where(Event.name == "x"))
            db.session.execute(update(Event).where(Event.name == "x").values(version=2))

    assert all("event.tenant_id =" in one for one in sent if "event" in one and "SET LOCAL" not in one)


def test_the_app_cannot_empty_a_table(shop):
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(settings.current().database_url) as connection, refused:
        connection.execute("truncate event")


def test_numbers_have_no_gaps_and_come_back_with_a_failed_transaction(app, shop):
    with app.app_context():
        with shop.entered():
            assert [db.next_number("bill"), db.next_number("bill")] == [1001, 1002]
        with pytest.raises(ZeroDivisionError), shop.entered():
            db.next_number("bill")
            raise ZeroDivisionError
        with shop.entered():
            assert db.next_number("bill") == 1003
            assert db.session.scalars(select(Counter.value)).all() == [1003]
