"""What staff do with an order's money. Nothing moves before a page has named the amount."""

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.ids import new_id
from app.core.web import accepts, page, redirect_to
from app.shop.orders import queries, service
from app.shop.orders.backoffice.door import door, show, shown_again
from app.shop.orders.errors import NothingToRefund, RefundTooLarge
from app.shop.orders.schemas import ConfirmOnly, RefundAmount, RefundOrder
from app.shop.orders.service.notes import amount_of


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
    say = f"{amount_of(order, form.amount)} is on its way back to the customer."
    return redirect_to(url_for(".show", number=number), say)


@door.post("/orders/<number>/paid")
@requires("orders.pay")
@accepts(ConfirmOnly, again=show)
def mark_paid(form: ConfirmOnly, number: str) -> Response:
    """The transfer is on the bank statement."""
    order = service.mark_paid(number, by=current_actor())
    return shown_again(order, f"Order {number} is paid.")
