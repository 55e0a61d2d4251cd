"""What the staff's pages of the catalogue show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core import db, keyset
from app.core.errors import NotFound
from app.shop.catalog.forms import ProductFilter
from app.shop.catalog.importing import queries as belongings
from app.shop.catalog.models import Collection, CollectionProduct, Image, Product, ProductFacet, Variant
from app.shop.catalog.queries.search import matches_for, matching_products

PRODUCTS_A_PAGE = 50
LOW = 3
_SORTS = {
    "newest": (Product.created_at, True),
    "oldest": (Product.created_at, False),
    "title": (Product.title, False),
    "title_down": (Product.title, True),
    "price": (Product.price_from, False),
    "price_down": (Product.price_from, True),
}


@dataclass(frozen=True)
class Listed:
    """A product in the staff's list."""

    product: Product
    variants: list[Variant]
    image: Image | None

    @property
    def pieces(self) -> int | None:
        """Pieces on hand of all variants that are counted; None when none is."""
        counted = [variant.on_hand for variant in self.variants if variant.tracks_stock]
        return sum(counted) if counted else None


@dataclass(frozen=True)
class Editable:
    """A product with everything that its page changes."""

    product: Product
    variants: list[Variant] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    collection_ids: list[UUID] = field(default_factory=list)


def products(wanted: ProductFilter) -> keyset.Slice[Listed]:
    """One page of products for the filters."""
    statement = select(Product)
    for condition in _conditions(wanted):
        statement = statement.where(condition)
    column, descending = _SORTS[wanted.sort]
    order = keyset.Order(column, Product.id, descending=descending)
    found = keyset.fetch(db.session, statement, order, wanted.cursor, PRODUCTS_A_PAGE)
    return keyset.Slice(listed(found.rows), found.next, found.previous)


def listed(rows: Iterable[Product]) -> list[Listed]:
    """Products with their variants and first pictures. Two statements, whatever their number."""
    rows = list(rows)
    ids = [row.id for row in rows]
    variants, images = belongings.variants_of(ids), belongings.images_of(ids)
    return [Listed(row, variants.get(row.id, []), next(iter(images.get(row.id, [])), None)) for row in rows]


def counts() -> dict[str, int]:
    """How many products there are in each status; "" is all of them."""
    wanted = select(Product.status, func.count()).where(Product.status != "deleted").group_by(Product.status)
    found = dict(db.session.execute(wanted).all())
    return {"": sum(found.values()), **found}


def editable(product_id: UUID) -> Editable:
    """A product in any status with variants, pictures and collections. Raises NotFound."""
    wanted = select(Product).where(Product.id == product_id, Product.status != "deleted")
    product = db.session.execute(wanted).scalar_one_or_none()
    if product is None:
        raise NotFound
    shelves = select(CollectionProduct.collection_id).where(CollectionProduct.product_id == product_id)
    return Editable(
        product,
        belongings.variants_of([product_id]).get(product_id, []),
        belongings.images_of([product_id]).get(product_id, []),
        list(db.session.scalars(shelves)),
    )


