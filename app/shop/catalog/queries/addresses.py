"""The addresses of everything that shoppers see, for crawlers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core import db
from app.shop.catalog.models import Collection, Product


def sitemap_shelves() -> list[tuple[str, datetime]]:
    """(path, changed) of every active collection."""
    wanted = select(Collection.handle, Collection.updated_at).where(Collection.status == "active")
    rows = db.session.execute(wanted.order_by(Collection.position, Collection.id))
    return [(f"/collections/{row.handle}", row.updated_at) for row in rows]


def sitemap_products(after: UUID | None, most: int) -> list[tuple[str, datetime]]:
    """(path, changed) of active products behind one, in the order of their ids."""
    wanted = select(Product.handle, Product.updated_at).where(Product.status == "active").order_by(Product.id)
    if after is not None:
        wanted = wanted.where(Product.id > after)
    return [(f"/products/{row.handle}", row.updated_at) for row in db.session.execute(wanted.limit(most))]


def sitemap_ends(size: int) -> list[UUID]:
    """The last product of each full part that another one follows."""
    numbered = select(
        Product.id, func.row_number().over(order_by=Product.id).label("number"), func.count().over().label("whole")
    ).where(Product.status == "active")
    every = numbered.subquery("numbered")
    wanted = select(every.c.id).where(every.c.number % size == 0, every.c.number < every.c.whole)
    return list(db.session.execute(wanted.order_by(every.c.number)).scalars())
