"""Statements that stand alone: each in its own tenant, in a transaction that only reads and ends with it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError

from app.core import db, frames, isolation, reading
from app.core.prepared import Prepared
from app.core.reading import Question
from app.shop.catalog.models import Product
from tests.factories.catalog import a_product
from tests.factories.keeping import kept_pages  # noqa: F401 - this process hears of changes

BY_HANDLE = Prepared(select(Product.title, Product.id).where(Product.handle == bindparam("handle")))
EVERYBODYS = Question("select title from product where tenant_id = tenant_id and handle = %(handle)s")
"""Names no tenant: row-level security alone decides."""
SETTING = Question("select current_setting('app.tenant', true)")


@pytest.fixture
def vases(app, shop, other_shop, kept_pages):  # noqa: F811
    """A vase in each of two shops."""
    places = {"Mine": shop, "Theirs": other_shop}
    for title, place in places.items():
        with app.app_context(), place.entered():
            a_product(title=title, handle="vase")
    return places


@contextmanager
def reads(app, place):
    """As a request that only reads, of one shop."""
    with app.app_context(), place.entered():
        leave = frames.enter(place.id, lambda: 1)
        try:
            yield
        finally:
            leave()


def titles(question, **values):
    return [row[0] for row in question.rows(values, lambda names: tuple)]


def test_each_shop_finds_its_own_and_no_session_begins(app, vases):
    for title in ("Mine", "Theirs", "Mine", "Theirs"):
        with reads(app, vases[title]):
            assert reading.is_possible()
            assert [row.title for row in BY_HANDLE.rows(handle="vase")] == [title]
            assert not db.session.registry.has()


def test_row_level_security_keeps_shops_apart_where_the_statement_does_not(app, vases):
    for title in ("Mine", "Theirs", "Mine"):
        with reads(app, vases[title]):
            assert titles(EVERYBODYS, handle="vase") == [title]


def test_without_the_setting_nobodys_rows_are_found(app, vases, monkeypatch):
    """The control: it is the tenant in the transaction by which rows are found."""
    with reads(app, vases["Mine"]):
        nobody = f"SET LOCAL app.tenant = '{isolation.NOBODY}'".encode()
        monkeypatch.setattr(reading, "_set_tenant", lambda tenant: nobody)
        assert titles(EVERYBODYS, handle="vase") == []


def test_the_tenant_is_gone_with_the_transaction(app, vases):
    with reads(app, vases["Mine"]):
        assert titles(SETTING) == [str(vases["Mine"].id)]
        with db.db.engines[None].connect() as connection:
            left = connection.execute(text("select current_setting('app.tenant', true)")).scalar()
            assert left == str(isolation.NOBODY)


def test_it_may_not_write_and_the_next_one_is_none_the_worse(app, vases):
    writes = Question("update product set title = 'Changed' where tenant_id = tenant_id returning title")
    wrong = Question("select nothing from product where tenant_id = tenant_id")
    with reads(app, vases["Mine"]):
        for question, said in ((writes, "read-only"), (wrong, "nothing"), (writes, "read-only")):
            with pytest.raises(DBAPIError, match=said):
                titles(question)
            assert titles(EVERYBODYS, handle="vase") == ["Mine"]


def test_a_request_that_changes_something_goes_on_in_its_own_transaction(app, vases):
    with reads(app, vases["Mine"]):
        found = BY_HANDLE.rows(handle="vase")[0]
        db.session.get(Product, (vases["Mine"].id, found.id)).title = "Changed"
        assert not reading.is_possible()
        assert [row.title for row in BY_HANDLE.rows(handle="vase")] == ["Changed"]
        db.session.rollback()
        assert reading.is_possible()
        assert [row.title for row in BY_HANDLE.rows(handle="vase")] == ["Mine"]


def test_whoever_has_no_frame_uses_a_session(app, vases):
    with app.app_context(), vases["Mine"].entered():
        assert not reading.is_possible()


def test_values_and_words_arrive_as_they_are(app, vases):
    odd = "50% o'clock %(handle)s $1 \\"
    with app.app_context(), vases["Mine"].entered():
        a_product(title=odd, handle="odd")
    fixed = Prepared(select(Product.title).where(Product.title == odd, Product.handle == bindparam("handle")))
    given = Question("select %(a)s::text, %(b)s::bigint, %(a)s || '%%', %(c)s::uuid[], %(d)s::int")
    ids = [vases["Mine"].id, vases["Theirs"].id]

    with reads(app, vases["Mine"]):
        assert [row.title for row in fixed.rows(handle="odd")] == [odd]
        for number in (1, 70_000, 5_000_000_000, None):  # each is sent as another type
            found = given.rows({"a": odd, "b": number, "c": ids, "d": None}, lambda names: tuple)
            assert found == [(odd, number, f"{odd}%", ids, None)]


def test_a_rollback_lets_go_of_what_was_prepared_and_it_is_prepared_again(app, vases):
    with reads(app, vases["Mine"]):
        db.db.engines[None].dispose()
        assert titles(EVERYBODYS, handle="vase") == ["Mine"]
        with db.db.engines[None].connect() as connection:  # the same connection: the pool hands out what came back last
            for _ in range(7):  # from the fifth on the driver prepares
                connection.execute(text("select 1"))
            connection.rollback()
        assert titles(EVERYBODYS, handle="vase") == ["Mine"]


def test_more_statements_than_a_connection_prepares_are_answered_too(app, vases, monkeypatch):
    monkeypatch.setattr(reading, "_MOST_PREPARED", 2)
    with reads(app, vases["Mine"]):
        db.db.engines[None].dispose()
        asked = [titles(Question(f"select {number} + %(n)s::int"), n=1)[0] for number in (1, 2, 3, 4, 1)]
    assert asked == [2, 3, 4, 5, 2]
