"""What programs do with an order beside fulfilling and cancelling it, through the services of the back office."""

from __future__ import annotations

from app.core import db
from app.core.access import current_actor, requires
from app.core.ids import from_public
from app.core.rest import accepts, returns
from app.shop.orders import queries, service
from app.shop.orders.api import _out, door
from app.shop.orders.errors import AlreadyPaid, NothingToRefund, PaymentElsewhere, RefundTooLarge
from app.shop.orders.schemas import AddNote, OrderOut, RefundWritten


@door.post("/orders/<order_id>/notes")
@requires("orders.note")
@returns(OrderOut, status=201)
@accepts(AddNote)
def add_note(body: AddNote, order_id: str) -> OrderOut:
    """Keep a note on the order's timeline that only staff see."""
    service.add_note(_number(order_id), body.text, by=current_actor())
    return _now(order_id)


@door.post("/orders/<order_id>/refunds")
@requires("orders.refund")
@returns(OrderOut, errors=(NothingToRefund, PaymentElsewhere, RefundTooLarge), status=202)
@accepts(RefundWritten)
def refund_order(body: RefundWritten, order_id: str) -> OrderOut:
    """Send captured money back through its gateway, once for each `key`. It counts when the gateway has said so."""
    service.refund(_number(order_id), body.amount, key=body.key, by=current_actor())
    return _now(order_id)


@door.post("/orders/<order_id>/paid")
@requires("orders.pay")
@returns(OrderOut, errors=(AlreadyPaid,))
def mark_paid(order_id: str) -> OrderOut:
    """Note that the money arrived outside of a gateway, as on a bank statement."""
    service.mark_paid(_number(order_id), by=current_actor())
    return _now(order_id)


def _number(order_id: str) -> str:
    return queries.by_id(from_public("ord", order_id)).number


def _now(order_id: str) -> OrderOut:
    db.flush()
    return _out(queries.by_id(from_public("ord", order_id)))
