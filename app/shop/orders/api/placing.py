"""Writing orders: what something would cost, and an order for somebody."""

from __future__ import annotations

import msgspec

from app.core import access
from app.core.access import current_actor, requires
from app.core.errors import Forbidden, PlanLimitReached
from app.core.ids import named, to_public
from app.core.rest import accepts, returns
from app.shop.catalog.errors import OutOfStock
from app.shop.customers import queries as customers
from app.shop.orders import service
from app.shop.orders.api.entrance import door, shown
from app.shop.orders.errors import NoDelivery, NoLaterPayment
from app.shop.orders.programs import (
    AddressWritten,
    LineWritten,
    OrderOut,
    OrderWritten,
    QuoteOut,
    QuoteWanted,
    RateQuoteOut,
)
from app.shop.orders.service.writing import Item, Written


@door.post("/orders")
@requires("orders.create")
@returns(OrderOut, errors=(OutOfStock, NoDelivery, NoLaterPayment, PlanLimitReached), status=201)
@accepts(OrderWritten)
def create_order(body: OrderWritten) -> OrderOut:
    """Write an order for somebody: its stock is taken, its taxes are counted, and its buyer gets a confirmation.

    Amounts come from the catalogue and the shop's rates where the body names none. An order that is paid already
    needs the scope `orders.pay` as well.
    """
    if body.payment == "paid" and not access.may("orders.pay"):
        raise Forbidden
    order = service.write(_written(body), by=current_actor())
    return shown(to_public("ord", order.id))


@door.post("/orders/quotes")
@requires("orders.create")
@returns(QuoteOut)
@accepts(QuoteWanted)
def quote_order(body: QuoteWanted) -> QuoteOut:
    """Say what an order would cost and how it could be delivered. Nothing is kept, and no stock is taken."""
    totals, rates = service.quote(_items(body.lines), body.country)
    return QuoteOut(
        totals.currency, totals.subtotal, totals.tax, totals.total, totals.prices_include_tax,
        [RateQuoteOut(to_public("rate", rate.id), rate.name, rate.amount, rate.days) for rate in rates],
    )  # fmt: skip


def _written(body: OrderWritten) -> Written:
    email, customer_id = body.email, None
    if body.customer_id:
        customer_id = named("cus", body.customer_id, "customer_id")
        email = customers.named(customer_id, "customer_id").email
    return Written(
        items=_items(body.lines), email=email, customer_id=customer_id, note=body.note, tags=tuple(body.tags),
        shipping_address=_address(body.shipping_address),
        billing_address=_address(body.billing_address) if body.billing_address else None,
        rate_id=named("rate", body.shipping_rate_id, "shipping_rate_id") if body.shipping_rate_id else None,
        delivery=(body.delivery.name, body.delivery.amount) if body.delivery else None,
        payment_method=body.payment_method, is_paid=body.payment == "paid",
    )  # fmt: skip


def _items(lines: list[LineWritten]) -> tuple[Item, ...]:
    return tuple(
        Item(named("var", line.variant_id, f"lines[{place}].variant_id"), line.quantity, line.unit_price)
        for place, line in enumerate(lines)
    )


def _address(written: AddressWritten) -> dict[str, str]:
    return {name: text.strip() for name, text in msgspec.structs.asdict(written).items()}
