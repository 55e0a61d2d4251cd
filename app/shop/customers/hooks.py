"""Ports of the customers room.

Orders stand above customers, so a customer's page learns about purchases through
OrderHistory, which the orders room provides when its card is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Spending:
    """What one customer bought so far: number of orders, minor units, last purchase."""

    orders: int = 0
    total: int = 0
    currency: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True)
class Saying:
    """A state in words, and the colour of its badge: "", success, warning, danger or info."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class PastOrder:
    """One line of a customer's order history; `total` in minor units."""

    number: str
    placed_at: datetime
    total: int
    currency: str
    items: int
    said: Saying


class OrderHistory(Protocol):
    """What customers ask about orders."""

    def spending(self, customer_ids: Sequence[UUID]) -> dict[UUID, Spending]:
        """Spending of each customer that ever ordered; others are absent."""

    def recent(self, customer_id: UUID, limit: int = 20) -> list[PastOrder]:
        """The customer's newest orders."""

    def has_open(self, customer_id: UUID) -> bool:
        """Whether an order of this customer is still to be paid or sent."""

    def told(self, customer_id: UUID) -> list[dict[str, Any]]:
        """All that orders hold of this customer, as plain values, for a copy of their data."""

    def adopt(self, customer_id: UUID, guest_id: UUID) -> int:
        """Give a guest's orders to the customer who proved that the address is theirs; their number."""


class NullOrderHistory:
    """Stands in where no room provides orders."""

    def spending(self, customer_ids: Sequence[UUID]) -> dict[UUID, Spending]:
        """Nobody has bought anything."""
        return {}

    def recent(self, customer_id: UUID, limit: int = 20) -> list[PastOrder]:
        """No orders."""
        return []

    def has_open(self, customer_id: UUID) -> bool:
        """Nothing was ordered."""
        return False

    def told(self, customer_id: UUID) -> list[dict[str, Any]]:
        """Nothing is known."""
        return []

    def adopt(self, customer_id: UUID, guest_id: UUID) -> int:
        """Nothing to adopt."""
        return 0


_provider: OrderHistory = NullOrderHistory()


def provide_order_history(provider: OrderHistory) -> None:
    """Called once, when the orders room's card is loaded."""
    global _provider
    _provider = provider


def order_history() -> OrderHistory:
    """The provider in use."""
    return _provider
