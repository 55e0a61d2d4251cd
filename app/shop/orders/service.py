"""Everything that changes orders."""

from uuid import UUID

from app.shop.orders.models import Order
from app.shop.orders.schemas import NewOrder


def place(new: NewOrder) -> Order:
    """Turn a cart into an order, once: a second call with the same cart returns the first order.

    Takes the stock, gives the number and publishes OrderReceived. The order is pending until
    `record_payment` or `mark_awaiting_payment`. Raises OutOfStock (catalog) and TotalsDoNotAddUp.
    """
    raise NotImplementedError


def record_payment(order_id: UUID, payment_id: UUID, amount: int, currency: str) -> Order:
    """Count captured money (minor units) into an order, once per payment."""
    raise NotImplementedError


def mark_awaiting_payment(order_id: UUID) -> Order:
    """Confirm an order whose money comes later, as by bank transfer; publishes OrderPlaced once."""
    raise NotImplementedError


def payment_failed(order_id: UUID, reason: str = "") -> Order:
    """Note that one attempt failed. The order stays pending and keeps its stock for another attempt."""
    raise NotImplementedError


def give_up(order_id: UUID, reason: str = "No payment arrived in time.") -> Order:
    """Cancel a pending order that will not be paid and put its stock back, once."""
    raise NotImplementedError
