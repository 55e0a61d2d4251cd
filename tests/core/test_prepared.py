"""Statements that are compiled once: right in every tenant, and never with the tenant of the first."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.core import db, frames, isolation
from app.core.isolation import CrossTenant
from app.core.prepared import Prepared
from app.shop.catalog.models import Product
from tests.factories.catalog import a_product

BY_HANDLE = Prepared(select(Product.title).where(Product.handle == bindparam("handle")))


def titles(handle):
    """What the statement finds."""
    return [row.title for row in BY_HANDLE.rows(handle=handle)]


def test_each_tenant_gets_its_own_rows(app, shop, other_shop):
    for place, title in ((shop, "Mine"), (other_shop, "Theirs")):
        with app.app_context(), place.entered():
            a_product(title=title, handle="vase")
    for place, title in ((shop, "Mine"), (other_shop, "Theirs"), (shop, "Mine")):
        with app.app_context(), place.entered():
            assert titles("vase") == [title]


def test_what_this_transaction_changed_is_seen(in_shop):
    product = a_product(title="Before", handle="vase")
    db.session.get(Product, (product.tenant_id, product.id)).title = "After"

    assert titles("vase") == ["After"]


def test_a_statement_that_would_keep_a_tenants_id_is_refused(in_shop):
    kept = Prepared(select(Product.title).where(Product.tenant_id == isolation.tenant_id()))

    with pytest.raises(CrossTenant):
        kept.rows()


def test_a_second_tenant_in_one_transaction_is_refused(in_shop, other_shop):
    titles("vase")

    with isolation.entered(other_shop.id), pytest.raises(CrossTenant):
        titles("vase")


def test_an_insert_is_given_its_tenant_and_never_stands_alone(app, shop, other_shop):
    line = insert(db.Counter).values(name=bindparam("name"), value=bindparam("value"))
    raised = line.on_conflict_do_update(
        index_elements=[db.Counter.tenant_id, db.Counter.name], set_={"value": db.Counter.value + line.excluded.value}
    )
    count = Prepared(raised.returning(db.Counter.tenant_id, db.Counter.value))

    for place, value in ((shop, 2), (other_shop, 2), (shop, 4)):
        with app.app_context(), db.unit_of_work(place.id):
            leave = frames.enter(place.id, lambda: 1)
            assert tuple(count.rows(name="prepared", value=2)[0]) == (place.id, value)
            leave()


def test_a_new_transaction_has_a_new_connection(app, shop, other_shop):
    """What is remembered of the session's connection ends with the transaction, and so does its tenant."""
    with app.app_context():
        for place, title in ((shop, "Mine"), (other_shop, "Theirs")):
            with db.unit_of_work(place.id):
                a_product(title=title, handle="vase")
        for place, title in ((shop, "Mine"), (other_shop, "Theirs"), (shop, "Mine")):
            for end in (db.session.commit, db.session.rollback, db.session.close):
                with isolation.entered(place.id):
                    assert titles("vase") == titles("vase") == [title]
                    end()


def test_outside_every_tenant_nothing_is_sent(app):
    with app.app_context(), pytest.raises(isolation.NoTenant):
        titles("vase")


def test_words_that_never_change_stand_in_the_text_whatever_they_hold(in_shop):
    odd = "50% o'clock %(handle)s \\"
    a_product(title=odd, handle="vase")

    found = Prepared(select(Product.title).where(Product.title == odd, Product.handle == bindparam("handle")))

    assert [row.title for row in found.rows(handle="vase")] == [odd]
