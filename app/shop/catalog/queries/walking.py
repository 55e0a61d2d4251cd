"""Large grids that many products fit: read in the order of an index, each asked if it fits, until a page is full."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, literal_column, select
from sqlalchemy.sql.operators import desc_op

from app.shop.catalog.models import CollectionProduct, Product

MOST_WALKED = 8000
"""So many products are asked at most. Where they do not fill the page, it is made from all that fit."""


def is_worth_it(needed: int, fitting: int, whole: int) -> bool:
    """Will `needed` of the `fitting` among `whole` products be met on half the way, if they stand anywhere?"""
    return needed * whole * 2 <= MOST_WALKED * fitting


def walked(first: Select[*tuple[Any, ...]], order: list[Any], asked: Any) -> Select[*tuple[Any, ...]]:
    """The ids, in order, of those among the first products that fit; `asked` makes the conditions on an id."""
    keys = [key_of(one).label(f"key_{place}") for place, one in enumerate(order)]
    some = first.add_columns(*keys).order_by(*order).limit(literal_column(str(MOST_WALKED))).subquery("walked")
    again = [some.c[f"key_{place}"] for place in range(len(order))]
    return (
        select(some.c.id)
        .where(*(_probe(one) for one in asked(some.c.id)))
        .order_by(*(key.desc() if falls(one) else key for key, one in zip(again, order, strict=True)))
    )


def on_shelf(product_id: Any, collection_id: Any) -> Exists:
    """The product stands on the shelf."""
    placed = select(CollectionProduct.product_id).where(
        CollectionProduct.product_id == product_id, CollectionProduct.collection_id == collection_id
    )
    return placed.correlate_except(CollectionProduct).exists()


def is_shown(product_id: Any, *further: ColumnElement[bool]) -> Exists:
    """The product is active, and what is said about it further."""
    shown = select(Product.id).where(Product.id == product_id, Product.status == "active", *further)
    return shown.correlate_except(Product).exists()


def _probe(condition: Exists) -> ColumnElement[bool]:
    """The same as a question about one row, which the planner cannot turn round into a join over all of them."""
    return condition.select().offset(literal_column("0")).scalar_subquery()


def falls(order: Any) -> bool:
    """Is it from the greatest to the least?"""
    return getattr(order, "modifier", None) is desc_op


def key_of(order: Any) -> Any:
    """What is sorted by, whichever way."""
    return order.element if falls(order) else order
