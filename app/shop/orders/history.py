"""What the customers room may know about orders: the port OrderHistory, filled in."""

from collections.abc import Sequence
from uuid import UUID

from flask import Flask

from app.shop.customers import hooks
from app.shop.orders import queries, service, words


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

    def adopt(self, customer_id: UUID, guest_id: UUID) -> int:
        """Give a guest's orders to the customer who proved that the address is theirs."""
        return service.adopt(customer_id, guest_id)
