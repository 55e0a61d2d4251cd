"""Counting a large shop ahead, so that its filters show numbers without reading every product for each page."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from app.core import db, isolation, shown
from app.shop.catalog.models import ALL, AVAILABLE, SHELF, CatalogueCount, FacetBits
from app.shop.catalog.queries import counting

_MOST_NAMES, _MOST_VALUES, _AT_ONCE = 40, 200, 40


def recount() -> int:
    """Count this shop's filters anew, and return its number of active products.

    A shop of at most MOST_COUNTED products keeps nothing: its pages count for themselves.
    """
    version = shown.version_of(isolation.tenant_id())
    whole = counting.whole_shop()
    was_large = counting.kept().is_large
    if whole.products <= counting.MOST_COUNTED:
        if was_large:
            _forget()
        return int(whole.products)
    _forget()
    shelves = counting.places_by_shelf()
    grids = {"": [whole.products, whole.lowest, whole.highest]}
    grids |= {str(row.collection_id): [len(row.places), row.lowest, row.highest] for row in shelves}
    rows = [(ALL, "", list(range(whole.products))), (AVAILABLE, "", counting.places_available())]
    rows += [(SHELF, str(row.collection_id), row.places) for row in shelves]
    _write([*rows, *_common(counting.places_by_value())], whole.products)
    db.add(CatalogueCount(version=version + 1, grids=grids))  # this change raises the version by one itself
    return int(whole.products)


def shops_to_recount(*, grown: bool = False) -> list[UUID]:
    """Large shops whose pages changed since they were counted; with `grown` those that were never counted instead.

    Asks across tenants, as the operator: for the schedule only.
    """
    statement = counting.GROWN if grown else counting.STALE
    with db.db.engines["operator"].connect() as connection:
        return list(connection.execute(statement, {"most": counting.MOST_COUNTED} if grown else {}).scalars())


def _forget() -> None:
    db.session.execute(delete(FacetBits))
    db.session.execute(delete(CatalogueCount))


def _common(found: list[tuple[str, str, list[int]]]) -> list[tuple[str, str, list[int]]]:
    """The values that most products have, of the names that most products have; nobody ticks the thousandth tag."""
    by_name: dict[str, list[tuple[str, str, list[int]]]] = defaultdict(list)
    for row in found:
        by_name[row[0]].append(row)
    names = sorted(by_name, key=lambda name: -sum(len(row[2]) for row in by_name[name]))[:_MOST_NAMES]
    return [row for name in names for row in sorted(by_name[name], key=lambda row: -len(row[2]))[:_MOST_VALUES]]


def _write(rows: list[tuple[str, str, list[int]]], products: int) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some: list[dict[str, Any]] = [
            {"name": name, "value": value, "bits": _bits(places, products), "tenant_id": isolation.tenant_id()}
            for name, value, places in rows[start : start + _AT_ONCE]
        ]
        db.session.execute(insert(FacetBits), some)


def _bits(places: list[int], products: int) -> str:
    """One character a product: "1" where it stands among the places."""
    bits = bytearray(b"0" * products)
    for place in places:
        if place < products:  # a product that was written since the others were counted
            bits[place] = 49
    return bits.decode()