def product_of_variant(variant_id: UUID) -> UUID:
    """The product that a variant belongs to. Raises NotFound."""
    found = db.session.execute(select(Variant.product_id).where(Variant.id == variant_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def products_of_variants(variant_ids: Sequence[UUID]) -> list[UUID]:
    """The products that variants belong to, each once; unknown ids are left out."""
    return list(db.session.scalars(select(Variant.product_id).where(Variant.id.in_(variant_ids)).distinct()))


def holders_of_skus(skus: Iterable[str], but_product: UUID | None) -> dict[str, str]:
    """Of these SKUs those that a variant of another product has, with that product's title."""
    wanted = (
        select(Variant.sku, Product.title)
        .join(Product, and_(Variant.tenant_id == Product.tenant_id, Variant.product_id == Product.id))
        .where(Variant.sku.in_(list(skus)), Product.status != "deleted")
    )
    if but_product is not None:
        wanted = wanted.where(Product.id != but_product)
    return {row.sku: row.title for row in db.session.execute(wanted)}


def collection_by_id(collection_id: UUID) -> Collection:
    """A collection in any state. Raises NotFound."""
    row = db.session.execute(select(Collection).where(Collection.id == collection_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def products_in(collection_id: UUID) -> list[Listed]:
    """The products of a collection in its order, the first 200."""
    return listed(db.session.scalars(_in_order(collection_id).limit(200)))


def products_to_add(collection_id: UUID, text: str, most: int = 12) -> list[Listed]:
    """Products that are not in the collection yet: those found by the text, else the newest."""
    inside = _membership(collection_id).exists()
    wanted = select(Product).where(~inside, Product.status.in_(("active", "draft")))
    if text:
        wanted = wanted.where(Product.id.in_(select(matching_products(matches_for(text)).c.product_id)))
    return listed(db.session.scalars(wanted.order_by(Product.created_at.desc(), Product.id).limit(most)))


def ids_after(wanted: ProductFilter, after: UUID | None, most: int) -> list[UUID]:
    """The products that a list shows, on all of its pages, by id from behind the given one."""
    statement = select(Product.id).order_by(Product.id).limit(most)
    for condition in _conditions(wanted):
        statement = statement.where(condition)
    if after is not None:
        statement = statement.where(Product.id > after)
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class StockWanted:
    """Whose stock is asked for; what is empty does not narrow."""

    sku: str = ""
    product_id: UUID | None = None
    at_most: int | None = None
    updated_since: datetime | None = None
    updated_before: datetime | None = None


def stock_levels(wanted: StockWanted, after: UUID | None, most: int) -> list[Variant]:
    """Variants in the order of their ids, from behind the given one; those of deleted products are left out."""
    statement = (
        select(Variant)
        .join(Product, and_(Product.tenant_id == Variant.tenant_id, Product.id == Variant.product_id))
        .where(Product.status != "deleted")
        .order_by(Variant.id)
        .limit(most)
    )
    if wanted.sku:
        statement = statement.where(Variant.sku == wanted.sku)
    if wanted.product_id is not None:
        statement = statement.where(Variant.product_id == wanted.product_id)
    if wanted.at_most is not None:
        statement = statement.where(Variant.tracks_stock, Variant.on_hand <= wanted.at_most)
    if wanted.updated_since is not None:
        statement = statement.where(Variant.updated_at >= wanted.updated_since)
    if wanted.updated_before is not None:
        statement = statement.where(Variant.updated_at < wanted.updated_before)
    if after is not None:
        statement = statement.where(Variant.id > after)
    return list(db.session.scalars(statement))


def locked(product_ids: Iterable[UUID]) -> list[Product]:
    """These products, locked in the order of their ids. Raises NotFound when one is not there.

    Their variants are locked before them, which is the order of everything that moves stock.
    """
    ids = sorted(set(product_ids))
    db.session.execute(select(Variant.id).where(Variant.product_id.in_(ids)).order_by(Variant.id).with_for_update())
    wanted = select(Product).where(Product.id.in_(ids), Product.status != "deleted").order_by(Product.id)
    rows = list(db.session.scalars(wanted.with_for_update()))
    if len(rows) != len(ids):
        raise NotFound
    return rows


def _has_facet(name: str, value: str) -> ColumnElement[bool]:
    facet = select(ProductFacet.product_id).where(
        ProductFacet.tenant_id == Product.tenant_id,
        ProductFacet.product_id == Product.id,
        ProductFacet.name == name,
        ProductFacet.value == value,
    )
    return facet.exists()


def _in_order(collection_id: UUID) -> Select[tuple[Product]]:
    return (
        select(Product)
        .join(
            CollectionProduct,
            and_(CollectionProduct.tenant_id == Product.tenant_id, CollectionProduct.product_id == Product.id),
        )
        .where(CollectionProduct.collection_id == collection_id, Product.status != "deleted")
        .order_by(CollectionProduct.position, Product.id)
    )


def _membership(collection_id: UUID) -> Select[tuple[UUID]]:
    return select(CollectionProduct.product_id).where(
        CollectionProduct.tenant_id == Product.tenant_id,
        CollectionProduct.product_id == Product.id,
        CollectionProduct.collection_id == collection_id,
    )


def _conditions(wanted: ProductFilter) -> Iterable[ColumnElement[bool]]:
    yield Product.status == wanted.status if wanted.status else Product.status != "deleted"
    if wanted.tag:
        yield _has_facet("tag", wanted.tag)
    if wanted.vendor:
        yield Product.vendor == wanted.vendor
    if wanted.collection:
        yield _membership(wanted.collection).exists()
    if wanted.q:
        yield Product.id.in_(select(matching_products(matches_for(wanted.q)).c.product_id))
    of_product = select(Variant.id).where(Variant.tenant_id == Product.tenant_id, Variant.product_id == Product.id)
    can_be_sold = of_product.where(~Variant.tracks_stock | (Variant.on_hand > 0)).exists()
    if wanted.stock == "in":
        yield can_be_sold
    elif wanted.stock == "out":
        yield ~can_be_sold
    elif wanted.stock == "low":
        yield of_product.where(Variant.tracks_stock, Variant.on_hand <= LOW).exists()
