"""Reading products, variants and pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, bindparam, cast, func, null, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from app.core import db, reader
from app.core.errors import NotFound
from app.core.ids import unknown
from app.core.prepared import Prepared
from app.platform.translating.queries import spoken_one, translations_for
from app.shop.catalog.models import Collection, CollectionProduct, Image, Product, Variant
from app.shop.catalog.schemas import Picture, ProductView, SellableVariant, VariantView


def product_by_handle(handle: str) -> ProductView:
    """The page of an active product, variants, pictures and first collection included, in one statement.

    Raises NotFound for drafts, archived and unknown ones alike.
    """
    row = _page_of_product().first(handle=handle)
    if row is None:
        raise NotFound
    found: ProductView = spoken_one("product", as_written(*row))
    if found.collection_id is None:
        return found
    words = translations_for("collection", [found.collection_id], reader.further_language())
    return replace(found, collection_title=words.get(found.collection_id, {}).get("title") or found.collection_title)


def product_by_id(product_id: UUID) -> ProductView:
    """A product in any status, for staff and the API. Raises NotFound."""
    return _one_view(_views().where(Product.id == product_id, Product.status != "deleted"))


def find_product(handle: str) -> Product | None:
    """The row of a product in any status, locked; None when the handle is free."""
    return db.session.execute(select(Product).where(Product.handle == handle).with_for_update()).scalar_one_or_none()


def lock_product(product_id: UUID) -> Product:
    """The row of a product, locked until the transaction ends. Raises NotFound."""
    wanted = select(Product).where(Product.id == product_id, Product.status != "deleted")
    row = db.session.execute(wanted.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def lock_deleted(product_id: UUID) -> Product | None:
    """A product that is on its way out, locked; None when it is gone or back."""
    wanted = select(Product).where(Product.id == product_id, Product.status == "deleted")
    return db.session.execute(wanted.with_for_update()).scalar_one_or_none()


def lock_variants(product_id: UUID) -> list[Variant]:
    """The variants of a product, locked in id order as stock movements are; sorted by place afterwards."""
    wanted = select(Variant).where(Variant.product_id == product_id).order_by(Variant.id).with_for_update()
    rows = db.session.execute(wanted.execution_options(populate_existing=True)).scalars().all()
    return sorted(rows, key=lambda variant: variant.position)


def images_of(product_id: UUID) -> list[Image]:
    """The pictures of a product in their order."""
    wanted = select(Image).where(Image.product_id == product_id).order_by(Image.position, Image.id)
    return list(db.session.execute(wanted).scalars())


def free_handle(base: str, table: type[Product] | type[Collection] = Product) -> str:
    """`base`, or base-2, base-3 .. when it is taken."""
    # A range instead of LIKE, which would scan the shop under row security.
    wanted = select(table.handle).where(table.handle >= base, table.handle < base + ".")
    taken = set(db.session.execute(wanted).scalars())
    number = 2
    handle = base
    while handle in taken:
        handle, number = f"{base}-{number}", number + 1
    return handle


def taken_handles(handles: list[str]) -> set[str]:
    """Those of the handles that a product has already."""
    return set(db.session.execute(select(Product.handle).where(Product.handle.in_(handles))).scalars())


def count_products() -> int:
    """How many products there are, in any status."""
    wanted = select(func.count()).select_from(Product).where(Product.status != "deleted")
    return db.session.execute(wanted).scalar_one()


def count_for_plan() -> int:
    """How many products a plan counts: every one but samples."""
    wanted = select(func.count()).select_from(Product).where(Product.status != "deleted", Product.is_sample.is_(False))
    return db.session.execute(wanted).scalar_one()


def count_samples() -> int:
    """How many products of the demo catalogue are still there."""
    return db.session.execute(select(func.count()).select_from(Product).where(Product.is_sample)).scalar_one()


def low_stock(limit: int = 3) -> list[SellableVariant]:
    """Counted variants of active products of which at most `limit` are left, fewest first; 50 at most."""
    rows = db.session.execute(
        select(Variant, Product, _picture_of_variant())
        .join(Product, and_(Product.tenant_id == Variant.tenant_id, Product.id == Variant.product_id))
        .where(Product.status == "active", Variant.tracks_stock, Variant.on_hand <= limit)
        .order_by(Variant.on_hand, Product.title, Variant.position)
        .limit(50)
    )
    return [_sellable(variant, product, image) for variant, product, image in rows]


def check_products_exist(ids: list[UUID], field: str = "") -> None:
    """Raise NotFound when one of the products is not this shop's; InvalidInput where a body names them in a field."""
    found = db.session.execute(select(func.count()).select_from(Product).where(Product.id.in_(ids))).scalar_one()
    if found != len(set(ids)):
        raise unknown(field) if field else NotFound


