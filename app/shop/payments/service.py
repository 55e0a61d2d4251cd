"""Everything that moves payments.

Functions that talk to a gateway say so; they commit what is known with `db.checkpoint()` first, so that no network call
runs inside a transaction, and they may be called again at any time with the same result.
"""

from __future__ import annotations

import logging
import secrets
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.core import audit, clock, db, isolation, links
from app.core.access import Actor, system_actor
from app.core.events import publish
from app.core.i18n import mark
from app.platform.tenancy import hooks as tenancy_hooks
from app.platform.tenancy.schemas import NewTenant
from app.shop.payments import asking, events, hooks, queries
from app.shop.payments.asking import gateway_of
from app.shop.payments.errors import (
    GatewayUnreachable,
    NotAwaitingMoney,
    PaymentUnderWay,
    RefundAboveCaptured,
    RefundKeyReused,
)
from app.shop.payments.models import (
    CAPTURED,
    EXPIRED,
    FAILED,
    HELD,
    PENDING,
    RETURNED,
    GatewayEvent,
    LedgerEntry,
    Payment,
    PaymentMethod,
    Refund,
)
from app.shop.payments.schemas import NewPayment, Started, WriteMethod

_log = logging.getLogger(__name__)
RETURN_IS_GOOD_FOR = 30 * 24 * 3600


def open_payment(new: NewPayment) -> Payment:
    """Write down that an order is about to be paid, in the caller's transaction and before any gateway knows.

    Called again for the same order and gateway it answers the same payment. Raises GatewayNotOffered and
    PaymentUnderWay.
    """
    queries.offered(new.gateway)
    for payment in queries.lock_payments_of(new.order_id):
        if payment.is_open and payment.gateway == new.gateway and payment.amount == new.amount:
            return payment
        if payment.status not in (FAILED, EXPIRED, RETURNED):
            raise PaymentUnderWay()
    gateway = gateway_of(new.gateway)
    payment = Payment(order_id=new.order_id, gateway=new.gateway, amount=new.amount, currency=new.currency)
    payment.request = {
        "return_url": isolation.tenant_url(new.return_path.format(token=return_token(payment.id))),
        "description": new.description,
        "email": new.email,
    }
    payment.expires_at = clock.now() + gateway.gives_up_after if gateway.gives_up_after else None
    db.add(payment)
    db.flush()
    return payment


def return_token(payment_id: UUID) -> str:
    """Names a payment in the address that its buyer comes back to; nobody can make one up."""
    return links.sign("payment", {"id": str(payment_id)}, RETURN_IS_GOOD_FOR)


def returned_payment(token: str) -> UUID:
    """The payment that a return address names. Raises NotFound when forged or over."""
    return UUID(links.unsign("payment", token)["id"])


def start(payment_id: UUID) -> Started:
    """Tell the gateway about a payment. Talks to the gateway; raises GatewayUnreachable.

    The payment's id is the gateway's idempotency key, so a doubled call starts nothing twice.
    """
    payment = queries.payment_by_id(payment_id)
    if payment.reference is None and payment.is_open:
        code, account = payment.gateway, queries.account_of(payment.gateway)
        wanted = hooks.StartPayment(
            key=str(payment.id), amount=payment.amount, currency=payment.currency, **payment.request
        )
        db.checkpoint()
        started = asking.start(code, account, wanted)
        payment = queries.lock_payment(payment_id)
        if payment.reference is None and payment.is_open:
            payment.reference, payment.redirect_url = started.reference, started.redirect_url or ""
            payment.status = PENDING
            db.flush()
    return Started(payment.id, payment.redirect_url or None if payment.is_open else None)


def settle(payment_id: UUID) -> Payment:
    """Ask the gateway how an undecided payment stands, and act on it. Talks to the gateway.

    A payment whose time is over is closed at the gateway first, so that it cannot be paid behind our back.
    """
    payment = queries.payment_by_id(payment_id)
    if not payment.is_open:
        return payment
    if payment.reference is None:
        start(payment_id)
    is_over = payment.expires_at is not None and payment.expires_at <= clock.now()
    return _decide(payment_id, closing=is_over, because=EXPIRED)


def abandon(payment_id: UUID) -> Payment:
    """Close an undecided payment because its buyer starts anew. Talks to the gateway; money that came is kept.

    A gateway that never answered has sent the buyer nowhere, so nothing can have been paid there: it is not waited for.
    """
    payment = queries.payment_by_id(payment_id)
    if not payment.is_open:
        return payment
    if payment.reference is None and not _is_started(payment_id):
        return payment
    return _decide(payment_id, closing=True, because=FAILED)


def _is_started(payment_id: UUID) -> bool:
    """Start a payment so that it can be closed; one whose gateway does not answer is given up here."""
    try:
        start(payment_id)
    except GatewayUnreachable:
        payment = queries.lock_payment(payment_id)
        if payment.reference is None and payment.is_open:
            _fail(payment, FAILED, mark("The payment service did not answer."))
            db.flush()
            return False
    return True


