"""Parcels that leave, and orders that will not."""

from collections.abc import Sequence
from uuid import UUID

from app.core import audit, clock
from app.core.access import Actor
from app.core.events import publish
from app.shop.orders import events, queries
from app.shop.orders.errors import (
    NothingToFulfil,
    OrderAlreadyShipped,
    OrderNotOpen,
    TooManyFulfilled,
)
from app.shop.orders.models import Fulfilment, Order, OrderLine
from app.shop.orders.schemas import Fulfil, FulfilLine
from app.shop.orders.service import notes, stock


def fulfil(number: str, parcel: Fulfil, *, by: Actor) -> Order:
    """Send all or some pieces of an order.

    Raises OrderNotOpen, NothingToFulfil, TooManyFulfilled and NotFound. Mail follows as a reaction
    to OrderShipped.
    """
    order = queries.lock_by_number(number)
    if not order.can_be_fulfilled:
        raise OrderNotOpen(number=number, status=order.status)
    leaving = _leaving(order, parcel.lines)
    for line, quantity in leaving:
        line.fulfilled += quantity
    fulfilment = _parcel(order, parcel, leaving)
    _move(order)
    count = sum(quantity for _, quantity in leaving)
    notes.write(order, "fulfilment", "sent_by" if parcel.carrier else "sent", by, num=count, carrier=parcel.carrier)
    audit.record(by, "order.fulfilled", order, items=count)
    publish(events.OrderShipped(order_id=order.id, number=number, fulfilment_id=fulfilment.id))
    return order


def cancel(number: str, *, reason: str, restock: bool, by: Actor) -> Order:
    """Cancel an order that has not left. Money goes back by `refund`, on purpose a step of its own.

    Raises OrderAlreadyShipped, OrderNotOpen and NotFound.
    """
    order = queries.lock_by_number(number)
    if order.status in {"cancelled", "completed"}:
        raise OrderNotOpen(number=number, status=order.status)
    if not order.can_be_cancelled:
        raise OrderAlreadyShipped(number=number)
    was_placed = order.status == "placed"
    order.status, order.cancelled_at = "cancelled", clock.now()
    order.cancelled_because = reason.strip()
    if restock:
        stock.put_back(order)
    notes.write(order, "cancellation", "cancelled", by, reason=order.cancelled_because)
    audit.record(by, "order.cancelled", order, reason=order.cancelled_because, restock=restock)
    publish(
        events.OrderCancelled(order_id=order.id, number=number, reason=order.cancelled_because, was_placed=was_placed)
    )
    return order


def _leaving(order: Order, wanted: Sequence[FulfilLine]) -> list[tuple[OrderLine, int]]:
    if not wanted:
        return [(line, line.remaining) for line in order.lines if line.remaining]
    asked: dict[UUID, int] = {}
    for one in wanted:
        asked[one.line_id] = asked.get(one.line_id, 0) + one.quantity
    leaving = [(line, asked[line.id]) for line in order.lines if asked.get(line.id)]
    for line, quantity in leaving:
        if quantity > line.remaining:
            raise TooManyFulfilled(left=line.remaining, title=line.title)
    if not leaving:
        raise NothingToFulfil()
    return leaving


def _parcel(order: Order, parcel: Fulfil, leaving: list[tuple[OrderLine, int]]) -> Fulfilment:
    fulfilment = Fulfilment(
        order_id=order.id,
        shipped_at=clock.now(),
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        contents=[{"line_id": str(line.id), "title": line.title, "quantity": quantity} for line, quantity in leaving],
    )
    order.fulfilments.append(fulfilment)
    order.updated_at = clock.now()
    return fulfilment


def _move(order: Order) -> None:
    """Set the states that follow from how much has left."""
    has_all_left = all(line.remaining == 0 for line in order.lines)
    order.fulfilment_status = "fulfilled" if has_all_left else "partly_fulfilled"
    if has_all_left and order.is_settled:
        order.status = "completed"
