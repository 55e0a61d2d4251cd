"""Reading payments, methods and the ledger. What will be changed is read with a lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app.core import db, isolation, keyset
from app.core.errors import NotFound
from app.core.once import read_once
from app.platform.plugins import standing
from app.shop.payments import hooks
from app.shop.payments.errors import GatewayNotOffered
from app.shop.payments.models import CAPTURED, HELD, OPEN_STATUSES, LedgerEntry, Payment, PaymentMethod, Refund
from app.shop.payments.programs import ListPayments
from app.shop.payments.schemas import OfferedMethod


def enabled_gateways() -> list[OfferedMethod]:
    """Every way to pay that the shop offers and whose plugin is on, in the shop's order."""
    return [
        OfferedMethod(method.code, method.title or gateway.title, method.instructions, gateway.pays_later)
        for method in all_methods()
        if method.is_enabled
        and (gateway := hooks.gateway(method.code))
        and standing.is_on(hooks.plugin_of(method.code))
    ]


def offered(code: str) -> OfferedMethod:
    """One way to pay. Raises GatewayNotOffered."""
    method = next((each for each in enabled_gateways() if each.code == code), None)
    if method is None:
        raise GatewayNotOffered()
    return method


def all_methods() -> list[PaymentMethod]:
    """The shop's settings of every gateway, in its order."""
    wanted = select(PaymentMethod).order_by(PaymentMethod.position, PaymentMethod.code)
    return list(read_once(PaymentMethod, lambda: db.session.scalars(wanted).all()))


def method_of(code: str) -> PaymentMethod | None:
    """The shop's settings of one gateway."""
    return next((method for method in all_methods() if method.code == code), None)


def lock_method(code: str) -> PaymentMethod | None:
    """The same, to be changed."""
    statement = select(PaymentMethod).where(PaymentMethod.code == code).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def account_of(code: str) -> hooks.Account:
    """The shop's account at a gateway, whether or not it is offered to new buyers."""
    method = method_of(code)
    return hooks.Account(dict(method.settings), method.secret) if method else hooks.Account()


def payment_by_id(payment_id: UUID) -> Payment:
    """One payment. Raises NotFound."""
    payment = db.session.get(Payment, (isolation.tenant_id(), payment_id))
    if payment is None:
        raise NotFound()
    return payment


def lock_payment(payment_id: UUID) -> Payment:
    """One payment and its siblings of the same order, locked in the order of their ids. Raises NotFound."""
    siblings = lock_payments_of(payment_by_id(payment_id).order_id)
    return next(payment for payment in siblings if payment.id == payment_id)


def lock_payments_of(order_id: UUID) -> list[Payment]:
    """Every attempt to pay an order, oldest first, as the database has it now."""
    statement = select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def payments_of(order_id: UUID) -> list[Payment]:
    """Every attempt to pay an order, oldest first."""
    return list(db.session.scalars(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)))


def payments_page(asked: ListPayments, order_id: UUID | None) -> keyset.Slice[Payment]:
    """One page of payments by when they were begun or last changed; `order_id` is what `asked` names."""
    statement = keyset.within(select(Payment), asked, Payment.created_at, Payment.updated_at)
    if order_id is not None:
        statement = statement.where(Payment.order_id == order_id)
    if asked.status:
        statement = statement.where(Payment.status == asked.status)
    order = keyset.Order(getattr(Payment, asked.sort.lstrip("-")), Payment.id, asked.sort[0] == "-")
    return keyset.fetch(db.session, statement, order, asked.cursor or "", asked.limit)


def payments_of_orders(order_ids: Sequence[UUID]) -> Sequence[Payment]:
    """The payments of several orders, oldest first."""
    return db.session.scalars(select(Payment).where(Payment.order_id.in_(order_ids)).order_by(Payment.id)).all()


def refunds_of(payment_ids: Sequence[UUID]) -> dict[UUID, list[Refund]]:
    """Refunds by payment, oldest first."""
    found: dict[UUID, list[Refund]] = {}
    wanted = select(Refund).where(Refund.payment_id.in_(payment_ids)).order_by(Refund.id)
    for refund in db.session.scalars(wanted) if payment_ids else ():
        found.setdefault(refund.payment_id, []).append(refund)
    return found


def open_payment_of(order_id: UUID) -> Payment | None:
    """The payment that its gateway has yet to decide."""
    return next((payment for payment in payments_of(order_id) if payment.is_open), None)


def captured_for(order_id: UUID) -> list[Payment]:
    """What has been paid for an order, newest last."""
    return [payment for payment in payments_of(order_id) if payment.status == CAPTURED]


def payment_by_reference(gateway: str, reference: str) -> Payment | None:
    """The payment that a gateway calls by this name."""
    return db.session.scalar(select(Payment).where(Payment.gateway == gateway, Payment.reference == reference))


def due_for_settlement(asked_before: datetime, now: datetime, limit: int = 200) -> list[UUID]:
    """Undecided payments that were not asked about lately, or whose time is over. Those that wait for ever are not."""
    statement = (
        select(Payment.id)
        .where(
            Payment.status.in_(OPEN_STATUSES),
            Payment.expires_at.is_not(None),
            or_(func.coalesce(Payment.checked_at, Payment.created_at) < asked_before, Payment.expires_at <= now),
        )
        .order_by(Payment.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def held_payments() -> list[Payment]:
    """Payments whose amount did not fit: a person must look at them. Newest first."""
    return list(db.session.scalars(select(Payment).where(Payment.status == HELD).order_by(Payment.id.desc()).limit(50)))


def held_payments_of(order_id: UUID) -> list[Payment]:
    """Payments of one order that staff must decide about."""
    statement = select(Payment).where(Payment.order_id == order_id, Payment.status == HELD)
    return list(db.session.scalars(statement.order_by(Payment.id)))


def refund_by_key(key: str) -> Refund | None:
    """The refund that was requested under this key."""
    return db.session.scalar(select(Refund).where(Refund.key == key))


def refund_by_id(refund_id: UUID) -> Refund:
    """One refund. Raises NotFound."""
    refund = db.session.get(Refund, (isolation.tenant_id(), refund_id))
    if refund is None:
        raise NotFound()
    return refund


def lock_refund(refund_id: UUID) -> Refund:
    """One refund, as the database has it now. Raises NotFound."""
    statement = select(Refund).where(Refund.id == refund_id)
    refund = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if refund is None:
        raise NotFound()
    return refund


def ledger_of(order_id: UUID) -> list[LedgerEntry]:
    """Every movement of money for an order, oldest first."""
    return list(
        db.session.scalars(select(LedgerEntry).where(LedgerEntry.order_id == order_id).order_by(LedgerEntry.id))
    )


def balance_of(order_id: UUID) -> int:
    """What the shop holds for an order now, in minor units."""
    return sum(entry.amount for entry in ledger_of(order_id))
