"""What the customers room may know about orders: the port OrderHistory, filled in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Flask

from app.shop.customers import hooks
from app.shop.orders import queries, service, words
from app.shop.orders.models import Order


def register(app: Flask) -> None:
    """Called once at start."""
    hooks.provide_order_history(Orders())


class Orders:
    """Orders as customers' pages show them."""

    def spending(self, customer_ids: Sequence[UUID]) -> dict[UUID, hooks.Spending]:
        """Spending of each customer that ever ordered; others are absent."""
        return queries.spending(customer_ids)

    def recent(self, customer_id: UUID, limit: int = 20) -> list[hooks.PastOrder]:
        """The customer's newest orders."""
        return [
            hooks.PastOrder(
                number=order.number,
                placed_at=order.placed_at,
                total=order.total,
                currency=order.currency,
                items=order.item_count,
                said=words.for_shopper(order),
            )
            for order in queries.newest(customer_id, size=limit).rows
        ]

    def has_open(self, customer_id: UUID) -> bool:
        """Whether an order of this customer is still to be paid or sent."""
        return queries.has_open(customer_id)

    def told(self, customer_id: UUID) -> list[dict[str, Any]]:
        """All that orders hold of this customer, as plain values, for a copy of their data."""
        return [_told(order) for order in queries.of_whom(customer_id)]

    def adopt(self, customer_id: UUID, guest_id: UUID) -> int:
        """Give a guest's orders to the customer who proved that the address is theirs."""
        return service.adopt(customer_id, guest_id)


def _told(order: Order) -> dict[str, Any]:
    lines = [
        {"title": line.title, "sku": line.sku, "quantity": line.quantity, "unit_price": line.unit_price}
        for line in order.lines
    ]
    plain = {name: getattr(order, name) for name in _TOLD}
    return plain | {"placed_at": order.placed_at.isoformat(), "lines": lines}


_TOLD = (
    "number", "status", "payment_status", "fulfilment_status", "email", "customer_name", "currency", "subtotal",
    "shipping", "tax", "total", "paid", "refunded", "payment_title", "shipping_name", "shipping_address",
    "billing_address", "note",
)  # fmt: skip
