"""Grids of products: narrowed, sorted and paged, one statement for a page of cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, not_, or_, select, true, union_all
from sqlalchemy.dialects.postgresql import array

from app.core import db, isolation
from app.shop.catalog import colours
from app.shop.catalog.models import Collection, CollectionProduct, Image, Product, ProductFacet, Variant
from app.shop.catalog.queries.products import picture_from, picture_json
from app.shop.catalog.queries.search import Match, matching_products
from app.shop.catalog.schemas import Card, Listing

PAGE_SIZE = 24
FEW = 5


@dataclass(frozen=True)
class Narrowing:
    """What a grid shows: a shelf or a search, and the ticked filters. Prices in minor units."""

    collection_id: UUID | None = None
    matches: list[Match] | None = None
    available: bool = False
    price_min: int | None = None
    price_max: int | None = None
    choices: dict[str, set[str]] = field(default_factory=dict)
    """Facet name -> values; one of the values must fit, for each name."""
    sort: str = "featured"
    page: int = 1


def listing(wanted: Narrowing) -> Listing:
    """One page of cards, with the number of all that fit."""
    number = max(1, min(wanted.page, 10_000))
    ids = narrowed(wanted).subquery("fitting")
    chosen = (
        select(
            ids.c.id,
            func.count().over().label("total"),
            func.row_number().over(order_by=_order(ids, wanted)).label("place"),
        )
        .order_by("place")
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
        .subquery("chosen")
    )
    rows = db.session.execute(_cards(chosen, _ticked_options(wanted)).add_columns(chosen.c.total)).all()
    total = rows[0].total if rows else 0
    return Listing([_card(row) for row in rows], total, number, max(1, -(-total // PAGE_SIZE)))


def cards_of(product_ids: list[UUID]) -> list[Card]:
    """Cards of active products in the given order."""
    if not product_ids:
        return []
    place = case({identity: number for number, identity in enumerate(product_ids)}, value=Product.id)
    chosen = select(Product.id, place.label("place")).where(Product.id.in_(product_ids), Product.status == "active")
    return [_card(row) for row in db.session.execute(_cards(chosen.subquery("chosen")))]


def card_of(handle: str) -> Card | None:
    """The card of one active product; None when there is none."""
    return next(
        iter(
            _first_cards(
                select(Product.id).where(Product.handle == handle, Product.status == "active"), [Product.id], 1
            )
        ),
        None,
    )


def newest_cards(most: int = 8, collection_handle: str = "") -> list[Card]:
    """The first cards of a collection, or of the whole shop: best sold, then newest."""
    chosen = select(Product.id).where(Product.status == "active")
    order: list[Any] = [Product.sold.desc(), Product.published_at.desc(), Product.id]
    if collection_handle:
        chosen = chosen.join(CollectionProduct, _on_shelf()).join(
            Collection,
            and_(
                Collection.tenant_id == CollectionProduct.tenant_id,
                Collection.id == CollectionProduct.collection_id,
                Collection.handle == collection_handle,
                Collection.status == "active",
            ),
        )
        order.insert(0, CollectionProduct.position)
    return _first_cards(chosen, order, most)


def related_cards(product_id: UUID, most: int = 4) -> list[Card]:
    """Other active products: those that share most tags, type and brand come first, then the best sold."""
    others = and_(Product.tenant_id == isolation.tenant_id(), Product.status == "active", Product.id != product_id)
    mine = _facets_of(product_id)
    weight = func.count(mine.c.name)
    alike = (
        select(Product.id, weight.label("weight"), Product.sold)
        .join(ProductFacet, and_(ProductFacet.tenant_id == Product.tenant_id, ProductFacet.product_id == Product.id))
        .join(mine, and_(mine.c.name == ProductFacet.name, mine.c.value == ProductFacet.value))
        .where(others)
        .group_by(Product.tenant_id, Product.id)
        .order_by(weight.desc(), Product.sold.desc(), Product.id)
        .limit(most)
    )
    best_sold = select(Product.id, literal(0).label("weight"), Product.sold).where(others)
    best_sold = best_sold.order_by(Product.status.desc(), Product.sold.desc()).limit(most)
    both = union_all(alike, best_sold).subquery("both")
    chosen = select(both.c.id).group_by(both.c.id, both.c.sold)
    return _first_cards(chosen, [func.max(both.c.weight).desc(), both.c.sold.desc(), both.c.id], most)


def narrowed(wanted: Narrowing, without: str = "") -> Select[*tuple[Any, ...]]:
    """The active products that fit, with what they are sorted by; `without` leaves one filter out."""
    columns = [Product.id, Product.title, Product.price_from, Product.published_at, Product.sold]
    fitting = select(*columns).where(Product.status == "active")
    if wanted.collection_id:
        fitting = fitting.join(CollectionProduct, _on_shelf()).where(
            CollectionProduct.collection_id == wanted.collection_id
        )
        fitting = fitting.add_columns(CollectionProduct.position.label("rank"))
    elif wanted.matches is not None:
        found = matching_products(wanted.matches)
        fitting = fitting.join(found, found.c.product_id == Product.id).add_columns((-found.c.score).label("rank"))
    for condition in _conditions(wanted, without):
        fitting = fitting.where(condition)
    return fitting


def can_be_bought() -> ColumnElement[bool]:
    """At least one variant of the product can be sold now."""
    return (
        select(Variant.id)
        .where(Variant.tenant_id == Product.tenant_id, Variant.product_id == Product.id, is_sellable())
        .correlate(Product)
        .exists()
    )


def is_sellable() -> ColumnElement[bool]:
    """`Variant.is_sellable` for the database."""
    return or_(not_(Variant.tracks_stock), Variant.continue_selling, Variant.on_hand > 0)


def _conditions(wanted: Narrowing, without: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.available and without != "available":
        conditions.append(can_be_bought())
    if without != "price":
        if wanted.price_min is not None:
            conditions.append(Product.price_from >= wanted.price_min)
        if wanted.price_max is not None:
            conditions.append(Product.price_from <= wanted.price_max)
    conditions += [_has(name, values) for name, values in sorted(wanted.choices.items()) if name != without]
    return conditions


def _has(name: str, values: set[str]) -> ColumnElement[bool]:
    return (
        select(ProductFacet.product_id)
        .where(
            ProductFacet.tenant_id == Product.tenant_id,
            ProductFacet.product_id == Product.id,
            ProductFacet.name == name,
            ProductFacet.value.in_(sorted(values)),
        )
        .correlate(Product)
        .exists()
    )


def _order(ids: Subquery, wanted: Narrowing) -> list[Any]:
    by_taste = [ids.c.sold.desc(), ids.c.published_at.desc()]
    ranked = [ids.c.rank, *by_taste] if "rank" in ids.c else by_taste
    orders: dict[str, list[Any]] = {
        "newest": [ids.c.published_at.desc()],
        "price-up": [ids.c.price_from],
        "price-down": [ids.c.price_from.desc()],
        "title": [func.lower(ids.c.title)],
    }
    return [*orders.get(wanted.sort, ranked), ids.c.id]


def _on_shelf() -> ColumnElement[bool]:
    return and_(CollectionProduct.tenant_id == Product.tenant_id, CollectionProduct.product_id == Product.id)


def _facets_of(product_id: UUID) -> Subquery:
    wanted = select(ProductFacet.name, ProductFacet.value).where(
        ProductFacet.tenant_id == isolation.tenant_id(),
        ProductFacet.product_id == product_id,
        ProductFacet.name.in_(("tag", "kind", "vendor")),
    )
    return wanted.subquery("mine")


def _first_cards(chosen: Select[*tuple[Any, ...]], order: list[Any], most: int) -> list[Card]:
    place = func.row_number().over(order_by=order).label("place")
    limited = chosen.add_columns(place).order_by(*order).limit(most).subquery("chosen")
    return [_card(row) for row in db.session.execute(_cards(limited))]


def _ticked_options(wanted: Narrowing) -> list[str]:
    """The option values that are filtered by: a card shows the variant that was asked for."""
    return sorted({value for name, ticked in wanted.choices.items() if name.startswith("option:") for value in ticked})


def _cards(chosen: Subquery, preferred: list[str] | None = None) -> Select[*tuple[Any, ...]]:
    """Products with the variant that speaks for them and one picture.

    It is the first that can be bought, of those with a preferred option value where there are any.
    """
    asked_for = [Variant.options.has_any(array(preferred)).desc()] if preferred else []
    first = (
        select(Variant)
        .where(Variant.tenant_id == Product.tenant_id, Variant.product_id == Product.id)
        .order_by(*asked_for, is_sellable().desc(), Variant.position, Variant.id)
        .limit(1)
        .correlate(Product)
        .lateral("first_variant")
    )
    picture = (
        select(picture_json())
        .where(Image.tenant_id == Product.tenant_id, Image.product_id == Product.id)
        .order_by(func.coalesce(Image.variant_id == first.c.id, False).desc(), Image.position, Image.id)
        .limit(1)
        .correlate(Product, first)
        .scalar_subquery()
    )
    return (
        select(Product, first.c.id, first.c.options, first.c.price, first.c.compare_at, first.c.on_hand)
        .add_columns(first.c.tracks_stock, first.c.continue_selling, picture.label("picture"))
        .join(chosen, chosen.c.id == Product.id)
        .outerjoin(first, true())
        .order_by(chosen.c.place)
    )


def _card(row: Any) -> Card:
    product: Product = row.Product
    counts = bool(row.tracks_stock) and not row.continue_selling
    is_available = row.id is not None and (not counts or row.on_hand > 0)
    return Card(
        product_id=product.id,
        handle=product.handle,
        title=product.title,
        subtitle=", ".join(row.options or ()) or product.kind or product.vendor,
        price=row.price if row.price is not None else product.price_from,
        compare_at=row.compare_at,
        has_price_range=product.price_to > product.price_from,
        variant_id=row.id if is_available else None,
        is_available=is_available,
        few_left=row.on_hand if counts and 0 < row.on_hand <= FEW else None,
        is_new=any(tag.casefold() == "new" for tag in product.tags),
        image=picture_from(row.picture),
        swatches=colours.swatches(product.options),
    )
