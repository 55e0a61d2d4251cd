"""The outcome of an import as a file: one line for each line of what was imported."""

from __future__ import annotations

from uuid import UUID

from app.shop.catalog.exporting import as_csv
from app.shop.catalog.importing import queries
from app.shop.catalog.importing.models import ImportRow

COLUMNS = ["line", "handle", "result", "problem", "picture", "picture_problem"]


def as_file(import_id: UUID) -> str:
    """Every row's line, product, result and sentences as CSV. Raises NotFound."""
    queries.import_by_id(import_id)
    return as_csv([COLUMNS, *(_cells(row) for row in queries.all_rows(import_id))])


def _cells(row: ImportRow) -> list[str]:
    picture = "" if row.picture_state == "none" else row.picture_state
    return [str(row.line), row.handle, row.state, row.problem or row.warning, picture, row.picture_problem]
