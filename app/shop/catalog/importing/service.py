"""An import from its file to its last row. Each batch is a transaction of its own, so that a stop loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from app.core import audit, clock, db, ids, isolation
from app.core.access import Actor
from app.core.errors import DomainError
from app.core.events import publish
from app.core.i18n import gettext
from app.platform.tenancy import queries as tenancy
from app.shop.catalog.importing import applying, checking, comparing, pictures, queries, reading
from app.shop.catalog.importing.errors import ImportStarted
from app.shop.catalog.importing.events import ImportConfirmed, ImportFinished
from app.shop.catalog.importing.models import ImportRow, ProductImport

log = logging.getLogger("app.catalog.import")
PRODUCTS_A_BATCH = 100
PICTURES_A_BATCH = 16

Progress = Callable[[str, int, int], None]


def start(content: bytes, filename: str, *, by: Actor) -> ProductImport:
    """Read and check a file, and keep what each of its lines would do. Changes no product. Raises FileRefused."""
    sheet = reading.read(content)
    checked = checking.check(sheet.lines, sheet.columns, tenancy.current_shop().currency)
    row: ProductImport = db.add(
        ProductImport(
            filename=filename[-120:], format=sheet.format, encoding=sheet.encoding, columns=sheet.columns,
            notes=sheet.notes, total=len(sheet.lines), started_by=by.name,
        )
    )  # fmt: skip
    db.flush()
    _keep_rows(row, sheet.lines, checked)
    audit.record(by, "product_import.previewed", row.id, filename=row.filename, lines=row.total)
    return row


def confirm(import_id: UUID, *, by: Actor, here: bool = False) -> ProductImport:
    """Let a previewed import begin: a job does the work, or the caller, `here`. Raises NotFound or ImportStarted."""
    row = queries.lock_import(import_id)
    if not row.can_be_started:
        raise ImportStarted()
    row.status = "queued"
    audit.record(by, "product_import.confirmed", row.id, filename=row.filename)
    if not here:
        publish(ImportConfirmed(import_id=row.id))
    return row


def run(import_id: UUID, *, progress: Progress = lambda what, done, whole: None) -> None:
    """Bring every waiting row in, then the pictures. Goes on where an earlier run stopped."""
    row = queries.lock_import(import_id)
    if row.status in {"previewed", "finished"}:
        return
    row.status = "running"
    db.checkpoint()
    while handles := _next_batch(import_id):
        _apply_batch(row, handles)
        db.checkpoint()
        waiting = queries.states(import_id)["waiting"]
        progress("Products", row.total - waiting, row.total)
    _fetch_all_pictures(import_id, progress)
    _finish(import_id)


def _keep_rows(row: ProductImport, lines: list[reading.Line], checked: checking.Checked) -> None:
    verdicts = _verdicts(checked)
    tenant = isolation.tenant_id()
    rows = [_as_row(row, line, checked, verdicts) for line in lines]
    for start in range(0, len(rows), 500):
        some = [{"tenant_id": tenant, "id": ids.new_id(), **one} for one in rows[start : start + 500]]
        db.session.execute(insert(ImportRow), some)


def _verdicts(checked: checking.Checked) -> dict[str, str]:
    """Each product's verdict by handle; a product that cannot be brought in puts its sentence on its lines."""
    verdicts: dict[str, str] = {}
    for start in range(0, len(checked.products), 500):
        some = checked.products[start : start + 500]
        here = comparing.present([draft.handle for draft in some])
        for draft in some:
            try:
                verdicts[draft.handle] = comparing.verdict(draft, here.get(draft.handle))
            except DomainError as refusal:
                for number in draft.lines:
                    checked.problems.setdefault(number, refusal.sentence)
    return verdicts


def _as_row(
    row: ProductImport, line: reading.Line, checked: checking.Checked, verdicts: dict[str, str]
) -> dict[str, Any]:
    handle = checking.handle_of(line)
    problem = checked.problems.get(line.number, "")
    has_picture = bool(line.cells.get("image_url") or line.cells.get("variant_image_url"))
    return {
        "import_id": row.id,
        "line": line.number,
        "handle": handle,
        "cells": line.cells,
        "verdict": "error" if problem else verdicts.get(handle, "create"),
        "state": "failed" if problem else "waiting",
        "problem": problem,
        "warning": checked.warnings.get(line.number, ""),
        "picture_state": "waiting" if has_picture and handle in verdicts else "none",
        "picture_problem": "",
    }


def _next_batch(import_id: UUID) -> list[str]:
    queries.lock_import(import_id)
    return queries.waiting_handles(import_id, PRODUCTS_A_BATCH)


def _apply_batch(row: ProductImport, handles: list[str]) -> None:
    currency = tenancy.current_shop().currency
    by_handle = queries.rows_of(row.id, handles)
    for handle in _created_at_once(row, by_handle, currency):
        del by_handle[handle]
    for handle, rows in by_handle.items():
        try:
            with db.session.begin_nested():
                applying.apply(handle, rows, row.columns, currency)
        except DomainError as refusal:
            _fail(rows, refusal.sentence)
        except Exception:
            log.exception("the product %s of import %s could not be saved", handle, row.id)
            _fail(rows, gettext("This product could not be saved. The operator finds the reason in the log."))


def _created_at_once(row: ProductImport, by_handle: dict[str, list[ImportRow]], currency: str) -> set[str]:
    """Create what is new in a few statements; when one product stands in the way, none of them is created here."""
    try:
        with db.session.begin_nested():
            return applying.create_all(by_handle, row.columns, currency)
    except DomainError:
        return set()
    except Exception:
        log.warning("a batch of import %s could not be saved at once", row.id, exc_info=True)
        return set()


def _fail(rows: list[ImportRow], sentence: str) -> None:
    waiting = [row.id for row in rows if row.state != "failed" or not row.problem]
    changed = {"state": "failed", "problem": sentence, "picture_state": "none"}
    db.session.execute(update(ImportRow).where(ImportRow.id.in_(waiting)).values(**changed))


def _fetch_all_pictures(import_id: UUID, progress: Progress) -> None:
    whole = queries.pictures(import_id)["waiting"]
    done = 0
    while rows := queries.waiting_pictures(import_id, PICTURES_A_BATCH):
        pictures.bring(rows)
        done += len(rows)
        progress("Pictures", done, whole)


def _finish(import_id: UUID) -> None:
    row = queries.lock_import(import_id)
    row.status, row.finished_at = "finished", clock.now()
    publish(ImportFinished(import_id=row.id, failed=queries.states(import_id)["failed"]))
