"""What a grid can be narrowed by, with counts. One statement; in large shops the counting was done ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, BigInteger, Select, Text, cast, func, literal, select, union_all

from app.core import db, frames, isolation
from app.core.i18n import gettext, language, mark
from app.shop.catalog.models import ProductFacet
from app.shop.catalog.queries import counting
from app.shop.catalog.queries.listing import MOST_PAGES, PAGE_SIZE, Narrowing, can_be_bought, narrowed
from app.shop.catalog.queries.walking import is_worth_it
from app.shop.catalog.schemas import Facet, FacetValue

_SIZE, _PRICES, _AVAILABLE = "~size", "~prices", "~available"
_FIELDS = {"vendor": mark("Brand"), "kind": mark("Type"), "tag": mark("Tag")}
_MOST_VALUES = 14
Row = tuple[str, str, int]


@dataclass(frozen=True)
class Facets:
    """The filters of a grid: groups of values, the price range, and how many can be bought.

    `is_more`: there are more products than were counted, and every number is "at least".
    """

    groups: tuple[Facet, ...]
    lowest: int
    highest: int
    available: int
    total: int = 0
    is_more: bool = False


def facets(wanted: Narrowing) -> Facets:
    """What a grid can be narrowed by; each filter is counted under all the others, so no tick box lies.

    Counted once for each version of the shop's pages, whatever the order and the page of the grid; searches each time.
    """
    if wanted.matches is not None:
        return _counted_now(wanted)
    choices = tuple((name, *sorted(values)) for name, values in sorted(wanted.choices.items()))
    limits = wanted.collection_id, wanted.available, wanted.price_min, wanted.price_max
    return frames.kept_as_chosen(("facets", *limits, choices, language()), lambda: _counted(wanted))


def _counted(wanted: Narrowing) -> Facets:
    ahead = _counted_ahead(wanted)
    return ahead if ahead is not None else _counted_now(wanted)


def is_dense(wanted: Narrowing, counted: Facets) -> bool:
    """Do so many products of a large grid fit that its page is full soon? See `listing`."""
    if wanted.matches is not None:
        return False
    if not (wanted.choices or wanted.available) and wanted.price_min is wanted.price_max is None:
        return True
    grids = counting.kept().grids
    shelf = str(wanted.collection_id or "")
    read = shelf if wanted.sort == "featured" else ""  # in the order of the shelf, or of all products
    needed = min(wanted.page, MOST_PAGES) * PAGE_SIZE + 1
    return shelf in grids and is_worth_it(needed, counted.total, grids[read][0])


def _counted_ahead(wanted: Narrowing) -> Facets | None:
    """The counts of a grid of a large shop; None when it has to be counted now: searches, prices, small shelves."""
    key = str(wanted.collection_id or "")
    kept = counting.kept().grids
    if key not in kept or wanted.matches is not None or not (wanted.price_min is wanted.price_max is None):
        return None
    rows = counting.bits_counted(wanted.collection_id, wanted.choices, available=wanted.available)
    if rows is None:
        return None
    _, lowest, highest = kept[key]
    return _facets(wanted, rows, lowest, highest, set())


def _counted_now(wanted: Narrowing) -> Facets:
    grid = _some(narrowed(wanted), "grid")
    bought = _some(narrowed(wanted, without="available"), "whatever_stock") if wanted.available else grid
    priced = grid
    if wanted.price_min is not None or wanted.price_max is not None:
        priced = _some(narrowed(wanted, without="price"), "whatever_price")
    parts = [_size(grid, ""), _prices(priced), _availability(bought), _other_counts(grid, wanted)]
    for number, name in enumerate(sorted(wanted.choices)):
        without = _some(narrowed(wanted, without=name), f"without_{number}")
        parts += [_size(without, name), _by_value(without).where(ProductFacet.name == name)]
    rows = [tuple(row) for row in db.session.execute(union_all(*parts))]
    lowest, highest = next((row[1:] for row in rows if row[0] == _PRICES), (None, None))
    more = {value for name, value, amount in rows if name == _SIZE and amount > counting.MOST_COUNTED}
    return _facets(wanted, rows, int(lowest or 0), int(highest or 0), more)


def _facets(wanted: Narrowing, rows: list[Row], lowest: int, highest: int, more: set[str]) -> Facets:
    """`more` names the filters without which there are more products than were counted; "" is the grid itself."""
    size = next(amount for name, value, amount in rows if name == _SIZE and not value)
    return Facets(
        groups=_groups([row for row in rows if not row[0].startswith("~")], wanted.choices, more),
        lowest=lowest,
        highest=highest,
        available=next((amount for name, _, amount in rows if name == _AVAILABLE), 0),
        total=size - ("" in more),
        is_more="" in more,
    )


def _some(fitting: Select[*tuple[Any, ...]], name: str) -> CTE:
    """The products of a grid, one more than are counted at most."""
    chosen = fitting.limit(counting.MOST_COUNTED + 1).cte(name)
    return chosen.prefix_with("materialized", dialect="postgresql")


def _by_value(grid: CTE) -> Select[*tuple[Any, ...]]:
    return (
        select(ProductFacet.name, ProductFacet.value, func.count().label("amount"))
        .join(grid, grid.c.id == ProductFacet.product_id)
        .where(ProductFacet.tenant_id == isolation.tenant_id())
        .group_by(ProductFacet.name, ProductFacet.value)
    )


def _other_counts(grid: CTE, wanted: Narrowing) -> Select[*tuple[Any, ...]]:
    counts = _by_value(grid)
    return counts.where(ProductFacet.name.not_in(sorted(wanted.choices))) if wanted.choices else counts


def _size(grid: CTE, name: str) -> Select[*tuple[Any, ...]]:
    return select(literal(_SIZE, Text), literal(name, Text), func.count()).select_from(grid)


def _prices(grid: CTE) -> Select[*tuple[Any, ...]]:
    lowest, highest = func.min(grid.c.price_from), func.max(grid.c.price_from)
    return select(literal(_PRICES, Text), cast(lowest, Text), cast(highest, BigInteger))


def _availability(grid: CTE) -> Select[*tuple[Any, ...]]:
    counted = select(literal(_AVAILABLE, Text), literal("", Text), func.count()).select_from(grid)
    return counted.where(can_be_bought(grid.c.id))


def _groups(rows: Iterable[Row], choices: dict[str, set[str]], more: set[str]) -> tuple[Facet, ...]:
    """Tick boxes by group; a group that cannot narrow anything and is not in use is left out."""
    found: dict[str, dict[str, int]] = {name: dict.fromkeys(sorted(values), 0) for name, values in choices.items()}
    for name, value, amount in rows:
        if amount or value in choices.get(name, ()):
            found.setdefault(name, {})[value] = amount
    order = sorted(
        found,
        key=lambda name: (not name.startswith("option:"), list(_FIELDS).index(name) if name in _FIELDS else 0, name),
    )
    return tuple(
        _group(name, found[name], choices.get(name, set()), (name if name in choices else "") in more)
        for name in order
        if len(found[name]) > 1 or name in choices
    )


def _group(name: str, values: dict[str, int], chosen: set[str], is_more: bool) -> Facet:
    common = sorted(values, key=lambda value: (value not in chosen, -values[value], value))[:_MOST_VALUES]
    is_option = name.startswith("option:")
    label = name.removeprefix("option:") if is_option else gettext(_FIELDS.get(name, name))
    boxes = [
        FacetValue(
            value,
            f"{label}:{value}" if is_option else value,
            values[value],
            value in chosen,
            is_more and values[value] > 0,
        )
        for value in sorted(common, key=_natural)
    ]
    return Facet(name, label, "option" if is_option else name, tuple(boxes))


def _natural(value: str) -> tuple[int, str]:
    digits = "".join(letter for letter in value.split()[0] if letter.isdigit()) if value.strip() else ""
    return (int(digits[:9]) if digits else 0, value)