def _decide(payment_id: UUID, *, closing: bool, because: str) -> Payment:
    payment = queries.payment_by_id(payment_id)
    code, account, reference = payment.gateway, queries.account_of(payment.gateway), payment.reference
    db.checkpoint()
    answer = (asking.cancel if closing else asking.fetch)(code, account, reference)
    payment = queries.lock_payment(payment_id)
    payment.checked_at = clock.now()
    if closing and answer.status is hooks.Status.FAILED and payment.is_open:
        _fail(payment, because, answer.reason or mark("The payment was not finished in time."))
    else:
        _apply(payment, answer)
    db.flush()
    return payment


def receive_callback(code: str, callback: hooks.Callback) -> None:
    """Take a gateway's own message: check its signature, then act on it once per event id.

    Raises GatewayNotOffered for an unknown gateway, CallbackRefused for a wrong signature, GatewayUnreachable for a
    gateway that cannot read. No network call.
    """
    event = asking.verify(code, queries.account_of(code), callback)
    payment = queries.payment_by_reference(code, event.reference)
    if payment is None:
        # Another system's, or one whose name we are about to learn: then the return page or the sweep settles it.
        _log.warning("callback %s of %s names a payment that we do not know", event.event_id, code)
        return
    if _is_first(code, event):
        _apply(queries.lock_payment(payment.id), event.status)
        db.flush()


def _is_first(code: str, event: hooks.CallbackEvent) -> bool:
    """Write the event down; False when the same one came before, even at the same moment."""
    statement = (
        insert(GatewayEvent)
        .values(
            tenant_id=isolation.tenant_id(),
            gateway=code,
            event_id=event.event_id,
            reference=event.reference,
            status=event.status.status.value,
            amount=event.status.amount,
            currency=event.status.currency,
            received_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "gateway", "event_id"])
        .returning(GatewayEvent.id)
    )
    return db.session.execute(statement).scalar() is not None


def _apply(payment: Payment, answer: hooks.PaymentStatus) -> None:
    """The state machine. The payment is locked; a decided payment changes only by money that comes after all."""
    if answer.status is hooks.Status.CAPTURED and payment.status not in (CAPTURED, HELD, RETURNED):
        if (answer.amount, answer.currency) != (payment.amount, payment.currency):
            _hold(payment, answer)
        else:
            _capture(payment)
    elif answer.status is hooks.Status.FAILED and payment.is_open:
        _fail(payment, FAILED, answer.reason or mark("The payment was declined."))


def _capture(payment: Payment) -> None:
    paid_before = [other for other in queries.captured_for(payment.order_id) if other.id != payment.id]
    payment.status, payment.captured, payment.settled_at = CAPTURED, payment.amount, clock.now()
    write_down(payment, "capture", payment.amount, key=f"capture:{payment.id}")
    if paid_before:
        # Two attempts of one order both brought money: the order stands, the second amount goes back.
        audit.record(system_actor(), "payment.doubled", payment, order_id=str(payment.order_id))
        refund(payment.id, payment.amount, f"doubled:{payment.id}", by=system_actor(), reason=mark("Paid twice."))
        return
    publish(events.PaymentCaptured(payment.id, payment.order_id, payment.amount, payment.currency))


def _hold(payment: Payment, answer: hooks.PaymentStatus) -> None:
    """Money came, but not the money that was asked for: nobody delivers before a person has looked."""
    payment.status, payment.reported_amount, payment.reported_currency = HELD, answer.amount, answer.currency
    payment.reason = (
        f"The gateway reports {answer.amount} {answer.currency} instead of {payment.amount} {payment.currency}."
    )
    _log.error("payment %s is held: %s", payment.id, payment.reason)
    audit.record(system_actor(), "payment.held", payment, reported=answer.amount, currency=answer.currency)
    publish(events.PaymentHeld(payment.id, payment.order_id, answer.amount, answer.currency))


def _fail(payment: Payment, status: str, reason: str) -> None:
    payment.status, payment.reason, payment.settled_at = status, reason, clock.now()
    publish(events.PaymentFailed(payment.id, payment.order_id, reason, gave_up=status == EXPIRED))


def mark_received(order_id: UUID, *, by: Actor) -> Payment:
    """Staff saw the money of a payment that is made outside (bank transfer). Raises NotAwaitingMoney."""
    for payment in queries.lock_payments_of(order_id):
        if payment.is_open and gateway_of(payment.gateway).pays_later:
            _capture(payment)
            audit.record(by, "payment.received", payment, amount=payment.amount, currency=payment.currency)
            db.flush()
            return payment
    raise NotAwaitingMoney()


