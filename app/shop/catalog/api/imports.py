"""Files of products for programs: in, with a look before anything changes, and out; and what may be meant by a word."""

from __future__ import annotations

from flask import Response

from app.core import clock, keyset
from app.core.access import current_actor, requires
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext
from app.core.ids import from_public, to_public
from app.core.rest import Page, accepts, page_of, returns
from app.core.rest_files import file_response, gives, uploads
from app.shop.catalog import exporting
from app.shop.catalog.api.entrance import IMPORT, door
from app.shop.catalog.importing import outcomes, queries, service
from app.shop.catalog.importing.errors import ImportStarted
from app.shop.catalog.importing.models import ProductImport
from app.shop.catalog.importing.reading import FileRefused
from app.shop.catalog.programs import ImportFilter, ImportOut, ImportRowOut, ImportUpload, RowsWanted


@door.get("/products/imports")
@requires("products.import")
@returns(Page[ImportOut])
@accepts(ImportFilter)
def list_imports(query: ImportFilter) -> Page[ImportOut]:
    """List what was brought in by files, newest first."""
    _cursor(query.cursor)
    found = queries.imports_page(query)
    counts = queries.counts_of([row.id for row in found.rows])
    return page_of([_out(row, *counts[row.id]) for row in found.rows], found.next or None)


@door.post("/products/imports")
@requires("products.import")
@returns(ImportOut, errors=(FileRefused,), status=201)
@uploads(ImportUpload)
def upload_import(body: ImportUpload) -> ImportOut:
    """Upload a CSV and learn what it would do. Nothing changes before it is confirmed."""
    row = service.start(body.file.read(), body.file.filename or "products.csv", by=current_actor())
    return _shown(to_public(IMPORT, row.id))


@door.get("/products/imports/<import_id>")
@requires("products.import")
@returns(ImportOut, errors=(NotFound,))
def show_import(import_id: str) -> ImportOut:
    """How far an import is, and what it did."""
    return _shown(import_id)


@door.post("/products/imports/<import_id>/confirm")
@requires("products.import")
@returns(ImportOut, errors=(NotFound, ImportStarted), status=202)
def confirm_import(import_id: str) -> ImportOut:
    """Let an import begin. It goes on by itself; ask for it again to see how far it is."""
    service.confirm(from_public(IMPORT, import_id), by=current_actor())
    return _shown(import_id)


@door.get("/products/imports/<import_id>/rows")
@requires("products.import")
@returns(Page[ImportRowOut], errors=(NotFound,))
@accepts(RowsWanted)
def list_rows(query: RowsWanted, import_id: str) -> Page[ImportRowOut]:
    """List the lines of an import with what became of each."""
    identity = queries.import_by_id(from_public(IMPORT, import_id)).id
    found = queries.rows_page(
        identity, only_problems=query.only_problems, cursor=_cursor(query.cursor), size=query.limit
    )
    rows = [
        ImportRowOut(row.line, row.handle, row.verdict, row.state, row.problem, row.warning, row.picture_problem)
        for row in found.rows
    ]
    return page_of(rows, found.next or None)


@door.get("/products/imports/<import_id>/results.csv")
@requires("products.import")
@gives("text/csv")
@returns(str, errors=(NotFound,))
def import_results(import_id: str) -> Response:
    """Every line's outcome as a file."""
    return file_response(outcomes.as_file(from_public(IMPORT, import_id)), "text/csv", "import-results.csv")


@door.get("/products/export.csv")
@requires("products.import")
@gives("text/csv")
@returns(str)
def export_products() -> Response:
    """The whole catalogue as a file that an import takes back."""
    return file_response(exporting.whole(), "text/csv", f"products-{clock.now():%Y-%m-%d}.csv")


def _shown(import_id: str) -> ImportOut:
    row = queries.import_by_id(from_public(IMPORT, import_id))
    return _out(row, *queries.counts_of([row.id])[row.id])


def _out(row: ProductImport, products: dict[str, int], lines: dict[str, int], pictures: dict[str, int]) -> ImportOut:
    return ImportOut(
        to_public(IMPORT, row.id), row.filename, row.format, row.status, list(row.notes), row.total, products, lines,
        pictures, row.created_at, row.finished_at,
    )  # fmt: skip


def _cursor(cursor: str | None) -> str:
    if cursor and not keyset.is_readable(cursor):
        raise InvalidInput({"cursor": gettext("This cursor is not one of ours.")})
    return cursor or ""
