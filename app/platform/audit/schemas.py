"""What can be asked of the audit trail, and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app.core.audit_anchor import LEAST_MONTHS, MOST_MONTHS
from app.core.i18n import mark
from app.core.rest import Logged

Kind = Literal["", "staff", "client", "operator", "system", "plugin", "customer"]
KINDS = {
    "staff": mark("Colleagues"),
    "client": mark("Programs"),
    "operator": mark("The operator"),
    "system": mark("Background work"),
    "plugin": mark("Plugins"),
    "customer": mark("Shoppers"),
}
KIND = {
    "staff": mark("Colleague"),
    "client": mark("Program"),
    "operator": mark("The operator"),
    "system": mark("Background work"),
    "plugin": mark("Plugin"),
    "customer": mark("Shopper"),
    "anonymous": mark("Visitor"),
}
"""One of each."""
Word = Annotated[str, Meta(max_length=200)]


class AuditFilter(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which entries to show, newest first. `by` is an actor's id; `since` and `until` are days, included."""

    q: Word = ""
    kind: Kind = ""
    thing: Word = ""
    of: Word = ""
    action: Word = ""
    by: Word = ""
    since: date | None = None
    until: date | None = None
    cursor: str = ""


class KeepForm(Struct, forbid_unknown_fields=True):
    """For how many months entries are kept; empty for ever."""

    months: Annotated[int, Meta(ge=LEAST_MONTHS, le=MOST_MONTHS)] | None = None


class ExportForm(AuditFilter, kw_only=True):
    """The same, as a file."""

    format: Literal["csv", "json"] = "csv"


class AuditQuery(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which entries to list."""

    actor_kind: Kind = ""
    action: Word = ""
    object_type: Word = ""
    object_id: Word = ""
    request_id: Word = ""


class FieldOut(Struct):
    """What a field was and what it is: a text, a number, true or false, a list, an object or null."""

    before: Any
    after: Any


class ChangeOut(Struct):
    """One row with each field that changed. Secrets and long texts are shortened."""

    table: str
    id: str
    fields: dict[str, FieldOut]


class AuditOut(Struct, kw_only=True):
    """One change: who, what, when, why, in which request, and before and after."""

    id: str
    at: datetime
    actor_kind: str
    actor_id: str | None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    reason: str
    request_id: str
    details: dict[str, Any]
    changes: list[ChangeOut]