def present_products(ids: Iterable[UUID]) -> list[UUID]:
    """Those of the products that are still there, in the given order."""
    wanted = list(ids)
    found = set(db.session.execute(select(Product.id).where(Product.id.in_(wanted))).scalars()) if wanted else set()
    return [one for one in wanted if one in found]


def variants_by_ids(ids: Iterable[UUID]) -> dict[UUID, SellableVariant]:
    """Variants with their product's name and picture, by id; unknown ones are left out. One statement."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    found = [_sellable_from(row) for row in _sellable_variants().rows(ids=wanted)]
    words = translations_for("product", {one.product_id for one in found}, reader.further_language())
    return {
        one.id: replace(one, product_title=words.get(one.product_id, {}).get("title") or one.product_title)
        for one in found
    }


_SELLABLE = ("id", "product_id", "title", "sku", "price", "compare_at", "weight_grams", "on_hand", "tracks_stock",
             "continue_selling")  # fmt: skip


@cache
def _sellable_variants() -> Prepared:
    """Built once a process; in a bag, at the checkout and in every quote."""
    columns = [getattr(Variant, name) for name in _SELLABLE]
    product = [Product.title.label("product_title"), Product.handle, Product.status]
    picture = cast(_picture_of_variant(), Text).label("picture")
    return Prepared(
        select(*columns, *product, picture)
        .join(Product, and_(Product.tenant_id == Variant.tenant_id, Product.id == Variant.product_id))
        .where(Variant.id == func.any(bindparam("ids", type_=ARRAY(Uuid()))))
    )


def _sellable_from(row: Any) -> SellableVariant:
    has_stock = not row.tracks_stock or row.continue_selling or row.on_hand > 0
    return SellableVariant(
        **{name: getattr(row, name) for name in _SELLABLE},
        product_title=row.product_title,
        handle=row.handle,
        image=picture_from(_decoded(row.picture)) if row.picture else None,
        is_sellable=row.status == "active" and has_stock,
    )


def stock_left(variant_id: UUID) -> tuple[str, int]:
    """Name and pieces left of a variant, for a refusal; ("this product", 0) when it is gone."""
    row = db.session.execute(
        select(Product.title, Variant.title, Variant.on_hand)
        .join(Product, and_(Product.tenant_id == Variant.tenant_id, Product.id == Variant.product_id))
        .where(Variant.id == variant_id)
    ).one_or_none()
    if row is None:
        return "this product", 0
    product, variant, left = row
    return (f"{product} ({variant})" if variant else product), left


def _views() -> Select[*tuple[Any, ...]]:
    return select(Product, _variants_json(), _images_json(), _collection_json())


COLUMNS = ("id", "handle", "title", "description_html", "vendor", "kind", "tags", "status", "seo_title",
            "seo_description", "options", "published_at", "created_at", "updated_at")  # fmt: skip
_decoded = msgspec.json.decode


@cache
def _page_of_product() -> Prepared:
    """Built once a process."""
    return Prepared(rows().where(Product.handle == bindparam("handle"), Product.status == "active"))


def rows(*, is_for_pages: bool = True) -> Select[*tuple[Any, ...]]:
    """Products with all that belongs to them. JSON comes as text, so that equal rows are known again.

    What only pages show is left out otherwise: the first collection, and the smaller sizes of pictures.
    """
    columns = [getattr(Product, name) for name in COLUMNS]
    plain = [cast(one, Text) if isinstance(one.type, JSONB) else one for one in columns]
    shelf = _collection_json() if is_for_pages else null()
    beside = [cast(one, Text) for one in (_variants_json(), _images_json(has_sizes=is_for_pages), shelf)]
    return select(*plain, *beside)


@lru_cache(maxsize=128)
def as_written(*values: Any) -> ProductView:
    """The view of one row, in the shop's own language. Equal rows share it."""
    product = dict(zip(COLUMNS, values, strict=False))
    product |= {name: _decoded(product[name]) for name in ("tags", "options")}
    return _view(SimpleNamespace(**product), *(_decoded(text) if text else None for text in values[len(COLUMNS) :]))


