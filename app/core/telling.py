"""Words by which the processes of an installation tell one another to forget something.

A room that remembers rows of a tenant beyond a request registers a word here and says it, with `tell`, in the
transaction that changes them. Every process hears it at the commit (core/listening.py), this one before its answer
leaves. While a process does not hear, nothing may be believed (`frames.are_believed`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from sqlalchemy import event, text
from sqlalchemy.orm import Session, SessionTransaction

from app.core import db, isolation
from app.core.shown import CHANNEL

Forget = Callable[[uuid.UUID | None], None]
_forgetting: dict[str, Forget] = {}
_TOLD = "words told"
_TELL = text("select pg_notify(:channel, :words)")


def hears(word: str, forget: Forget) -> None:
    """Register what is done when a word is said of a tenant, or of all of them (None). A word has no spaces."""
    _forgetting[word] = forget


def tell(word: str) -> None:
    """Say a word of the tenant that is entered, or outside of one of everybody; heard when this transaction commits."""
    tenant = isolation.tenant_or_none()
    whose = tenant or isolation.NOBODY
    engine = db.db.engines[None if tenant else "catalogue"]
    db.session.execute(_TELL, {"channel": CHANNEL, "words": f"{whose} {word}"}, bind_arguments={"bind": engine})
    db.session.info.setdefault(_TOLD, []).append((word, tenant))


def is_about_to(word: str) -> bool:
    """Has this transaction said a word that the others hear when it commits? Then it must not believe what is kept."""
    return db.session.registry.has() and any(said == word for said, _ in db.session.info.get(_TOLD, ()))


def hear(word: str, tenant: uuid.UUID) -> bool:
    """Forget what a word says. False for a word that nobody registered."""
    forget = _forgetting.get(word)
    if forget is None:
        return False
    forget(None if tenant == isolation.NOBODY else tenant)
    return True


def forget_everything() -> None:
    """For whoever may have missed a word."""
    for forget in _forgetting.values():
        forget(None)


@event.listens_for(Session, "after_commit")
def _hear_at_once(current: Session) -> None:
    if current.in_nested_transaction():
        return
    for word, tenant in current.info.pop(_TOLD, ()):
        _forgetting[word](tenant)


@event.listens_for(Session, "after_transaction_end")
def _forget_marks(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        current.info.pop(_TOLD, None)
