"""What programs do with one order beside its money: send, cancel, note, tag, put away."""

from __future__ import annotations

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, new_id, unknown
from app.core.rest import accepts, matches, returns
from app.core.rest_bulk import many
from app.shop.orders import jobs, queries, service
from app.shop.orders.api.entrance import ORDER, door, locked, number_of, shown
from app.shop.orders.errors import (
    NotDoneYet,
    NothingToChange,
    NothingToFulfil,
    OrderAlreadyShipped,
    OrderNotOpen,
    TooManyFulfilled,
)
from app.shop.orders.programs import OrderOut, TagsWritten
from app.shop.orders.schemas import AddNote, CancelIt, Fulfil, FulfilLine, NewFulfilment


@door.post("/orders/<order_id>/cancel")
@requires("orders.cancel")
@returns(OrderOut, errors=(NotFound, OrderAlreadyShipped, OrderNotOpen))
@accepts(CancelIt)
def cancel_order(body: CancelIt, order_id: str) -> OrderOut:
    """Cancel an order that has not left. Money goes back by a refund, which is a step of its own."""
    service.cancel(number_of(order_id), reason=body.reason, restock=body.restock, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/fulfilments")
@requires("orders.fulfil")
@returns(OrderOut, errors=(NotFound, OrderNotOpen, NothingToFulfil, TooManyFulfilled), status=201)
@accepts(NewFulfilment)
def fulfil_order(body: NewFulfilment, order_id: str) -> OrderOut:
    """Note that a parcel left; the buyer gets a mail."""
    number = number_of(order_id)
    there = {line.id for line in shown(order_id).lines} if body.items else set()
    for place, item in enumerate(body.items):
        if item.line_id not in there:
            raise unknown(f"items[{place}].line_id")
    lines = [FulfilLine(from_public("line", item.line_id), item.quantity) for item in body.items]
    parcel = Fulfil(body.carrier, body.tracking_number, body.tracking_url, lines)
    service.fulfil(number, parcel, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/notes")
@requires("orders.note")
@returns(OrderOut, errors=(NotFound,), status=201)
@accepts(AddNote)
def add_note(body: AddNote, order_id: str) -> OrderOut:
    """Keep a note on the order's timeline that only staff see."""
    service.add_note(number_of(order_id), body.text, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/attention/settle")
@requires("orders.note")
@returns(OrderOut, errors=(NotFound,))
def settle_attention(order_id: str) -> OrderOut:
    """Take the warning off an order: somebody has looked after it."""
    service.settle_attention(number_of(order_id), by=current_actor())
    return shown(order_id)


@door.put("/orders/<order_id>/tags")
@requires("orders.organise")
@returns(OrderOut, errors=(NotFound,))
@matches(locked)
@accepts(TagsWritten)
def set_tags(body: TagsWritten, order_id: str) -> OrderOut:
    """Let an order have exactly these tags."""
    service.set_tags(from_public(ORDER, order_id), body.tags, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/archive")
@requires("orders.organise")
@returns(OrderOut, errors=(NotFound, NotDoneYet, NothingToChange))
def archive_order(order_id: str) -> OrderOut:
    """Put a completed or cancelled order away: it leaves the lists, and search still finds it."""
    service.set_archived(number_of(order_id), True, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/unarchive")
@requires("orders.organise")
@returns(OrderOut, errors=(NotFound, NothingToChange))
def unarchive_order(order_id: str) -> OrderOut:
    """Take an order out of the archive again."""
    service.set_archived(number_of(order_id), False, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/status-link")
@requires("orders.note")
@returns(OrderOut, errors=(NotFound,), status=202)
def send_status_link(order_id: str) -> OrderOut:
    """Mail the buyer the link to the page of this order once more."""
    order = queries.by_id(from_public(ORDER, order_id))
    jobs.send_status_link.enqueue(number=order.number, email=order.email, request_id=new_id())
    return shown(order_id)


many(door, "/orders/tags", update=set_tags)
