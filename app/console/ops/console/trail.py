"""The platform's own audit trail: what operators, commands and jobs changed outside of every tenant."""

from __future__ import annotations

import msgspec
from flask import Response, make_response

from app.console.ops import queries
from app.console.ops.console.door import door
from app.core import audit_platform
from app.core.access import current_actor, for_operator, fresh_proof
from app.core.audit_platform import PlatformEntry
from app.core.i18n import said
from app.core.web import accepts, page
from app.platform.audit import exporting, words
from app.platform.audit import queries as trails
from app.platform.audit.schemas import KINDS, AuditFilter, ExportForm

_HERE = ("operator", "system")


@door.get("/console/audit")
@for_operator
@accepts(AuditFilter)
def audit(asked: AuditFilter) -> Response:
    """The trail, or what of it is about one thing."""
    found = trails.page_of(asked, PlatformEntry)
    state = {key: value for key, value in msgspec.to_builtins(asked).items() if value and key != "cursor"}
    return page(
        "ops/console/audit.html",
        asked=asked, found=found, state=state, words=words, names={}, kinds=said({kind: KINDS[kind] for kind in _HERE}),
        people=[(str(one.id), one.name or one.email) for one in queries.operators()],
        actions=words.actions(of_platform=True), things=words.things(of_platform=True),
    )  # fmt: skip


@door.get("/console/audit/export")
@for_operator
@fresh_proof
@accepts(ExportForm)
def export_audit(asked: ExportForm) -> Response:
    """The same as a file. Taking it out is an entry itself."""
    audit_platform.record(current_actor(), "operator.trail_exported", current_actor().id or "", format=asked.format)
    written = exporting.as_csv if asked.format == "csv" else exporting.as_json
    response = make_response(written(trails.everything(asked, PlatformEntry)))
    response.mimetype = "text/csv" if asked.format == "csv" else "application/x-ndjson"
    response.headers["Content-Disposition"] = f"attachment; filename=audit.{asked.format}"
    return response
