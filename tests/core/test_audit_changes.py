"""Every change by staff, programs, jobs or the operator is told with before and after, whatever the service says."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from app.core import access, audit, db, ids
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.platform.developers.models import ApiKey
from app.platform.staff.queries import staff_by_email
from app.shop.catalog.models import Product, Variant
from app.shop.catalog.schemas import NewProduct, VariantIn
from app.shop.catalog.service import update_product
from app.shop.customers.models import Customer
from tests.factories.catalog import a_product

STAFF = Actor("staff", ids.new_id(), "Olive", frozenset({"products.write"}))


@pytest.fixture
def acting(monkeypatch):
    """Somebody acts: `acting(actor)`."""
    return lambda actor: monkeypatch.setattr(access, "current_actor", lambda: actor)


def told(thing: object) -> list[AuditEntry]:
    """The entries about a row, the newest last."""
    wanted = select(AuditEntry).where(AuditEntry.object_id == str(thing.id)).order_by(AuditEntry.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def test_a_service_says_what_was_done_and_the_session_what_it_was_before(in_shop, acting):
    product = a_product(title="Before", handle="vase")
    db.session.commit()
    acting(STAFF)

    update_product(product.id, NewProduct(title="After", variants=[VariantIn(price=100)]), by=STAFF)
    db.session.commit()

    entry = told(product)[-1]
    assert (entry.action, entry.actor_name) == ("product.updated", "Olive")
    fields = {change["table"]: change["fields"] for change in entry.changes}
    assert fields["product"]["title"] == ["Before", "After"]


def test_what_no_service_speaks_of_gets_an_entry_of_its_own(in_shop, acting):
    product = a_product(title="Before")
    db.session.commit()
    acting(STAFF)

    db.session.get(Product, (product.tenant_id, product.id)).title = "After"
    db.session.commit()

    entry = told(product)[-1]
    assert (entry.action, entry.actor_id) == ("product.changed", STAFF.id)


def test_without_the_listener_the_same_change_goes_untold(in_shop, acting, monkeypatch):
    """The negative control."""
    product = a_product(title="Before")
    db.session.commit()
    acting(STAFF)
    monkeypatch.setattr("app.core.audit_changes._is_followed", lambda: False)
    before = len(told(product))

    db.session.get(Product, (product.tenant_id, product.id)).title = "After"
    db.session.commit()

    assert len(told(product)) == before


@pytest.mark.parametrize("kind", ["client", "operator", "system", "plugin"])
def test_programs_the_operator_and_jobs_are_followed_and_shoppers_are_not(in_shop, acting, kind):
    product = a_product(title="Before")
    db.session.commit()
    here = len(told(product))

    for actor, title in ((Actor("customer", ids.new_id()), "Shopper"), (Actor(kind, ids.new_id(), "It"), "After")):
        acting(actor)
        db.session.get(Product, (product.tenant_id, product.id)).title = title
        db.session.commit()

    (entry,) = told(product)[here:]
    assert entry.actor_kind == kind
    assert entry.changes[0]["fields"]["title"][1] == "After"


def test_statements_that_change_rows_are_read_before_and_after(in_shop, acting):
    product = a_product()
    db.session.commit()
    acting(STAFF)
    variant = db.session.scalars(select(Variant).where(Variant.product_id == product.id)).first()
    db.session.execute(update(Variant).where(Variant.id == variant.id).values(on_hand=77))
    db.session.commit()
    db.session.execute(delete(Product).where(Product.id == product.id))
    db.session.commit()

    changed, gone = told(variant)[-1], told(product)[-1]
    assert changed.changes[0]["fields"]["on_hand"][1] == 77
    assert gone.changes[0]["fields"]["title"] == [product.title, None]


def test_what_was_rolled_back_to_a_savepoint_is_not_told(in_shop, acting):
    product = a_product(title="Before")
    db.session.commit()
    acting(STAFF)
    here = len(told(product))

    nested = db.session.begin_nested()
    db.session.get(Product, (product.tenant_id, product.id)).title = "After"
    db.session.flush()
    nested.rollback()
    db.session.commit()

    assert len(told(product)) == here


def test_secrets_are_never_told(in_shop, acting):
    acting(STAFF)
    owner = staff_by_email(in_shop.owner_email)
    key = db.add(ApiKey(name="Stock sync", prefix="key_ab", key_hash=b"x" * 32, scopes=[], made_by=owner.id))
    db.session.commit()

    assert "•••" in str(told(key)[-1].changes)
    assert "xxx" not in str(told(key)[-1].changes)


def test_an_entry_names_the_job_and_the_request_that_asked_for_it(in_shop):
    product = a_product(title="Before")
    db.session.commit()

    with audit.caused_by("a.job", "req_1"):
        db.session.get(Product, (product.tenant_id, product.id)).title = "After"
        db.session.commit()

    entry = told(product)[-1]
    assert (entry.actor_kind, entry.actor_name, entry.request_id) == ("system", "a.job", "req_1")


def test_a_shopper_who_is_erased_stays_in_no_entry(in_shop, acting):
    acting(STAFF)
    customer = db.add(Customer(email="ann@example.com", name="Ann Archer"))
    db.session.commit()
    customer.name = "Ann Baker"
    db.session.commit()

    kept = str([entry.changes for entry in told(customer)])
    assert "name" in kept
    assert "Ann" not in kept
    assert "ann@" not in kept
