"""Orders for tests, placed through the service and committed like a request would."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import access, db
from app.shop.catalog import service as catalog
from app.shop.catalog.models import Variant
from app.shop.catalog.schemas import NewProduct, VariantIn
from app.shop.orders import queries, service
from app.shop.orders.models import Order
from app.shop.orders.schemas import Fulfil, NewLine, NewOrder
from tests.factories.customers import ADDRESS

SYSTEM = access.system_actor()


def stocked_variant(price: int = 2400, on_hand: int = 10, title: str = "Stoneware mug") -> Variant:
    """A product with one variant on the shelf, inside the entered shop."""
    product = catalog.create_product(
        NewProduct(title=title, status="active", variants=[VariantIn(price=price, sku="MUG-1", on_hand=on_hand)]),
        by=SYSTEM,
    )
    db.flush()
    return db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()


def new_order(variant: Variant, quantity: int = 2, shipping: int = 500, **values: Any) -> NewOrder:
    """What a checkout would hand over for some pieces of one variant."""
    subtotal = variant.price * quantity
    settled = {
        "cart_id": uuid.uuid4(),
        "email": "ines@example.com",
        "lines": (NewLine(variant.id, quantity, variant.price),),
        "shipping_address": ADDRESS,
        "currency": "EUR",
        "subtotal": subtotal,
        "shipping": shipping,
        "tax": 0,
        "total": subtotal + shipping,
        "prices_include_tax": True,
        "payment_gateway": "bank_transfer",
        "payment_title": "Bank transfer",
        "payment_instructions": "IBAN IE12 BOFI 9000 0112 3456 78",
        "shipping_name": "Standard",
        "locale": "en-IE",
    }
    return NewOrder(**settled | values)


@pytest.fixture
def make_order(app: Flask, shop: Any) -> Callable[..., Order]:
    """Make an order in a state: pending, awaiting, paid, shipped, cancelled or given_up."""

    def make(state: str = "paid", at: Any = None, **values: Any) -> Order:
        with app.app_context(), (at or shop).entered():
            stock = {key: values.pop(key) for key in ("price", "on_hand", "title") if key in values}
            order = service.place(new_order(stocked_variant(**stock), **values))
            STATES[state](order)
            db.flush()
            return queries.by_id(order.id)

    return make


def pay(order: Order) -> None:
    """Count a payment of the whole total."""
    service.record_payment(order.id, uuid.uuid4(), order.total, order.currency)


def ship(order: Order) -> None:
    """Pay and send everything."""
    pay(order)
    service.fulfil(order.number, Fulfil(carrier="An Post", tracking_number="RR1"), by=SYSTEM)


STATES: dict[str, Callable[[Order], Any]] = {
    "pending": lambda order: None,
    "awaiting": lambda order: service.mark_awaiting_payment(order.id),
    "paid": pay,
    "shipped": ship,
    "cancelled": lambda order: service.cancel(order.number, reason="changed mind", restock=True, by=SYSTEM),
    "given_up": lambda order: service.give_up(order.id),
}


@pytest.fixture
def stock_of(app: Flask, shop: Any) -> Callable[[Order], int]:
    """How many pieces of an order's first variant are on the shelf now."""

    def count(order: Order) -> int:
        with app.app_context(), shop.entered():
            variant_id = order.lines[0].variant_id
            return db.session.scalars(select(Variant.on_hand).where(Variant.id == variant_id)).one()

    return count