def refund(payment_id: UUID, amount: int, key: str, *, by: Actor, reason: str = "") -> Refund:
    """Promise money back; a job sends it. The same key is the same refund.

    Amount in minor units. Raises NotFound, RefundAboveCaptured, RefundKeyReused.
    """
    payment = queries.lock_payment(payment_id)
    earlier = queries.refund_by_key(key)
    if earlier is not None:
        if (earlier.payment_id, earlier.amount) != (payment_id, amount):
            raise RefundKeyReused()
        return earlier
    if not 0 < amount <= payment.refundable:
        raise RefundAboveCaptured(most=payment.refundable)
    payment.refunded += amount
    refund = db.add(Refund(payment_id=payment.id, key=key, amount=amount, currency=payment.currency, reason=reason))
    refund.requested_by = by.name or by.kind
    db.flush()
    audit.record(by, "payment.refund_requested", payment, amount=amount, refund_id=str(refund.id))
    publish(events.RefundRequested(refund.id))
    return refund


def send_refund(refund_id: UUID) -> Refund:
    """Send a promised refund through its gateway, once. Talks to the gateway; raises GatewayUnreachable."""
    refund = queries.refund_by_id(refund_id)
    payment = queries.payment_by_id(refund.payment_id)
    if refund.status != "requested":
        return refund
    code, account = payment.gateway, queries.account_of(payment.gateway)
    wanted = hooks.RefundRequest(str(refund.id), payment.reference or "", refund.amount, refund.currency)
    db.checkpoint()
    result = asking.refund(code, account, wanted)
    payment = queries.lock_payment(payment.id)
    refund = queries.lock_refund(refund_id)
    if refund.status == "requested":
        _finish_refund(payment, refund, result)
    db.flush()
    return refund


def _finish_refund(payment: Payment, refund: Refund, result: hooks.RefundResult) -> None:
    refund.reference = result.reference
    payment.updated_at = clock.now()
    if result.succeeded:
        refund.status = "succeeded"
        write_down(payment, "refund", -refund.amount, key=f"refund:{refund.id}")
        publish(events.RefundSucceeded(refund.id, payment.id, payment.order_id, refund.amount, refund.currency))
        return
    refund.status, refund.reason = "failed", result.reason
    payment.refunded -= refund.amount
    publish(events.RefundFailed(refund.id, payment.id, payment.order_id, refund.amount, result.reason))


def write_down(payment: Payment, kind: str, amount: int, *, key: str) -> None:
    """Add one movement of money to the ledger, in minor units of the payment's currency."""
    db.add(
        LedgerEntry(
            payment_id=payment.id,
            order_id=payment.order_id,
            kind=kind,
            amount=amount,
            currency=payment.currency,
            key=key,
            happened_at=clock.now(),
        )
    )
    db.flush()


def set_method(
    code: str, *, enabled: bool, by: Actor, title: str | None = None, instructions: str | None = None
) -> PaymentMethod:
    """Offer a gateway to buyers, or stop offering it; payments under way go on. Raises GatewayNotOffered."""
    method = _method(code)
    method.is_enabled = enabled
    method.title = method.title if title is None else title
    method.instructions = method.instructions if instructions is None else instructions
    db.flush()
    audit.record(by, "payment_method.set", method, code=code, enabled=enabled)
    return method


def write_method(code: str, form: WriteMethod, *, by: Actor) -> PaymentMethod:
    """Offer a gateway or stop, and write its settings. Raises GatewayNotOffered for one that is not installed."""
    set_method(code, enabled=form.is_enabled, title=form.title, instructions=form.instructions, by=by)
    return configure_method(code, {each.name: each.value for each in form.settings}, form.secret, by=by)


def configure_method(code: str, settings: dict[str, str], secret: str, *, by: Actor) -> PaymentMethod:
    """Write a gateway's settings. An empty secret keeps the one that is stored; a secret is never read back."""
    method = _method(code)
    known = {setting.name for setting in gateway_of(code).settings}
    method.settings = {name: value for name, value in settings.items() if name in known}
    method.secret = secret or method.secret
    db.flush()
    audit.record(by, "payment_method.configured", method, code=code, new_secret=bool(secret))
    return method


def _method(code: str) -> PaymentMethod:
    """The shop's settings of a gateway; those of one installed since are made with its own defaults."""
    gateway = gateway_of(code)
    method = queries.method_of(code)
    if method is None:
        method = db.add(
            PaymentMethod(
                code=code,
                title=gateway.title,
                is_enabled=False,
                position=len(queries.all_methods()),
                settings={setting.name: setting.default for setting in gateway.settings},
                # Unguessable until staff enter the real one, so that no callback is signed by an empty key.
                secret=secrets.token_urlsafe(32),
            )
        )
        db.flush()
    return method


def open_with_gateways(new: NewTenant) -> None:
    """Give a new shop every installed gateway, switched on where it needs no settings; those that pay at once first."""
    for gateway in sorted(hooks.gateways(), key=lambda each: each.pays_later):
        if queries.method_of(gateway.code) is None:
            _method(gateway.code).is_enabled = gateway.starts_enabled
    db.flush()


tenancy_hooks.on_open.append(open_with_gateways)
