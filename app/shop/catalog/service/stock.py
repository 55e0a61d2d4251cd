"""Stock moves by conditional updates, always in the order of variant ids, so that two buyers can neither oversell nor
wait for each other in a circle.

A sale makes kept pages anew only where they show it: when few are left, none, or some again. What staff count always
does. The order of best sellers follows sales within a minute (core/pagecache.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Case, case, func, not_, or_, update

from app.core import audit, db, shown
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.events import publish
from app.shop.catalog import events, queries
from app.shop.catalog.errors import OutOfStock
from app.shop.catalog.models import Product, Variant

Lines = Iterable[tuple[UUID, int]]


def take_stock(lines: Lines) -> None:
    """Take pieces of variants off the shelf: all of the lines or, by the caller's rollback, none.

    Variants that do not count their stock stay as they are; those that sell on note what they owe.
    Raises OutOfStock with the name and what is left.
    """
    for variant_id, quantity in _in_order(lines):
        enough = or_(not_(Variant.tracks_stock), Variant.continue_selling, Variant.on_hand >= quantity)
        row = db.session.execute(
            update(Variant)
            .where(Variant.id == variant_id, enough)
            .values(
                on_hand=_if_counted(func.greatest(Variant.on_hand - quantity, 0), Variant.on_hand),
                owed=_if_counted(Variant.owed + func.greatest(quantity - Variant.on_hand, 0), Variant.owed),
            )
            .returning(Variant.product_id, Variant.on_hand, Variant.tracks_stock)
            .execution_options(synchronize_session=False, visitors_see=False)
        ).one_or_none()
        if row is None:
            title, left = queries.stock_left(variant_id)
            raise OutOfStock(title=title, left=left)
        if row.tracks_stock and row.on_hand <= queries.FEW:
            shown.changed()
        if row.tracks_stock and row.on_hand == 0:
            publish(events.StockRanOut(variant_id=variant_id, product_id=row.product_id))


def put_back_stock(lines: Lines) -> None:
    """Undo `take_stock`: what was owed is forgotten first, the rest goes back on the shelf.

    Variants that are gone are skipped.
    """
    for variant_id, quantity in _in_order(lines):
        now_there = db.session.execute(
            update(Variant)
            .where(Variant.id == variant_id, Variant.tracks_stock)
            .values(
                on_hand=Variant.on_hand + func.greatest(quantity - Variant.owed, 0),
                owed=func.greatest(Variant.owed - quantity, 0),
            )
            .returning(Variant.on_hand)
            .execution_options(synchronize_session=False, visitors_see=False)
        ).scalar_one_or_none()
        if now_there is not None and now_there - quantity <= queries.FEW:
            shown.changed()


def set_stock(variant_id: UUID, on_hand: int, *, by: Actor, seen: int | None = None) -> int:
    """Write down what was counted, and return what is there now.

    With `seen`, only the difference to it is applied, so that pieces sold since the page was opened stay sold.
    Raises NotFound.
    """
    counted = on_hand if seen is None else func.greatest(Variant.on_hand + (on_hand - seen), 0)
    now_there = db.session.execute(
        update(Variant)
        .where(Variant.id == variant_id)
        .values(on_hand=counted, owed=0)
        .returning(Variant.on_hand)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if now_there is None:
        raise NotFound
    audit.record(by, "variant.stock_set", variant_id, on_hand=now_there)
    return now_there


def move_stock(variant_id: UUID, number: int, *, reason: str = "", by: Actor) -> int:
    """Note pieces that came in or (negative) went out otherwise than by a sale; return what is there now.

    What came in settles first what is owed; never are there fewer than none. Raises NotFound.
    """
    came = max(number, 0)
    now_there = db.session.execute(
        update(Variant)
        .where(Variant.id == variant_id)
        .values(
            on_hand=func.greatest(Variant.on_hand + number - func.least(Variant.owed, came), 0),
            owed=func.greatest(Variant.owed - came, 0),
        )
        .returning(Variant.on_hand)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if now_there is None:
        raise NotFound
    audit.record(by, "variant.stock_moved", variant_id, number=number, on_hand=now_there, reason=reason)
    return now_there


def count_sold(lines: Iterable[tuple[UUID, int]]) -> None:
    """Add sold pieces, given by product, to the counter behind "featured". For jobs: nobody waits for this row."""
    for product_id, quantity in _in_order(lines):
        db.session.execute(
            update(Product)
            .where(Product.id == product_id)
            .values(sold=Product.sold + quantity, updated_at=Product.updated_at)
            .execution_options(synchronize_session=False, visitors_see=False)
        )


def _in_order(lines: Lines) -> list[tuple[UUID, int]]:
    wanted: Counter[UUID] = Counter()
    for identity, quantity in lines:
        if quantity < 1:
            raise ValueError(f"a line of {quantity} pieces")
        wanted[identity] += quantity
    return sorted(wanted.items())


def _if_counted(then: Any, otherwise: Any) -> Case[Any]:
    return case((Variant.tracks_stock, then), else_=otherwise)