def _variants_json() -> ColumnElement[Any]:
    row = func.json_build_object(
        "id", Variant.id, "title", Variant.title, "options", Variant.options, "sku", Variant.sku,
        "price", Variant.price, "compare_at", Variant.compare_at, "barcode", Variant.barcode,
        "weight_grams", Variant.weight_grams, "on_hand", Variant.on_hand,
        "tracks_stock", Variant.tracks_stock, "continue_selling", Variant.continue_selling,
    )  # fmt: skip
    return (
        select(func.json_agg(aggregate_order_by(row, Variant.position, Variant.id)))
        .where(Variant.tenant_id == Product.tenant_id, Variant.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )


def picture_json(*, has_sizes: bool = True) -> ColumnElement[Any]:
    """A picture as one JSON value, to be read back by `picture_from`."""
    sizes = ("renditions", Image.renditions) if has_sizes else ()
    return func.json_build_object(
        "key", Image.key, "alt", Image.alt, "width", Image.width, "height", Image.height, *sizes,
        "variant_id", Image.variant_id, "id", Image.id,
    )  # fmt: skip


def picture_from(value: dict[str, Any] | None) -> Picture | None:
    """The picture that `picture_json` wrote."""
    if not value:
        return None
    variant_id, own_id = value.pop("variant_id", None), value.pop("id", None)
    return Picture(**value, variant_id=UUID(variant_id) if variant_id else None, id=UUID(own_id) if own_id else None)


def _images_json(*, has_sizes: bool = True) -> ColumnElement[Any]:
    return (
        select(func.json_agg(aggregate_order_by(picture_json(has_sizes=has_sizes), Image.position, Image.id)))
        .where(Image.tenant_id == Product.tenant_id, Image.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )


def _collection_json() -> ColumnElement[Any]:
    return (
        select(func.json_build_object("id", Collection.id, "handle", Collection.handle, "title", Collection.title))
        .join(
            CollectionProduct,
            and_(CollectionProduct.tenant_id == Collection.tenant_id, CollectionProduct.collection_id == Collection.id),
        )
        .where(
            CollectionProduct.tenant_id == Product.tenant_id,
            CollectionProduct.product_id == Product.id,
            Collection.status == "active",
        )
        .order_by(Collection.position, Collection.id)
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )


def _picture_of_variant() -> ColumnElement[Any]:
    """The variant's own picture, else the first of its product."""
    return (
        select(picture_json())
        .where(Image.tenant_id == Variant.tenant_id, Image.product_id == Variant.product_id)
        .order_by(func.coalesce(Image.variant_id == Variant.id, False).desc(), Image.position, Image.id)
        .limit(1)
        .correlate(Variant)
        .scalar_subquery()
    )


def _one_view(statement: Select[*tuple[Any, ...]]) -> ProductView:
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _view(*row)


def _view(
    product: Any,
    variants: list[dict[str, Any]] | None,
    images: list[dict[str, Any]] | None,
    shelf: dict[str, Any] | None,
) -> ProductView:
    return ProductView(
        id=product.id,
        handle=product.handle,
        title=product.title,
        description_html=product.description_html,
        vendor=product.vendor,
        kind=product.kind,
        tags=product.tags,
        status=product.status,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        options=product.options,
        published_at=product.published_at,
        created_at=product.created_at,
        updated_at=product.updated_at,
        variants=tuple(_variant_view(value) for value in variants or ()),
        images=tuple(picture for value in images or () if (picture := picture_from(value))),
        collection_handle=shelf["handle"] if shelf else "",
        collection_title=shelf["title"] if shelf else "",
        collection_id=UUID(shelf["id"]) if shelf else None,
    )


def _variant_view(value: dict[str, Any]) -> VariantView:
    can_sell = not value["tracks_stock"] or value["continue_selling"] or value["on_hand"] > 0
    return VariantView(
        **{**value, "id": UUID(value["id"]), "options": tuple(value["options"])},
        is_sellable=can_sell,
    )


def _sellable(variant: Variant, product: Product, image: dict[str, Any] | None) -> SellableVariant:
    return SellableVariant(
        id=variant.id,
        product_id=product.id,
        product_title=product.title,
        handle=product.handle,
        title=variant.title,
        sku=variant.sku,
        price=variant.price,
        compare_at=variant.compare_at,
        weight_grams=variant.weight_grams,
        on_hand=variant.on_hand,
        tracks_stock=variant.tracks_stock,
        continue_selling=variant.continue_selling,
        image=picture_from(image),
        is_sellable=product.is_active and variant.is_sellable,
    )
