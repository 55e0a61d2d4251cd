"""Facts of the orders room that others may react to."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class OrderReceived(Fact, name="orders.order_received", version=1, tells=mark("An order was received")):
    """The buyer pressed the button; stock is held and payment is awaited."""

    order_id: UUID
    number: str


@dataclass(frozen=True)
class OrderPlaced(Fact, name="orders.order_placed", version=1, tells=mark("An order was placed")):
    """The order is certain: paid, or payment was promised (bank transfer)."""

    order_id: UUID
    number: str


@dataclass(frozen=True)
class OrderPaid(Fact, name="orders.order_paid", version=1, tells=mark("An order was paid")):
    """The whole total has arrived; `amount` in minor units.

    `was_awaited` tells that the order had been confirmed before, as with a bank transfer.
    """

    order_id: UUID
    number: str
    amount: int
    currency: str
    was_awaited: bool = False


@dataclass(frozen=True)
class OrderShipped(Fact, name="orders.order_shipped", version=1, tells=mark("A parcel was sent")):
    """A parcel left, with all or a part of the order."""

    order_id: UUID
    number: str
    fulfilment_id: UUID


@dataclass(frozen=True)
class OrderCancelled(Fact, name="orders.order_cancelled", version=1, tells=mark("An order was cancelled")):
    """The order will not be delivered; `was_placed` is false for payments that never came."""

    order_id: UUID
    number: str
    reason: str
    was_placed: bool


@dataclass(frozen=True)
class OrderRefunded(Fact, name="orders.order_refunded", version=1, tells=mark("An order was refunded")):
    """Money went back to the buyer; `amount` in minor units."""

    order_id: UUID
    number: str
    refund_id: UUID
    amount: int
    currency: str
