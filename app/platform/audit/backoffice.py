"""Who changed what, in the back office."""

from __future__ import annotations

import msgspec
from flask import Response, make_response

from app.core import audit
from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import said
from app.core.web import BackofficeDoor, accepts, page
from app.platform.audit import exporting, queries, words
from app.platform.audit.schemas import KINDS, AuditFilter, ExportForm

door = BackofficeDoor("audit")


@door.get("/audit")
@requires("audit.read")
@accepts(AuditFilter)
def index(asked: AuditFilter) -> Response:
    """The trail, or what of it is about one thing."""
    found = queries.page_of(asked)
    state = {key: value for key, value in msgspec.to_builtins(asked).items() if value and key != "cursor"}
    return page(
        "audit/backoffice/index.html",
        asked=asked, found=found, kinds=said(KINDS), state=state, in_words=words.said, shown=words.shown, by=words.by,
    )  # fmt: skip


@door.get("/audit/export")
@requires("audit.export")
@fresh_proof
@accepts(ExportForm)
def export(asked: ExportForm) -> Response:
    """The same as a file. Taking it out is an entry itself."""
    audit.record(current_actor(), "audit.exported", current_actor().id or "", format=asked.format)
    written = exporting.as_csv if asked.format == "csv" else exporting.as_json
    response = make_response(written(queries.everything(asked)))
    response.mimetype = "text/csv" if asked.format == "csv" else "application/x-ndjson"
    response.headers["Content-Disposition"] = f"attachment; filename=audit.{asked.format}"
    return response
