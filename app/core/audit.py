"""Who did what, when, and what it was before: one entry for each change that somebody may ask about later.

Services say what was done (`record`); what it changed, before and after, is gathered from the session by
core/audit_changes.py, so that no service can forget it; core/audit_chain.py makes tampering show.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, db
from app.core.access import Actor
from app.core.db import TenantModel

REASON = "X-Reason"
_LONGEST_REASON = 500


@dataclass(frozen=True)
class Cause:
    """Why background work is done: the job, and the request that asked for it."""

    job: str = ""
    request_id: str = ""


_NONE = Cause()
_cause: ContextVar[Cause] = ContextVar("cause", default=_NONE)


class AuditEntry(TenantModel):
    """One change. The actor's name is kept as it was, since people leave and rename themselves.

    `changes` is a list of {"table", "id", "fields": {name: [before, after]}}; `mac` is the installation's own mark on
    all of it. By `lane` and `turn` (core/audit_lanes.py) it is counted; entries of older releases have none.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_recent", "tenant_id", "at", "id"),
        Index("ix_audit_entry_object", "tenant_id", "object_type", "object_id", "at", "id"),
        Index("ix_audit_entry_actor", "tenant_id", "actor_id", "at", "id"),
        Index("ix_audit_entry_action", "tenant_id", "action", "at", "id"),
        Index("ix_audit_entry_at", "at"),
    )
    is_audited = False

    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    object_type: Mapped[str] = mapped_column(default="")
    object_id: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    request_id: Mapped[str] = mapped_column(default="")
    mac: Mapped[str] = mapped_column(default="")
    lane: Mapped[int | None]
    turn: Mapped[int | None]


def record(actor: Actor, action: str, subject: Any, **details: Any) -> AuditEntry:
    """Write down what an actor did, in the transaction of the change itself: both happen or neither.

    `action` is "<thing>.<done>" ("order.cancelled"); `subject` is a row or an id; `details` holds plain values, never
    a password, a key or a card. A `reason` among them, or the one that the request gives, stands by itself.
    """
    entry = AuditEntry(**words_of(actor, action, subject, details))
    db.add(entry)
    return entry


def words_of(actor: Actor, action: str, subject: Any, details: dict[str, Any]) -> dict[str, Any]:
    """The columns of an entry, of a tenant's trail or the platform's (core/audit_platform.py)."""
    is_row = hasattr(subject, "__tablename__")
    reason = str(details.pop("reason", "") or reason_given())
    return {
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "action": action,
        "object_type": subject.__tablename__ if is_row else action.partition(".")[0],
        "object_id": str(getattr(subject, "id", None) or getattr(subject, "tenant_id", "")) if is_row else str(subject),
        "details": {name: plain(value) for name, value in details.items()},
        "reason": reason[:_LONGEST_REASON],
        "request_id": request_id(),
    }


def request_id() -> str:
    """Of the request that is being answered, or of the one that asked for this job; empty in a command."""
    return str(g.get("request_id", "")) if has_request_context() else _cause.get().request_id


def cause() -> Cause:
    """Of background work."""
    return _cause.get()


@contextmanager
def caused_by(job: str, request_id: str = "") -> Iterator[None]:
    """Everything inside is done by this job, which that request asked for."""
    token = _cause.set(Cause(job, request_id))
    try:
        yield
    finally:
        _cause.reset(token)


def reason_given() -> str:
    """What the request gives as its reason: the header X-Reason, or the field `reason` of a form.

    Else why its actor is here at all, which holds for the operator on a visit.
    """
    if not has_request_context():
        return ""
    given = request.headers.get(REASON, "").strip() or request.form.get("reason", "").strip()
    return given or str(g.get("standing_reason", ""))


def plain(value: Any) -> Any:
    """What JSON holds without loss; everything else as its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
