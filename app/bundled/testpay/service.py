"""What the pretended bank does. Like any outside system it keeps its own books: each change is committed at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.bundled.testpay import models, queries
from app.bundled.testpay.errors import SessionDecided
from app.bundled.testpay.models import TestpaySession
from app.pluginapi import StartPayment, db

CHOICES = {
    "approve": models.APPROVED,
    "decline": models.DECLINED,
    "challenge": models.CHALLENGED,
    "later": models.LATER,
    "time_out": models.SILENT,
}


def open_session(payment: StartPayment) -> TestpaySession:
    """Open a session, or answer the one that was opened under the same key."""
    statement = insert(TestpaySession).values(
        key=payment.key,
        amount=payment.amount,
        currency=payment.currency,
        description=payment.description,
        return_url=payment.return_url,
    )
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["tenant_id", "key"]))
    db.checkpoint()
    return queries.session_by_key(payment.key)


def choose(session_id: UUID, choice: str) -> TestpaySession:
    """The buyer decides on the bank's page. Raises SessionDecided when that has happened before."""
    session = queries.lock_session(session_id)
    wanted = CHOICES[choice]
    if session.status == wanted:
        return session
    if not session.is_undecided:
        raise SessionDecided()
    session.status = wanted
    db.flush()
    return session


def pay_late(session_id: UUID) -> TestpaySession:
    """The money of "pay later" arrives."""
    session = queries.lock_session(session_id)
    if session.status == models.LATER:
        session.status = models.APPROVED
        db.flush()
    return session


def close_session(session_id: UUID) -> TestpaySession:
    """Close what nobody finished; a decision that was made stands."""
    session = queries.lock_session(session_id)
    if session.status not in {models.APPROVED, models.DECLINED}:
        session.status = models.CLOSED
    db.checkpoint()
    return session


def take_back(session_id: UUID, key: str, amount: int) -> bool:
    """Refund, once a key; False when there is not that much left."""
    session = queries.lock_session(session_id)
    if key in session.refunds:
        return session.refunds[key] == amount
    if session.status != models.APPROVED or session.refunded + amount > session.amount:
        return False
    session.refunded += amount
    session.refunds = {**session.refunds, key: amount}
    db.checkpoint()
    return True
