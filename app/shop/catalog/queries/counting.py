"""What was counted ahead for large shops: which products have which value, one bit a product (FacetBits)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, func, join, literal, select, text, true, union_all

from app.core import db, frames, isolation
from app.shop.catalog.models import ALL, AVAILABLE, SHELF, CatalogueCount, FacetBits

MOST_COUNTED = 2000
"""Up to so many products are counted when a page is made; what is larger is counted ahead, or told as "2,000+"."""

SPECIAL = (ALL, AVAILABLE, SHELF)
_ACTIVE = (
    "with numbered as (select id, price_from, row_number() over (order by id) - 1 as place"
    " from product where tenant_id = :tenant and status = 'active')"
)
_OF_FACETS = text(
    f"{_ACTIVE} select f.name, f.value, array_agg(n.place) as places from product_facet f"  # noqa: S608 - our own words
    " join numbered n on n.id = f.product_id where f.tenant_id = :tenant group by f.name, f.value"
)
_OF_SHELVES = text(
    f"{_ACTIVE} select s.collection_id, array_agg(n.place) as places, min(n.price_from) as lowest,"  # noqa: S608 - our own words
    " max(n.price_from) as highest from collection_product s join numbered n on n.id = s.product_id"
    " where s.tenant_id = :tenant group by s.collection_id having count(*) > :most"
)
_AVAILABLE = text(
    f"{_ACTIVE} select n.place from numbered n where exists (select from variant v where v.tenant_id = :tenant"  # noqa: S608 - our own words
    " and v.product_id = n.id and (not v.tracks_stock or v.continue_selling or v.on_hand > 0))"
)
_WHOLE = text(
    "select count(*) as products, min(price_from) as lowest, max(price_from) as highest from product"
    " where tenant_id = :tenant and status = 'active'"
)
STALE = text(
    "select v.tenant_id from page_version v join catalogue_count c on c.tenant_id = v.tenant_id"
    " where v.version > c.version"
)
GROWN = text(
    "select p.tenant_id from product p where p.status = 'active' and not exists"
    " (select from catalogue_count c where c.tenant_id = p.tenant_id) group by p.tenant_id having count(*) > :most"
)


@dataclass(frozen=True)
class Kept:
    """Which grids were counted ahead: key of the shelf ("" is the whole shop) -> (products, lowest, highest price)."""

    grids: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """The shop has more products than a page counts by itself."""
        return bool(self.grids)


def kept() -> Kept:
    """What was counted ahead for this shop; asked once for each version of its pages."""
    return frames.kept("catalogue_count", _kept)


def _kept() -> Kept:
    grids = db.session.execute(select(CatalogueCount.grids)).scalar_one_or_none()
    return Kept({key: (value[0], value[1], value[2]) for key, value in (grids or {}).items()})


def places_by_value() -> list[tuple[str, str, list[int]]]:
    """(name, value, numbers of the active products that have it) of the whole shop."""
    return [tuple(row) for row in db.session.execute(_OF_FACETS, _tenant())]  # type: ignore[misc]  # three columns


def places_by_shelf() -> list[Any]:
    """(collection_id, places, lowest, highest) of the shelves that are too large to be counted by a page."""
    return list(db.session.execute(_OF_SHELVES, _tenant() | {"most": MOST_COUNTED}))


def places_available() -> list[int]:
    """The numbers of the products that can be bought."""
    return list(db.session.execute(_AVAILABLE, _tenant()).scalars())


def whole_shop() -> Any:
    """(products, lowest, highest) of all active products."""
    return db.session.execute(_WHOLE, _tenant()).one()


def bits_counted(
    shelf: UUID | None, choices: dict[str, set[str]], *, available: bool
) -> list[tuple[str, str, int]] | None:
    """(name, value, products) of a grid, each group counted without its own ticks; None when a value was not kept.

    Names that begin with ~ tell sizes: ("~size", name, products) of the grid without that name's ticks, and
    ("~available", "", products).
    """
    grid = _mask(shelf, choices, available=available).cte("grid").prefix_with("materialized", dialect="postgresql")
    bought = grid if not available else _mask(shelf, choices).cte("whatever_stock")
    parts = [_size(grid, ""), _buyable(bought), _values(grid, not_of=[*SPECIAL, *choices])]
    for name in sorted(choices):
        others = {key: values for key, values in choices.items() if key != name}
        without = _mask(shelf, others, available=available).cte(f"without_{len(parts)}")
        parts += [_size(without, name), _values(without, of=name)]
    rows = db.session.execute(union_all(*parts)).all()
    return None if any(row[2] is None for row in rows) else [(row[0], row[1], row[2]) for row in rows]


def _mask(shelf: UUID | None, choices: dict[str, set[str]], *, available: bool = False) -> Select[*tuple[Any, ...]]:
    bits: ColumnElement[Any] = _bits(SHELF, {str(shelf)}) if shelf else _bits(ALL, {""})
    for name, values in sorted(choices.items()):
        bits = bits.op("&")(_bits(name, values))
    if available:
        bits = bits.op("&")(_bits(AVAILABLE, {""}))
    return select(bits.label("bits"))


def _bits(name: str, values: set[str]) -> ColumnElement[Any]:
    """The products with one of the values; null when one of them was not kept."""
    return (
        select(func.bit_or(FacetBits.bits))
        .where(FacetBits.tenant_id == isolation.tenant_id(), FacetBits.name == name)
        .where(FacetBits.value.in_(sorted(values)))
        .having(func.count() == len(values))
        .scalar_subquery()
    )


def _values(grid: Any, *, of: str = "", not_of: list[str] | None = None) -> Select[*tuple[Any, ...]]:
    amount = func.bit_count(FacetBits.bits.op("&")(grid.c.bits))
    # Joined to the one row of the grid.
    counted = (
        select(FacetBits.name, FacetBits.value, amount)
        .select_from(join(FacetBits, grid, true()))
        .where(FacetBits.tenant_id == isolation.tenant_id())
    )
    return counted.where(FacetBits.name == of) if of else counted.where(FacetBits.name.not_in(not_of or []))


def _size(grid: Any, name: str) -> Select[*tuple[Any, ...]]:
    return select(literal("~size", Text), literal(name, Text), func.bit_count(grid.c.bits))


def _buyable(grid: Any) -> Select[*tuple[Any, ...]]:
    bits = grid.c.bits.op("&")(_bits(AVAILABLE, {""}))
    return select(literal("~available", Text), literal("", Text), func.bit_count(bits))


def _tenant() -> dict[str, Any]:
    return {"tenant": isolation.tenant_id()}
