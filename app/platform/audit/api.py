"""The audit trail for programs."""

from __future__ import annotations

from typing import Any

from app.core.access import current_actor, requires
from app.core.audit import AuditEntry
from app.core.ids import to_public
from app.core.rest import ApiDoor, Page, accepts, matches, page_of, returns
from app.platform.audit import queries, service
from app.platform.audit.schemas import AuditOut, AuditQuery, ChangeOut, FieldOut, KeepForm
from app.platform.tenancy import queries as tenancy

door = ApiDoor("audit")
ENTRY = "aud"


@door.get("/audit")
@requires("audit.read")
@returns(Page[AuditOut])
@accepts(AuditQuery)
def list_entries(query: AuditQuery) -> Page[AuditOut]:
    """List who changed what, newest first or as `sort` says.

    Filters by actor_kind, action, object_type, object_id (an id as it stands in other answers), request_id,
    created_from and created_before.
    """
    found = queries.rows(query)
    return page_of([_entry(one) for one in found.rows], found.next or None)


@door.get("/audit/keeping")
@requires("audit.read")
@returns(KeepForm)
def get_keeping() -> KeepForm:
    """Read for how many months entries are kept; null means for ever."""
    return KeepForm(queries.kept_months())


def _locked_keeping() -> KeepForm:
    tenancy.lock_shop()
    return KeepForm(queries.kept_months())


@door.put("/audit/keeping")
@requires("audit.keep")
@returns(KeepForm)
@matches(_locked_keeping)
@accepts(KeepForm)
def change_keeping(body: KeepForm) -> KeepForm:
    """Decide for how many months entries are kept. What is older goes in the coming night, and does not come back."""
    return KeepForm(service.keep_for(body.months, by=current_actor()))


def _entry(one: AuditEntry) -> AuditOut:
    return AuditOut(
        id=to_public(ENTRY, one.id), at=one.at, actor_kind=one.actor_kind,
        actor_id=str(one.actor_id) if one.actor_id else None, actor_name=one.actor_name, action=one.action,
        object_type=one.object_type, object_id=one.object_id, reason=one.reason, request_id=one.request_id,
        details=one.details, changes=[_change(change) for change in one.changes],
    )  # fmt: skip


def _change(told: dict[str, Any]) -> ChangeOut:
    fields = {name: FieldOut(was, now) for name, (was, now) in told["fields"].items()}
    return ChangeOut(told["table"], told["id"], fields)
