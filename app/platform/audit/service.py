"""How long a shop keeps its audit trail."""

from __future__ import annotations

from app.core import audit, db, isolation
from app.core.access import Actor
from app.core.audit_anchor import AuditKeeping, mark_of_keeping
from app.platform.audit import queries


def keep_for(months: int | None, *, by: Actor) -> int | None:
    """Keep entries for so many months from now on, and for ever with None; a job deletes what is older every night."""
    rule = queries.lock_keeping()
    before = rule.months if rule else None
    if months == before:
        return months
    if months is None:
        db.delete(rule)
    else:
        if rule is None:
            rule = db.add(AuditKeeping(tenant_id=isolation.tenant_id()))
        rule.months = months
        rule.mark = mark_of_keeping(rule)
    audit.record(by, "audit.keeping_changed", isolation.tenant_id(), before=before, after=months)
    db.flush()
    return months
