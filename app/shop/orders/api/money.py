"""What programs do with an order's money, through the services of the back office."""

from __future__ import annotations

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public
from app.core.rest import accepts, returns
from app.shop.orders import service
from app.shop.orders.api.entrance import door, number_of, shown
from app.shop.orders.errors import AlreadyPaid, NothingToRefund, PaymentElsewhere, RefundTooLarge
from app.shop.orders.programs import OrderOut
from app.shop.orders.schemas import RefundWritten
from app.shop.payments.errors import HeldInOtherCurrency, NotAwaitingMoney, NotHeld, RefundKeyReused


@door.post("/orders/<order_id>/refunds")
@requires("orders.refund")
@returns(OrderOut, errors=(NotFound, NothingToRefund, PaymentElsewhere, RefundTooLarge, RefundKeyReused), status=202)
@accepts(RefundWritten)
def refund_order(body: RefundWritten, order_id: str) -> OrderOut:
    """Send captured money back through its gateway, once for each `key`. It counts when the gateway has said so."""
    service.refund(number_of(order_id), body.amount, key=body.key, by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/paid")
@requires("orders.pay")
@returns(OrderOut, errors=(NotFound, AlreadyPaid, NotAwaitingMoney))
def mark_paid(order_id: str) -> OrderOut:
    """Note that the money arrived outside of a gateway, as on a bank statement."""
    service.mark_paid(number_of(order_id), by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/payments/<payment_id>/accept")
@requires("orders.pay")
@returns(OrderOut, errors=(NotFound, NotHeld, HeldInOtherCurrency))
def accept_payment(order_id: str, payment_id: str) -> OrderOut:
    """Take a held payment as it came, and go on with the order."""
    service.accept_held(number_of(order_id), from_public("pay", payment_id), by=current_actor())
    return shown(order_id)


@door.post("/orders/<order_id>/payments/<payment_id>/return")
@requires("orders.refund")
@returns(OrderOut, errors=(NotFound, NotHeld))
def return_payment(order_id: str, payment_id: str) -> OrderOut:
    """Send the money of a held payment back; the buyer may pay again."""
    service.return_held(number_of(order_id), from_public("pay", payment_id), by=current_actor())
    return shown(order_id)
