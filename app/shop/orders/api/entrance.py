"""The door of the orders' API, and how it writes an order."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.core.ids import from_public, to_public
from app.core.rest import ApiDoor
from app.shop.orders import queries
from app.shop.orders.models import Fulfilment, Order, OrderLine
from app.shop.orders.programs import (
    AddressOut,
    FulfilmentOut,
    OrderLineOut,
    OrderOut,
    ParcelItemOut,
    tax_line,
)

door = ApiDoor("orders")
ORDER = "ord"


def out(order: Order) -> OrderOut:
    """An order with its lines, parcels and tags, which its query has loaded."""
    plain = {name: getattr(order, name) for name in _SAME}
    return OrderOut(
        id=to_public(ORDER, order.id),
        customer_id=to_public("cus", order.customer_id) if order.customer_id else None,
        payment_method=order.payment_gateway,
        tax_lines=[tax_line(one) for one in order.tax_lines],
        tags=list(order.tags or ()),
        shipping_address=msgspec.convert(order.shipping_address, AddressOut),
        billing_address=msgspec.convert(order.billing_address, AddressOut),
        lines=[_line_out(line) for line in order.lines],
        fulfilments=[_parcel_out(parcel) for parcel in order.fulfilments],
        **plain,
    )


def shown(order_id: str) -> OrderOut:
    """The order as it is now. Raises NotFound."""
    return out(queries.for_program(from_public(ORDER, order_id)))


def locked(order_id: str) -> OrderOut:
    """The same, for changing. Raises NotFound."""
    queries.lock(from_public(ORDER, order_id))
    return shown(order_id)


def number_of(order_id: str) -> str:
    """The number that the services know it by. Raises NotFound."""
    return queries.by_id(from_public(ORDER, order_id)).number


def _line_out(line: OrderLine) -> OrderLineOut:
    return OrderLineOut(
        id=to_public("line", line.id),
        variant_id=to_public("var", line.variant_id),
        product_id=to_public("prod", line.product_id),
        product_title=line.product_title,
        variant_title=line.variant_title,
        sku=line.sku,
        quantity=line.quantity,
        fulfilled=line.fulfilled,
        unit_price=line.unit_price,
        total=line.total,
    )


def _parcel_out(parcel: Fulfilment) -> FulfilmentOut:
    items = [
        ParcelItemOut(to_public("line", msgspec.convert(one["line_id"], UUID)), int(one["quantity"]))
        for one in parcel.contents
        if one.get("line_id")
    ]
    return FulfilmentOut(
        id=to_public("ful", parcel.id), shipped_at=parcel.shipped_at, carrier=parcel.carrier,
        tracking_number=parcel.tracking_number, tracking_url=parcel.tracking_url, items=items,
    )  # fmt: skip


_SAME = (
    "number", "status", "payment_status", "fulfilment_status", "placed_at", "confirmed_at", "cancelled_at",
    "updated_at", "email", "customer_name", "currency", "subtotal", "shipping", "tax", "total", "paid", "refunded",
    "prices_include_tax", "shipping_name", "note", "attention", "is_archived",
)  # fmt: skip
