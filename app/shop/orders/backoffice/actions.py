"""What staff do with one order: send, cancel, note, print."""

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.web import accepts, page, redirect_to
from app.shop.orders import queries, service
from app.shop.orders.backoffice.door import door, show, shown_again
from app.shop.orders.errors import OrderAlreadyShipped, OrderNotOpen
from app.shop.orders.schemas import AddNote, CancelOrder, ConfirmOnly, Fulfil


@door.post("/orders/<number>/fulfilments")
@requires("orders.fulfil")
@accepts(Fulfil, again=show)
def fulfil(form: Fulfil, number: str) -> Response:
    """Send the chosen pieces."""
    order = service.fulfil(number, form, by=current_actor())
    return shown_again(order, f"Order {number} is sent." if order.status == "completed" else "The parcel is noted.")


@door.get("/orders/<number>/cancel")
@requires("orders.cancel")
def ask_to_cancel(number: str) -> Response:
    """Say what cancelling does before it is done."""
    order = queries.by_number(number)
    if order.status in {"cancelled", "completed"}:
        raise OrderNotOpen(number=number, status=order.status)
    if not order.can_be_cancelled:
        raise OrderAlreadyShipped(number=number)
    return page("orders/backoffice/cancel.html", order=order)


@door.post("/orders/<number>/cancel")
@requires("orders.cancel")
@accepts(CancelOrder, again=ask_to_cancel)
def cancel(form: CancelOrder, number: str) -> Response:
    """Cancel, and go back to the order."""
    service.cancel(number, reason=form.reason, restock=form.restock, by=current_actor())
    return redirect_to(url_for(".show", number=number), f"Order {number} is cancelled.")


@door.post("/orders/<number>/notes")
@requires("orders.note")
@accepts(AddNote, again=show)
def add_note(form: AddNote, number: str) -> Response:
    """Keep a note that only staff see."""
    service.add_note(number, form.text, by=current_actor())
    return shown_again(queries.by_number(number), "The note is kept.")


@door.post("/orders/<number>/looked-after")
@requires("orders.note")
@accepts(ConfirmOnly, again=show)
def settle_attention(form: ConfirmOnly, number: str) -> Response:
    """Take the warning off: a person has looked."""
    service.settle_attention(number, by=current_actor())
    return shown_again(queries.by_number(number), "The warning is taken off.")


@door.get("/orders/<number>/print")
@requires("orders.read")
def print_slip(number: str) -> Response:
    """A packing slip for the printer."""
    return page("orders/backoffice/print.html", order=queries.by_number(number))
