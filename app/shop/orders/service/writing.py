"""Orders that somebody writes for a buyer: prices, taxes, delivery and stock as at the checkout, money from outside."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core import audit
from app.core.access import Actor
from app.core.errors import InvalidInput
from app.core.i18n import gettext as _
from app.core.ids import new_id, unknown
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.queries import variants_by_ids
from app.shop.catalog.schemas import SellableVariant
from app.shop.orders.errors import NoDelivery, NoLaterPayment
from app.shop.orders.models import Order
from app.shop.orders.schemas import NewLine, NewOrder
from app.shop.orders.service import keeping
from app.shop.orders.service.payment import mark_awaiting_payment, mark_paid
from app.shop.orders.service.placing import place
from app.shop.payments import queries as payment_queries
from app.shop.payments import service as payments
from app.shop.payments.schemas import NewPayment, OfferedMethod
from app.shop.pricing.queries import taxation_for
from app.shop.pricing.schemas import WHOLE, Basket, Totals, add_up
from app.shop.shipping.queries import rates_for
from app.shop.shipping.schemas import RateQuote

MOST = 10**15
"""Minor units of the dearest order; what adds up many of them must fit a number of the database as well."""


@dataclass(frozen=True)
class Item:
    """So many of a variant; None costs what the catalogue says (minor units)."""

    variant_id: UUID
    quantity: int
    unit_price: int | None = None


@dataclass(frozen=True)
class Written:
    """An order as somebody writes it; either a rate, or a name and an amount, or neither for the cheapest rate."""

    items: tuple[Item, ...]
    email: str
    shipping_address: dict[str, str]
    customer_id: UUID | None = None
    billing_address: dict[str, str] | None = None
    rate_id: UUID | None = None
    delivery: tuple[str, int] | None = None
    payment_method: str = ""
    is_paid: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()


def write(new: Written, *, by: Actor) -> Order:
    """Write an order for a buyer, take its stock and confirm it; the money comes later, or is here.

    Raises InvalidInput, NoDelivery, NoLaterPayment, OutOfStock (catalog) and what `place` raises.
    """
    known = _known(new.items)
    name, amount = new.delivery or _delivery(new, known)
    totals = _totals(new.items, known, new.shipping_address["country"], amount)
    if totals.total > MOST:
        raise InvalidInput({"lines": _("No order can cost so much.")})
    method = _method(new.payment_method) if totals.total else None
    order = place(_order(new, totals, name, method), known, written_by=by)
    audit.record(by, "order.written", order, total=order.total, currency=order.currency)
    if method is not None:
        payments.open_payment(_payment(order, method))
    mark_awaiting_payment(order.id)
    if new.is_paid and totals.total:
        mark_paid(order.number, by=by)
    keeping.set_tags(order.id, new.tags, by=by)
    return order


def quote(items: tuple[Item, ...], country: str) -> tuple[Totals, list[RateQuote]]:
    """What these items cost without delivery, and how they could be delivered. Raises InvalidInput."""
    known = _known(items)
    totals = _totals(items, known, country, 0)
    return totals, rates_for(country, _weight(items, known), totals.subtotal)


def _known(items: tuple[Item, ...]) -> dict[UUID, SellableVariant]:
    known = variants_by_ids([item.variant_id for item in items])
    for place_of, item in enumerate(items):
        if item.variant_id not in known:
            raise unknown(f"lines[{place_of}].variant_id")
    if len({item.variant_id for item in items}) < len(items):
        raise InvalidInput({"lines": _("Name each variant once.")})
    return known


def _totals(items: tuple[Item, ...], known: dict[UUID, SellableVariant], country: str, delivery: int) -> Totals:
    shop = current_shop()
    prices = [known[one.variant_id].price if one.unit_price is None else one.unit_price for one in items]
    triples = [(one.variant_id, one.quantity, price) for one, price in zip(items, prices, strict=True)]
    return add_up(Basket(shop.currency, triples, delivery, shop.prices_include_tax, taxation_for(country)))


def _weight(items: tuple[Item, ...], known: dict[UUID, SellableVariant]) -> int:
    return sum(known[item.variant_id].weight_grams * item.quantity for item in items)


def _delivery(new: Written, known: dict[UUID, SellableVariant]) -> tuple[str, int]:
    country = new.shipping_address["country"]
    goods = _totals(new.items, known, country, 0).subtotal
    rates = rates_for(country, _weight(new.items, known), goods)
    if not rates:
        raise NoDelivery(country=country)
    chosen = next((rate for rate in rates if rate.id == new.rate_id), None if new.rate_id else rates[0])
    if chosen is None:
        raise unknown("shipping_rate_id")
    return chosen.name, chosen.amount


def _method(code: str) -> OfferedMethod:
    later = [one for one in payment_queries.enabled_gateways() if one.pays_later]
    if not later:
        raise NoLaterPayment
    chosen = next((one for one in later if one.code == code), None if code else later[0])
    if chosen is None:
        raise InvalidInput({"payment_method": _("This is no way to pay later that the shop offers.")})
    return chosen


def _order(new: Written, totals: Totals, delivery: str, method: OfferedMethod | None) -> NewOrder:
    return NewOrder(
        cart_id=new_id(), email=new.email, customer_id=new.customer_id,
        lines=tuple(
            NewLine(line.variant_id, line.quantity, line.unit_price, tax_rate=_rate_text(line.tax_rate))
            for line in totals.lines
        ),
        shipping_address=new.shipping_address, billing_address=new.billing_address, currency=totals.currency,
        subtotal=totals.subtotal, shipping=totals.shipping, tax=totals.tax, total=totals.total,
        prices_include_tax=totals.prices_include_tax,
        tax_lines=tuple(
            {"name": tax.name, "rate": _rate_text(tax.rate), "amount": tax.amount} for tax in totals.tax_lines
        ),
        shipping_name=delivery, payment_gateway=method.code if method else "",
        payment_title=method.title if method else "", payment_instructions=method.instructions if method else "",
        note=new.note, locale=current_shop().locale,
    )  # fmt: skip


def _payment(order: Order, method: OfferedMethod) -> NewPayment:
    return NewPayment(
        order_id=order.id, amount=order.total, currency=order.currency, gateway=method.code,
        description=f"{current_shop().name}, order {order.number}", return_path="/checkout/return/{token}",
        email=order.email,
    )  # fmt: skip


def _rate_text(rate: int) -> str:
    """A rate in thousandths of a percent as a decimal fraction: 23000 is "0.23"."""
    return f"{rate / WHOLE:.5f}".rstrip("0").rstrip(".")
