"""Import and export of products: upload, preview, progress, results."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, render_template, url_for

from app.core import clock
from app.core.access import current_actor, requires
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.shop.catalog import exporting
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.forms import RowsFilter, UploadFile
from app.shop.catalog.importing import outcomes, queries, service

RESULTS = {"waiting": "", "created": "success", "updated": "info", "unchanged": "", "failed": "danger"}
VERDICTS = {"create": "success", "update": "info", "unchanged": "", "error": "danger"}


@door.get("/products/imports")
@requires("products.import")
def list_imports() -> Response:
    """The form for a file, and what was brought in before."""
    return page("catalog/backoffice/imports.html", imports=queries.recent_imports())


@door.post("/products/imports")
@requires("products.import")
@accepts(UploadFile, again=list_imports)
def upload_import(form: UploadFile) -> Response:
    """Read a file and show what it would do. Nothing changes yet."""
    row = service.start(form.file.read(), form.file.filename or "products.csv", by=current_actor())
    return redirect_to(url_for(".show_import", import_id=row.id))


def unfiltered_import(import_id: UUID) -> Response:
    """An import's page for an address that asks for something unknown."""
    return _import_page(import_id, RowsFilter())


@door.get("/products/imports/<uuid:import_id>")
@requires("products.import")
@accepts(RowsFilter, again=unfiltered_import)
def show_import(wanted: RowsFilter, import_id: UUID) -> Response:
    """The preview, the progress or the results of an import, by its state."""
    return _import_page(import_id, wanted)


@door.get("/products/imports/<uuid:import_id>/progress")
@requires("products.import")
def import_progress(import_id: UUID) -> Response:
    """The bar alone, asked for every second; when all is over it sends the page to its results."""
    context = _state(import_id)
    response = Response(render_template("catalog/backoffice/_progress.html", **context))
    if context["found"].is_over:
        response.headers["HX-Redirect"] = url_for(".show_import", import_id=import_id)
    return response


@door.post("/products/imports/<uuid:import_id>/confirm")
@requires("products.import")
def confirm_import(import_id: UUID) -> Response:
    """Let the import begin."""
    service.confirm(import_id, by=current_actor())
    return redirect_to(url_for(".show_import", import_id=import_id), gettext("The import has begun."))


@door.get("/products/imports/<uuid:import_id>/results.csv")
@requires("products.import")
def import_results(import_id: UUID) -> Response:
    """Every line's outcome as a file."""
    return _file(outcomes.as_file(import_id), "import-results.csv")


@door.get("/products/export.csv")
@requires("products.import")
def export_products() -> Response:
    """The whole catalogue as a file that the import takes back."""
    return _file(exporting.whole(), f"products-{clock.now():%Y-%m-%d}.csv")


def _import_page(import_id: UUID, wanted: RowsFilter) -> Response:
    context = _state(import_id)
    rows = queries.rows_page(import_id, only_problems=wanted.rows == "problems", cursor=wanted.cursor)
    return page(
        "catalog/backoffice/import.html", rows=rows, wanted=wanted, results=RESULTS, verdict_kinds=VERDICTS, **context
    )


def _state(import_id: UUID) -> dict[str, Any]:
    states, pictures = queries.states(import_id), queries.pictures(import_id)
    found = queries.import_by_id(import_id)
    return {
        "found": found,
        "states": states,
        "verdicts": queries.verdicts(import_id),
        "pictures": pictures,
        "done": found.total - states["waiting"],
        "pictures_done": pictures["stored"] + pictures["failed"],
        "pictures_whole": pictures["stored"] + pictures["failed"] + pictures["waiting"],
    }


def _file(text: str, name: str) -> Response:
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
