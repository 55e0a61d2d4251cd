"""What a shop's books say after a race. Each figure is read in a transaction of its own."""

from __future__ import annotations

from sqlalchemy import func, select

from app.bundled.testpay.models import APPROVED, TestpaySession
from app.core import db
from app.core.events import Event
from app.shop.catalog.models import Variant
from app.shop.orders.models import Order
from app.shop.payments.models import LedgerEntry, Payment


def _count(model, *conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def orders() -> int:
    """Orders of any state."""
    return _count(Order)


def paid_orders() -> int:
    """Orders whose whole total has arrived."""
    return _count(Order, Order.payment_status == "paid", Order.paid == Order.total)


def payments() -> int:
    """Attempts to pay."""
    return _count(Payment)


def sessions() -> int:
    """Payments that the bank was told of."""
    return _count(TestpaySession)


def charged() -> int:
    """Payments that the bank has taken money for."""
    return _count(TestpaySession, TestpaySession.status == APPROVED)


def captures() -> int:
    """Rows of the ledger that say money came."""
    return _count(LedgerEntry, LedgerEntry.kind == "capture")


def facts(name: str) -> int:
    """Facts of a name in the event log."""
    return _count(Event, Event.kind == "fact", Event.name == name)


def unrelayed() -> int:
    """Rows of the event log that no job was made of yet."""
    return _count(Event, Event.relayed_at.is_(None))


def on_hand(variant_id) -> int:
    """Pieces on the shelf."""
    return db.session.scalar(select(Variant.on_hand).where(Variant.id == variant_id)) or 0
