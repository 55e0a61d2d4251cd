"""Who changed what, in the back office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from flask import Response, make_response, url_for

from app.core import audit
from app.core.access import current_actor, fresh_proof, requires
from app.core.audit_anchor import LEAST_MONTHS, MOST_MONTHS
from app.core.i18n import gettext, said
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.platform.audit import exporting, queries, service, words
from app.platform.audit.schemas import KINDS, AuditFilter, ExportForm, KeepForm
from app.platform.staff import queries as staff

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
        asked=asked, found=found, state=state, words=words, names=queries.names_of(found.rows), kinds=said(KINDS),
        people=_people(asked, found.rows), actions=words.actions(), things=words.things(),
        months=queries.kept_months(), gone_before=queries.gone_before(),
    )  # fmt: skip


@door.get("/audit/keeping")
@requires("audit.keep")
@fresh_proof
def keeping(**_: Any) -> Response:
    """How long the trail is kept, to change it."""
    return page(
        "audit/backoffice/keeping.html",
        months=queries.kept_months(), gone_before=queries.gone_before(), least=LEAST_MONTHS, most=MOST_MONTHS,
    )  # fmt: skip


@door.post("/audit/keeping")
@requires("audit.keep")
@fresh_proof
@accepts(KeepForm, again=keeping)
def keep(form: KeepForm) -> Response:
    """Keep it for so long from now on."""
    service.keep_for(form.months, by=current_actor())
    return redirect_to(url_for(".index"), gettext("Saved. What is older goes in the coming night."))


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


def _people(asked: AuditFilter, rows: Sequence[audit.AuditEntry]) -> list[tuple[str, str]]:
    """Whom the list can be narrowed to: everybody who works here, and whoever it is narrowed to now."""
    people = {str(member.id): member.name or member.email for member in staff.all_staff()}
    if asked.by and asked.by not in people:
        people[asked.by] = next((words.by(one) for one in rows if str(one.actor_id) == asked.by), asked.by)
    return list(people.items())
