"""Reading collections."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core import db, frames, keyset, reader
from app.core.errors import NotFound
from app.core.ids import unknown
from app.platform.translating.queries import spoken, spoken_one
from app.shop.catalog.models import Collection, CollectionProduct, Image, Product
from app.shop.catalog.programs import CollectionFilter
from app.shop.catalog.queries.products import picture_from, picture_json
from app.shop.catalog.schemas import Picture


@dataclass(frozen=True)
class Tile:
    """A collection as a picture that leads to it."""

    handle: str
    title: str
    image: Picture | None


@dataclass(frozen=True)
class Shelf:
    """An active collection as its page shows it."""

    id: UUID
    handle: str
    title: str
    description_html: str
    seo_title: str
    seo_description: str


def collection_by_handle(handle: str) -> Shelf:
    """An active collection in the reader's language, read once for each version of the pages. Raises NotFound."""
    found = frames.kept_as_chosen(("shelf", handle, reader.further_language()), lambda: _shelf(handle))
    if found is None:
        raise NotFound
    return found


def _shelf(handle: str) -> Shelf | None:
    columns = (getattr(Collection, one.name) for one in fields(Shelf))
    wanted = select(*columns).where(Collection.handle == handle, Collection.status == "active")
    row = db.session.execute(wanted).one_or_none()
    return None if row is None else spoken_one("collection", Shelf(*row))


def lock_collection(collection_id: UUID) -> Collection:
    """The row of a collection, locked until the transaction ends. Raises NotFound."""
    wanted = select(Collection).where(Collection.id == collection_id).with_for_update()
    row = db.session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def lock_collections() -> list[Collection]:
    """Every collection in its order, locked in the order of their ids."""
    rows = db.session.execute(select(Collection).order_by(Collection.id).with_for_update()).scalars()
    return sorted(rows, key=lambda row: (row.position, row.title))


def present(product_ids: list[UUID]) -> list[UUID]:
    """Those of the products that are in the shop, in the given order."""
    wanted = select(Product.id).where(Product.id.in_(product_ids), Product.status != "deleted")
    found = set(db.session.execute(wanted).scalars())
    return [identity for identity in product_ids if identity in found]


def collections(*, only_active: bool = False) -> list[tuple[Collection, int]]:
    """Every collection in its order, with the number of its products."""
    wanted = _numbered().order_by(Collection.position, Collection.title)
    if only_active:
        wanted = wanted.where(Collection.status == "active")
    return [(row, count) for row, count in db.session.execute(wanted)]


def collections_page(asked: CollectionFilter) -> keyset.Slice[tuple[Collection, int]]:
    """Collections likewise for programs, sorted as they ask. Two statements."""
    wanted = keyset.within(select(Collection), asked, Collection.created_at, Collection.updated_at)
    if asked.status:
        wanted = wanted.where(Collection.status == asked.status)
    if asked.handle:
        wanted = wanted.where(Collection.handle == asked.handle)
    order = keyset.Order(getattr(Collection, asked.sort.lstrip("-")), Collection.id, asked.sort[0] == "-")
    found = keyset.fetch(db.session, wanted, order, keyset.known(asked.cursor), asked.limit)
    shelf = CollectionProduct.collection_id
    standing = select(shelf, func.count()).where(shelf.in_([row.id for row in found.rows])).group_by(shelf)
    numbers = dict(db.session.execute(standing).all())
    return keyset.Slice([(row, numbers.get(row.id, 0)) for row in found.rows], found.next, found.previous)


def collections_of(product_ids: list[UUID]) -> list[tuple[UUID, Collection, int]]:
    """Which collections several products are in: product, collection, number of its products."""
    is_in = and_(CollectionProduct.tenant_id == Collection.tenant_id, CollectionProduct.collection_id == Collection.id)
    wanted = _numbered().add_columns(CollectionProduct.product_id).join(CollectionProduct, is_in)
    wanted = wanted.where(CollectionProduct.product_id.in_(product_ids))
    found = db.session.execute(wanted.order_by(Collection.position, Collection.id))
    return [(product_id, row, number) for row, number, product_id in found]


def collection_with_number(collection_id: UUID) -> tuple[Collection, int]:
    """A collection in any state, with the number of its products. Raises NotFound."""
    db.flush()
    wanted = _numbered().where(Collection.id == collection_id).execution_options(populate_existing=True)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def check_collection_exists(collection_id: UUID, field: str) -> None:
    """Raise InvalidInput beside the field of a body that names a collection which is not this shop's."""
    if db.session.execute(select(Collection.id).where(Collection.id == collection_id)).scalar_one_or_none() is None:
        raise unknown(field)


def _numbered() -> Select[Collection, int]:
    size = (
        select(func.count())
        .select_from(CollectionProduct)
        .where(CollectionProduct.tenant_id == Collection.tenant_id, CollectionProduct.collection_id == Collection.id)
        .correlate(Collection)
        .scalar_subquery()
    )
    return select(Collection, size)


def product_ids_in(collection_id: UUID) -> list[UUID]:
    """The products of a collection in the order the merchant chose."""
    wanted = (
        select(CollectionProduct.product_id)
        .where(CollectionProduct.collection_id == collection_id)
        .order_by(CollectionProduct.position, CollectionProduct.product_id)
    )
    return list(db.session.execute(wanted).scalars())


def collection_tiles(handles: list[str] | None = None, most: int = 6) -> list[Tile]:
    """Active collections as tiles: their own picture, else the one of their first product. One statement.

    With `handles`, those in that order; without, the first ones.
    """
    wanted = select(Collection, _first_picture()).where(Collection.status == "active")
    if handles:
        wanted = wanted.where(Collection.handle.in_(handles))
    rows = db.session.execute(wanted.order_by(Collection.position, Collection.title).limit(most)).all()
    titles = {one.id: one.title for one in spoken("collection", [row for row, _ in rows])}
    tiles = [Tile(row.handle, titles[row.id], _own_picture(row) or picture_from(first)) for row, first in rows]
    return sorted(tiles, key=lambda tile: handles.index(tile.handle)) if handles else tiles


def _first_picture() -> ColumnElement[Any]:
    return (
        select(picture_json())
        .join(
            CollectionProduct,
            and_(CollectionProduct.tenant_id == Image.tenant_id, CollectionProduct.product_id == Image.product_id),
        )
        .join(Product, and_(Product.tenant_id == Image.tenant_id, Product.id == Image.product_id))
        .where(
            CollectionProduct.tenant_id == Collection.tenant_id,
            CollectionProduct.collection_id == Collection.id,
            Product.status == "active",
        )
        .order_by(CollectionProduct.position, Image.position)
        .limit(1)
        .correlate(Collection)
        .scalar_subquery()
    )


def _own_picture(row: Collection) -> Picture | None:
    if not row.image_key:
        return None
    largest = max(row.image_renditions, key=lambda r: r.get("width", 0), default={})
    return Picture(row.image_key, "", largest.get("width", 0), largest.get("height", 0), row.image_renditions)
