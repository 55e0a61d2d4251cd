"""What staff do with an order's money. Nothing moves before a page has named the amount."""

from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.web import accepts, page, redirect_to
from app.shop.orders import queries, service
from app.shop.orders.backoffice.door import door, show, shown_again
from app.shop.orders.errors import NothingToRefund, RefundTooLarge
from app.shop.orders.schemas import ConfirmOnly, RefundAmount, RefundOrder
from app.shop.orders.service.notes import amount_of
from app.shop.payments import queries as payments
from app.shop.payments.errors import NotHeld
from app.shop.payments.models import Payment


@door.get("/orders/<number>/refund")
@requires("orders.refund")
def ask_for_refund(number: str) -> Response:
    """Choose the amount; all that is left is filled in."""
    order = queries.by_number(number)
    if order.refundable <= 0:
        raise NothingToRefund(number=number)
    return page("orders/backoffice/refund.html", order=order)


@door.get("/orders/<number>/refund/confirm")
@requires("orders.refund")
@accepts(RefundAmount, again=ask_for_refund)
def confirm_refund(form: RefundAmount, number: str) -> Response:
    """Name the amount and the way back before anything moves."""
    order = queries.by_number(number)
    if not 0 < form.amount <= order.refundable:
        raise RefundTooLarge(number=number, most=amount_of(order, order.refundable))
    return page("orders/backoffice/refund_confirm.html", order=order, amount=form.amount, key=f"staff-{new_id()}")


@door.post("/orders/<number>/refund")
@requires("orders.refund")
@accepts(RefundOrder, again=ask_for_refund)
def refund(form: RefundOrder, number: str) -> Response:
    """Ask for the money to be sent back."""
    order = service.refund(number, form.amount, key=form.key, by=current_actor())
    say = _("%(amount)s is on its way back to the customer.", amount=amount_of(order, form.amount))
    return redirect_to(url_for(".show", number=number), say)


@door.post("/orders/<number>/paid")
@requires("orders.pay")
@accepts(ConfirmOnly, again=show)
def mark_paid(form: ConfirmOnly, number: str) -> Response:
    """The transfer is on the bank statement."""
    order = service.mark_paid(number, by=current_actor())
    return shown_again(order, _("Order %(number)s is paid.", number=number))


@door.get("/orders/<number>/held/<uuid:payment_id>")
@requires("orders.pay")
def ask_about_held(number: str, payment_id: UUID) -> Response:
    """Name both amounts before the money is taken or sent back."""
    order = queries.by_number(number)
    return page("orders/backoffice/held.html", order=order, payment=_held(order.id, payment_id))


@door.post("/orders/<number>/held/<uuid:payment_id>/accept")
@requires("orders.pay")
@accepts(ConfirmOnly, again=ask_about_held)
def accept_held(form: ConfirmOnly, number: str, payment_id: UUID) -> Response:
    """Take the amount that came, and go on with the order."""
    service.accept_held(number, payment_id, by=current_actor())
    return redirect_to(url_for(".show", number=number), _("The payment is accepted."))


@door.post("/orders/<number>/held/<uuid:payment_id>/return")
@requires("orders.refund")
@accepts(ConfirmOnly, again=ask_about_held)
def return_held(form: ConfirmOnly, number: str, payment_id: UUID) -> Response:
    """Send the amount that came back."""
    service.return_held(number, payment_id, by=current_actor())
    return redirect_to(url_for(".show", number=number), _("The money is on its way back."))


@door.get("/orders/of-payment/<uuid:payment_id>")
@requires("orders.read")
def of_payment(payment_id: UUID) -> Response:
    """From a payment to its order."""
    order = queries.by_id(payments.payment_by_id(payment_id).order_id)
    return redirect_to(url_for(".show", number=order.number))


def _held(order_id: UUID, payment_id: UUID) -> Payment:
    payment = next((one for one in payments.held_payments_of(order_id) if one.id == payment_id), None)
    if payment is None:
        raise NotHeld()
    return payment
