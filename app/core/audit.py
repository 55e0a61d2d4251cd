"""Who did what, and when: one row for each change that somebody may ask about later."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, db
from app.core.access import Actor
from app.core.db import TenantModel


class AuditEntry(TenantModel):
    """One change. The actor's name is kept as it was, since people leave and rename themselves."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_recent", "tenant_id", "at"),
        Index("ix_audit_entry_object", "tenant_id", "object_type", "object_id"),
    )

    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    object_type: Mapped[str] = mapped_column(default="")
    object_id: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(actor: Actor, action: str, subject: Any, **details: Any) -> AuditEntry:
    """Write down what an actor did, in the transaction of the change itself: both happen or neither.

    `action` is "<thing>.<done>" ("order.cancelled"); `subject` is a row or an id; `details` holds plain values, never
    a password, a key or a card.
    """
    is_row = hasattr(subject, "__tablename__")
    entry = AuditEntry(
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        object_type=subject.__tablename__ if is_row else action.partition(".")[0],
        object_id=str(getattr(subject, "id", None) or getattr(subject, "tenant_id", "")) if is_row else str(subject),
        details={name: _plain(value) for name, value in details.items()},
    )
    db.add(entry)
    return entry


def _plain(value: Any) -> Any:
    """What JSON can hold; everything else as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
