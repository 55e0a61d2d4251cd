"""What staff do with one order: send, cancel, note, print."""

from typing import Any

from flask import Response, url_for

from app.core.access import Actor, current_actor, requires
from app.core.i18n import gettext as _
from app.core.web import accepts, page, redirect_to
from app.platform.staff import undo
from app.shop.orders import queries, service
from app.shop.orders.backoffice.door import door, show, shown_again
from app.shop.orders.errors import OrderAlreadyShipped, OrderNotOpen
from app.shop.orders.schemas import AddNote, CancelOrder, ConfirmOnly, Fulfil, TagOrder


@door.post("/orders/<number>/fulfilments")
@requires("orders.fulfil")
@accepts(Fulfil, again=show)
def fulfil(form: Fulfil, number: str) -> Response:
    """Send the chosen pieces."""
    order = service.fulfil(number, form, by=current_actor())
    return shown_again(
        order,
        _("Order %(number)s is sent.", number=number) if order.status == "completed" else _("The parcel is noted."),
    )


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
    return redirect_to(url_for(".show", number=number), _("Order %(number)s is cancelled.", number=number))


@door.post("/orders/<number>/notes")
@requires("orders.note")
@accepts(AddNote, again=show)
def add_note(form: AddNote, number: str) -> Response:
    """Keep a note that only staff see."""
    service.add_note(number, form.text, by=current_actor())
    return shown_again(queries.by_number(number), _("The note is kept."))


@door.post("/orders/<number>/looked-after")
@requires("orders.note")
@accepts(ConfirmOnly, again=show)
def settle_attention(form: ConfirmOnly, number: str) -> Response:
    """Take the warning off: a person has looked."""
    service.settle_attention(number, by=current_actor())
    return shown_again(queries.by_number(number), _("The warning is taken off."))


@door.post("/orders/<number>/archive")
@requires("orders.organise")
@accepts(ConfirmOnly, again=show)
def archive(form: ConfirmOnly, number: str) -> Response:
    """Put a finished order away."""
    order = service.set_archived(number, True, by=current_actor())
    back = undo.remember("orders.archive", {"number": number}, url_for(".show", number=number), by=current_actor())
    return shown_again(order, _("Order %(number)s is archived.", number=number), undo=back)


@undo.can_be_undone("orders.archive", permission="orders.organise")
def take_out_again(details: dict[str, Any], by: Actor) -> str:
    """The way back from the archive."""
    service.set_archived(details["number"], False, by=by)
    return _("Order %(number)s is back in the list.", number=details["number"])


@door.post("/orders/<number>/unarchive")
@requires("orders.organise")
@accepts(ConfirmOnly, again=show)
def unarchive(form: ConfirmOnly, number: str) -> Response:
    """Take it out again."""
    order = service.set_archived(number, False, by=current_actor())
    return shown_again(order, _("Order %(number)s is back in the list.", number=number))


@door.post("/orders/<number>/tags")
@requires("orders.organise")
@accepts(TagOrder, again=show)
def add_tag(form: TagOrder, number: str) -> Response:
    """Put a word on the order."""
    order = service.add_tag(number, form.tag, by=current_actor())
    return shown_again(order, _("The tag is set."))


@door.post("/orders/<number>/tags/remove")
@requires("orders.organise")
@accepts(TagOrder, again=show)
def remove_tag(form: TagOrder, number: str) -> Response:
    """Take a word off the order."""
    order = service.remove_tag(number, form.tag, by=current_actor())
    return shown_again(order, _("The tag is taken off."))


@door.get("/orders/<number>/print")
@requires("orders.read")
def print_slip(number: str) -> Response:
    """A packing slip for the printer: what goes into the parcel, without prices."""
    return page("orders/backoffice/print.html", orders=[queries.by_number(number)], kind="slip")


@door.get("/orders/<number>/invoice")
@requires("orders.read")
def print_invoice(number: str) -> Response:
    """The order with its prices and taxes, on paper."""
    return page("orders/backoffice/print.html", orders=[queries.by_number(number)], kind="invoice")
