"""A shop's rule lets the beginning of its audit trail go. What is left proves itself by the anchor.

Only what is whole is deleted: a link that was tampered with stays where it is, with all that follows, so that nobody
can have the evidence tidied away by giving it an old date. The operator's role deletes, in a job; the application's
cannot.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import audit_chain, clock, db, isolation
from app.core.audit import AuditEntry
from app.core.audit_anchor import AuditAnchor, AuditKeeping, mark_of_anchor
from app.core.audit_chain import AuditSeal

log = logging.getLogger("app.audit")
AT_ONCE = 2_000


def tenants_with_a_rule() -> list[uuid.UUID]:
    """Whose trail ends at all. Asks as the operator."""
    with db.db.engines["operator"].connect() as connection:
        return list(connection.scalars(select(AuditKeeping.tenant_id)))


def cut(tenant: uuid.UUID, at_once: int = AT_ONCE) -> int:
    """Delete the oldest entries that the shop's rule lets go, in a transaction of their own; returns how many."""
    with isolation.entered(tenant), Session(db.db.engines["operator"]) as current, current.begin():
        rule = current.scalars(select(AuditKeeping)).first()
        if rule is None:
            return 0
        audit_chain.hold(current)
        anchor = current.scalars(select(AuditAnchor)).first()
        if not rule.counts or (anchor and not anchor.is_ours):
            log.error("the audit trail of tenant %s is not cut: its rule or its anchor was tampered with", tenant)
            return 0
        until = months_before(clock.now(), rule.months)
        stretch = _oldest(current, anchor, until, at_once)
        if stretch:
            _remove(current, stretch, anchor, until)
        return len(stretch)


def months_before(now: datetime, months: int) -> datetime:
    """The start of the same day so many months earlier (the 28th for later days)."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(
        year=year, month=month + 1, day=min(now.day, 28), hour=0, minute=0, second=0, microsecond=0
    )  # fmt: skip


def _oldest(
    current: Session, anchor: AuditAnchor | None, until: datetime, at_once: int
) -> list[tuple[AuditSeal, AuditEntry]]:
    """The whole links at the beginning that are older than a moment."""
    number, before = (anchor.number, anchor.hash) if anchor else (0, audit_chain.BEGINNING)
    began_at = anchor.began_at if anchor else None
    stretch: list[tuple[AuditSeal, AuditEntry]] = []
    for seal, entry in audit_chain.pairs(current, number):
        number, began_at = number + 1, began_at or seal.sealed_at
        if not audit_chain.is_whole((seal, entry), number, before, began_at):
            log.error("the audit trail of tenant %s is not cut at seal %s: it is not whole", seal.tenant_id, number)
            break
        if entry is None or entry.at >= until or len(stretch) == at_once:
            break
        stretch.append((seal, entry))
        before = seal.hash
    return stretch


def _remove(
    current: Session, stretch: list[tuple[AuditSeal, AuditEntry]], anchor: AuditAnchor | None, until: datetime
) -> None:
    """Write the anchor, delete what it stands for, and say so in the trail."""
    first, last = stretch[0][0], stretch[-1][0]
    if anchor is None:
        anchor = AuditAnchor(tenant_id=first.tenant_id, gone={}, began_at=first.sealed_at)
        current.add(anchor)
    gone = Counter(anchor.gone) + Counter(str(entry.lane) for _, entry in stretch if entry.lane is not None)
    anchor.number, anchor.hash, anchor.gone, anchor.until = last.number, last.hash, dict(gone), until
    anchor.mark = mark_of_anchor(anchor)
    going = select(AuditSeal.entry_id).where(AuditSeal.number <= last.number)
    current.execute(
        delete(AuditEntry).where(AuditEntry.id.in_(going)), execution_options={"synchronize_session": False}
    )
    current.execute(
        delete(AuditSeal).where(AuditSeal.number <= last.number), execution_options={"synchronize_session": False}
    )
    told = {"entries": len(stretch), "until": until.date().isoformat(), "seal": last.number}
    current.add(AuditEntry(actor_kind="system", actor_id=None, action="audit.shortened", object_type="audit",
                           object_id=str(first.tenant_id), details=told))  # fmt: skip
