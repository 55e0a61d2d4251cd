"""Writing orders as a CSV, one line an item, for spreadsheets and bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from app.core import money
from app.shop.catalog.exporting import as_csv
from app.shop.orders import queries
from app.shop.orders.models import Order, OrderLine
from app.shop.orders.schemas import OrderFilter

ORDERS_A_PIECE = 200
COLUMNS = (
    "number", "placed_at", "status", "payment_status", "fulfilment_status", "email", "name", "currency", "subtotal",
    "shipping", "tax", "total", "paid", "refunded", "payment_method", "shipping_method", "tags", "note",
    "line_title", "line_variant", "line_sku", "line_quantity", "line_price",
    "ship_name", "ship_company", "ship_line1", "ship_line2", "ship_postal_code", "ship_city", "ship_region",
    "ship_country", "ship_phone",
)  # fmt: skip
_SHIP = ("name", "company", "line1", "line2", "postal_code", "city", "region", "country", "phone")
_AMOUNTS = ("subtotal", "shipping", "tax", "total", "paid", "refunded")


def pieces(wanted: OrderFilter) -> Iterator[str]:
    """All that a filter finds, newest first, a few hundred orders at a time."""
    yield as_csv([list(COLUMNS)])
    cursor = ""
    while True:
        found = queries.listing(msgspec.structs.replace(wanted, cursor=cursor), ORDERS_A_PIECE)
        yield _written(queries.for_print([order.number for order in found.rows]))
        cursor = found.next
        if not cursor:
            return


def of_numbers(numbers: Sequence[str]) -> Iterator[str]:
    """These orders."""
    yield as_csv([list(COLUMNS)])
    yield _written(queries.for_print(numbers))


def _written(orders: Sequence[Order]) -> str:
    tags = queries.tags_of([order.id for order in orders])
    return as_csv([row for order in orders for row in _rows(order, tags.get(order.id, []))])


def _rows(order: Order, tags: Sequence[str]) -> Iterator[list[str]]:
    """One line an item. Sums stand in the first one only, so that adding up a column is right."""
    whole = _whole(order, tags)
    for place, line in enumerate(order.lines):
        own = whole if place == 0 else {"number": order.number, "placed_at": whole["placed_at"]}
        row = own | _line(line, order.currency)
        yield [str(row.get(name, "")) for name in COLUMNS]


def _whole(order: Order, tags: Sequence[str]) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_at": order.placed_at.isoformat(timespec="seconds"),
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfilment_status": order.fulfilment_status,
        "email": order.email,
        "name": order.customer_name,
        "currency": order.currency,
        "payment_method": order.payment_title,
        "shipping_method": order.shipping_name,
        "tags": ", ".join(tags),
        "note": order.note,
        **{name: money.to_decimal(getattr(order, name), order.currency) for name in _AMOUNTS},
        **{f"ship_{name}": order.shipping_address.get(name, "") for name in _SHIP},
    }


def _line(line: OrderLine, currency: str) -> dict[str, Any]:
    return {
        "line_title": line.product_title,
        "line_variant": line.variant_title,
        "line_sku": line.sku,
        "line_quantity": line.quantity,
        "line_price": money.to_decimal(line.unit_price, currency),
    }
