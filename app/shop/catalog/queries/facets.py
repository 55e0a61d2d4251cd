"""What a grid can be narrowed by, with counts. One statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, Text, cast, func, literal, select, union_all

from app.core import db, isolation
from app.core.i18n import mark
from app.shop.catalog.models import ProductFacet
from app.shop.catalog.queries.listing import Narrowing, can_be_bought, narrowed
from app.shop.catalog.schemas import Facet, FacetValue

_PRICES, _AVAILABLE = "~prices", "~available"
_FIELDS = {"vendor": mark("Brand"), "kind": mark("Type"), "tag": mark("Tag")}
_MOST_VALUES = 14


@dataclass(frozen=True)
class Facets:
    """The filters of a grid: groups of values, the price range, and how many can be bought."""

    groups: tuple[Facet, ...]
    lowest: int
    highest: int
    available: int


def facets(wanted: Narrowing) -> Facets:
    """What a grid can be narrowed by; each filter is counted under all the others, so no tick box lies."""
    parts = [_other_counts(wanted), _prices(wanted), _availability(wanted)]
    parts += [_counts_of(wanted, name) for name in sorted(wanted.choices)]
    counted = union_all(*parts).subquery("counted")
    rows = db.session.execute(select(counted.c.name, counted.c.value, counted.c.amount)).all()
    special = {row.name: (row.value, row.amount) for row in rows if row.name.startswith("~")}
    lowest, highest = special.get(_PRICES, (None, None))
    return Facets(
        groups=_groups([tuple(row) for row in rows if not row.name.startswith("~")], wanted.choices),
        lowest=int(lowest or 0),
        highest=int(highest or 0),
        available=special.get(_AVAILABLE, ("", 0))[1] or 0,
    )


def _counted(ids: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    fitting = ids.subquery()
    return (
        select(ProductFacet.name, ProductFacet.value, func.count().label("amount"))
        .join(fitting, fitting.c.id == ProductFacet.product_id)
        .where(ProductFacet.tenant_id == isolation.tenant_id())
        .group_by(ProductFacet.name, ProductFacet.value)
    )


def _other_counts(wanted: Narrowing) -> Select[*tuple[Any, ...]]:
    counts = _counted(narrowed(wanted))
    return counts.where(ProductFacet.name.not_in(sorted(wanted.choices))) if wanted.choices else counts


def _counts_of(wanted: Narrowing, name: str) -> Select[*tuple[Any, ...]]:
    return _counted(narrowed(wanted, without=name)).where(ProductFacet.name == name)


def _prices(wanted: Narrowing) -> Select[*tuple[Any, ...]]:
    fitting = narrowed(wanted, without="price").subquery()
    return select(
        literal(_PRICES, Text).label("name"),
        cast(func.min(fitting.c.price_from), Text).label("value"),
        cast(func.max(fitting.c.price_from), BigInteger).label("amount"),
    )


def _availability(wanted: Narrowing) -> Select[*tuple[Any, ...]]:
    fitting = narrowed(wanted, without="available").where(can_be_bought()).subquery()
    return select(literal(_AVAILABLE, Text), literal("", Text), func.count()).select_from(fitting)


def _groups(rows: Iterable[tuple[str, str, int]], choices: dict[str, set[str]]) -> tuple[Facet, ...]:
    """Tick boxes by group; a group that cannot narrow anything and is not in use is left out."""
    found: dict[str, dict[str, int]] = {name: dict.fromkeys(sorted(values), 0) for name, values in choices.items()}
    for name, value, amount in rows:
        found.setdefault(name, {})[value] = amount
    order = sorted(
        found,
        key=lambda name: (not name.startswith("option:"), list(_FIELDS).index(name) if name in _FIELDS else 0, name),
    )
    return tuple(
        _group(name, found[name], choices.get(name, set())) for name in order if len(found[name]) > 1 or name in choices
    )


def _group(name: str, values: dict[str, int], chosen: set[str]) -> Facet:
    common = sorted(values, key=lambda value: (value not in chosen, -values[value], value))[:_MOST_VALUES]
    is_option = name.startswith("option:")
    label = name.removeprefix("option:") if is_option else _FIELDS.get(name, name)
    boxes = [
        FacetValue(value, f"{label}:{value}" if is_option else value, values[value], value in chosen)
        for value in sorted(common, key=_natural)
    ]
    return Facet(name, label, "option" if is_option else name, tuple(boxes))


def _natural(value: str) -> tuple[int, str]:
    digits = "".join(letter for letter in value.split()[0] if letter.isdigit()) if value.strip() else ""
    return (int(digits[:9]) if digits else 0, value)
