"""Fetching the pictures that a file points to: several at once, outside of any transaction, and never fatal."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.core import db
from app.core.access import system_actor
from app.core.errors import DomainError
from app.core.later import later
from app.shop.catalog import images
from app.shop.catalog import queries as catalog
from app.shop.catalog.importing import queries
from app.shop.catalog.importing.models import ImportRow

if TYPE_CHECKING:
    from app.core import http
else:
    http = later("app.core.http")

AT_ONCE = 8


@dataclass(frozen=True)
class Fetched:
    """What came from an address: a picture's bytes, or the sentence why there are none."""

    data: bytes = b""
    problem: str = ""


def bring(rows: list[ImportRow]) -> None:
    """Fetch the pictures of some rows and hang them on their products, in the order of the file.

    Commits before and after the fetching; each picture that could not be had leaves a sentence on its row.
    """
    urls = {row.id: url_of(row) for row in rows}
    db.checkpoint()
    fetched = fetch_all(urls.values())
    for row in rows:
        _hang(row, urls[row.id], fetched[urls[row.id]])
        db.checkpoint()


def url_of(row: ImportRow) -> str:
    """The picture a row points to."""
    return str(row.cells.get("image_url") or row.cells.get("variant_image_url", ""))


def fetch_all(urls: Iterable[str]) -> dict[str, Fetched]:
    """Each address once, AT_ONCE at a time. The client gives up on a host that keeps failing."""
    wanted = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
        return dict(zip(wanted, threads.map(_fetch, wanted), strict=True))


def _fetch(url: str) -> Fetched:
    try:
        return Fetched(http.fetch_image(url))
    except http.FetchFailed as failed:
        return Fetched(problem=str(failed))


def _hang(row: ImportRow, url: str, fetched: Fetched) -> None:
    row.picture_state, row.picture_problem = "stored", ""
    if fetched.problem:
        row.picture_state, row.picture_problem = "failed", fetched.problem
        return
    assert row.product_id is not None
    try:
        with db.session.begin_nested():
            images.add(
                row.product_id, fetched.data, alt=row.cells.get("image_alt", ""), source_url=url,
                variant_id=_variant_shown(row, url), by=system_actor("import"),
            )  # fmt: skip
    except DomainError as refusal:
        row.picture_state, row.picture_problem = "failed", refusal.sentence


def _variant_shown(row: ImportRow, url: str) -> UUID | None:
    """The first variant whose own picture this is, by its option values."""
    assert row.product_id is not None
    for other in queries.rows_of(row.import_id, [row.handle])[row.handle]:
        if other.cells.get("variant_image_url") == url:
            values = [other.cells.get(f"option{number}_value", "") for number in (1, 2, 3)]
            options = [value for value in values if value]
            variants = catalog.product_by_id(row.product_id).variants
            return next((variant.id for variant in variants if list(variant.options) == options), None)
    return None
