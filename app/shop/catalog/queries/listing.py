"""Grids of products: narrowed, sorted and paged, one statement for a page of cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Exists,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.core import db
from app.core.prepared import Prepared
from app.platform.translating.queries import spoken
from app.shop.catalog import colours
from app.shop.catalog.models import Collection, CollectionProduct, Image, Product, ProductFacet, Variant
from app.shop.catalog.queries.products import picture_from, picture_json
from app.shop.catalog.queries.search import Match, matching_products
from app.shop.catalog.queries.walking import falls, is_shown, key_of, on_shelf, walked
from app.shop.catalog.schemas import SORTS, Card, Listing

PAGE_SIZE = 24
MOST_PAGES = 200
"""Nobody pages so far; who looks for more narrows, and crawlers read the sitemap."""
FEW = 5


@dataclass(frozen=True)
class Narrowing:
    """What a grid shows: a shelf or a search, and the ticked filters. Prices in minor units.

    For a prepared statement, parameters stand in the place of values.
    """

    collection_id: Any = None
    matches: list[Match] | None = None
    available: bool = False
    price_min: Any = None
    price_max: Any = None
    choices: dict[Any, Any] = field(default_factory=dict)
    """Facet name -> values; one of the values must fit, for each name."""
    sort: str = "featured"
    page: int = 1


def listing(wanted: Narrowing, *, is_dense: bool = False, fitting: int | None = None) -> Listing:
    """One page of cards, `MOST_PAGES` deep at most.

    `is_dense` says that a good part of the grid fits: then the products are read in the order of an index, and each is
    asked whether it fits, until the page is full. Else those that fit are found first and sorted: also where too few
    of the first products do (the best sold ones are all blue), which the number that are `fitting` tells, if known.
    """
    number = max(1, min(wanted.page, MOST_PAGES))
    offset = (number - 1) * PAGE_SIZE
    rows = _rows(wanted, offset, is_dense=is_dense)
    if is_dense and len(rows) <= PAGE_SIZE and (fitting is None or offset + len(rows) < fitting):
        rows = _rows(wanted, offset, is_dense=False)
    has_next = len(rows) > PAGE_SIZE and number < MOST_PAGES
    return Listing(cards_from(rows[:PAGE_SIZE]), number, has_next)


def _rows(wanted: Narrowing, offset: int, *, is_dense: bool) -> Sequence[Any]:
    ticked = _ticked_options(wanted)
    if wanted.matches is not None:
        return db.session.execute(_page_of_cards(wanted, offset, ticked, is_dense=is_dense)).all()
    values = {name: value for name, value in _values(wanted).items() if value is not None}
    more = {"offset": offset} | ({"preferred": ticked} if ticked else {})
    return _prepared(_shape_of(wanted, is_dense=is_dense, prefers=bool(ticked))).rows(**values, **more)


def _page_of_cards(wanted: Narrowing, offset: Any, preferred: Any, *, is_dense: bool) -> Select[*tuple[Any, ...]]:
    order = _order(wanted)
    if is_dense:
        ordered = _walked(wanted, order)
    else:
        ordered = narrowed(wanted)
        keys: list[ColumnElement[Any]] = [literal_column(f"key_{place}") for place in range(len(order))]
        keyed = [key_of(one).label(f"key_{place}") for place, one in enumerate(order)]
        fitting = ordered.add_columns(*keyed).offset(0).subquery("fitting")
        ordered = select(fitting.c.id).order_by(
            *(k.desc() if falls(one) else k for k, one in zip(keys, order, strict=True))
        )
    return cards_for(_placed(ordered.limit(PAGE_SIZE + 1).offset(offset)), preferred)


def _walked(wanted: Narrowing, order: list[Any]) -> Select[*tuple[Any, ...]]:
    """The grid in the order of one index. Prices limit how it is read where it goes by price, else each product."""
    by_shelf = wanted.collection_id is not None and order[0] is CollectionProduct.position
    prices = _price_limits(wanted)
    if by_shelf:
        first = select(CollectionProduct.product_id.label("id")).where(
            CollectionProduct.collection_id == wanted.collection_id
        )
    else:
        first = select(Product.id).where(Product.status == "active", *(prices if "price" in wanted.sort else ()))

    def asked(product_id: Any) -> list[Exists]:
        conditions = [is_shown(product_id, *prices)] if by_shelf or (prices and "price" not in wanted.sort) else []
        if wanted.collection_id is not None and not by_shelf:
            conditions.append(on_shelf(product_id, wanted.collection_id))
        conditions += [_has(name, values, product_id) for name, values in _sorted_choices(wanted)]
        return [*conditions, can_be_bought(product_id)] if wanted.available else conditions

    return walked(first, order, asked)


@dataclass(frozen=True)
class Shape:
    """What a grid's statement looks like, without the values in it. Bounded, since visitors choose it."""

    has_shelf: bool
    available: bool
    has_min: bool
    has_max: bool
    filters: int
    sort: str
    is_dense: bool
    prefers: bool


def _shape_of(wanted: Narrowing, *, is_dense: bool, prefers: bool) -> Shape:
    has_min, has_max = wanted.price_min is not None, wanted.price_max is not None
    sort = wanted.sort if wanted.sort in SORTS else "featured"
    shelf = wanted.collection_id is not None
    return Shape(shelf, wanted.available, has_min, has_max, len(wanted.choices), sort, is_dense, prefers)


def _values(wanted: Narrowing) -> dict[str, Any]:
    """The values that belong into a shape."""
    found: dict[str, Any] = {"shelf": wanted.collection_id, "min": wanted.price_min, "max": wanted.price_max}
    for number, (name, values) in enumerate(sorted(wanted.choices.items())):
        found |= {f"name_{number}": name, f"values_{number}": sorted(values)}
    return found


@lru_cache(maxsize=200)
def _prepared(shape: Shape) -> Prepared:
    choices = {
        bindparam(f"name_{number}", type_=Text()): bindparam(f"values_{number}", type_=ARRAY(Text()))
        for number in range(shape.filters)
    }
    wanted = Narrowing(
        collection_id=bindparam("shelf", type_=Uuid()) if shape.has_shelf else None,
        available=shape.available,
        price_min=bindparam("min", type_=BigInteger()) if shape.has_min else None,
        price_max=bindparam("max", type_=BigInteger()) if shape.has_max else None,
        choices=choices,
        sort=shape.sort,
    )
    preferred = bindparam("preferred", type_=ARRAY(Text())) if shape.prefers else None
    offset = bindparam("offset", type_=BigInteger())
    return Prepared(_page_of_cards(wanted, offset, preferred, is_dense=shape.is_dense))


def cards_of(product_ids: list[UUID]) -> list[Card]:
    """Cards of active products in the given order."""
    if not product_ids:
        return []
    place = case({identity: number for number, identity in enumerate(product_ids)}, value=Product.id)
    chosen = select(Product.id, place.label("place")).where(Product.id.in_(product_ids), Product.status == "active")
    return cards_from(db.session.execute(cards_for(chosen.subquery("chosen"))).all())


def card_of(handle: str) -> Card | None:
    """The card of one active product; None when there is none."""
    return next(
        iter(
            first_cards(select(Product.id).where(Product.handle == handle, Product.status == "active"), [Product.id], 1)
        ),
        None,
    )


def newest_cards(most: int = 8, collection_handle: str = "") -> list[Card]:
    """The first cards of a collection, or of the whole shop: best sold, then newest."""
    chosen = select(Product.id).where(Product.status == "active")
    order: list[Any] = [Product.sold.desc(), Product.published_at.desc(), Product.id.desc()]
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
        order = [CollectionProduct.position, CollectionProduct.product_id]
    return first_cards(chosen, order, most)


def narrowed(wanted: Narrowing, without: str = "") -> Select[*tuple[Any, ...]]:
    """Id and lowest price of the active products that fit; `without` leaves one filter out."""
    fitting = select(Product.id, Product.price_from).where(Product.status == "active")
    if wanted.collection_id is not None:
        fitting = fitting.join(CollectionProduct, _on_shelf()).where(
            CollectionProduct.collection_id == wanted.collection_id
        )
    elif wanted.matches is not None:
        found = matching_products(wanted.matches)
        fitting = fitting.join(found, found.c.product_id == Product.id).add_columns(found.c.score)
    for condition in _conditions(wanted, without):
        fitting = fitting.where(condition)
    return fitting


def can_be_bought(product_id: Any) -> Exists:
    """At least one variant of the product can be sold now."""
    return select(Variant.id).where(Variant.product_id == product_id, is_sellable()).correlate_except(Variant).exists()


def is_sellable() -> ColumnElement[bool]:
    """`Variant.is_sellable` for the database."""
    return or_(not_(Variant.tracks_stock), Variant.continue_selling, Variant.on_hand > 0)


def _conditions(wanted: Narrowing, without: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.available and without != "available":
        conditions.append(can_be_bought(Product.id))
    if without != "price":
        conditions += _price_limits(wanted)
    conditions += [
        _has(name, values, Product.id)
        for name, values in _sorted_choices(wanted)
        if not without or name != without  # without "" a name may be a parameter, which does not compare
    ]
    return conditions


def _price_limits(wanted: Narrowing) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if wanted.price_min is not None:
        limits.append(Product.price_from >= wanted.price_min)
    if wanted.price_max is not None:
        limits.append(Product.price_from <= wanted.price_max)
    return limits


def _sorted_choices(wanted: Narrowing) -> list[tuple[Any, Any]]:
    return sorted(wanted.choices.items(), key=lambda one: str(one[0]))


def _has(name: Any, values: Any, product_id: Any) -> Exists:
    return (
        select(ProductFacet.product_id)
        .where(
            ProductFacet.product_id == product_id,
            ProductFacet.name == name,
            ProductFacet.value.in_(sorted(values))
            if isinstance(values, set)
            else ProductFacet.value == func.any(values),
        )
        .correlate_except(ProductFacet)
        .exists()
    )


def _order(wanted: Narrowing) -> list[Any]:
    """In the order of an index each, so that the first page costs the same however many follow."""
    best_sold = [Product.sold.desc(), Product.published_at.desc(), Product.id.desc()]
    featured: list[Any] = best_sold
    if wanted.collection_id is not None:
        featured = [CollectionProduct.position, CollectionProduct.product_id]
    elif wanted.matches is not None:
        featured = [literal_column("score").desc(), *best_sold]
    orders: dict[str, list[Any]] = {
        "newest": [Product.published_at.desc(), Product.id.desc()],
        "price-up": [Product.price_from, Product.id],
        "price-down": [Product.price_from.desc(), Product.id.desc()],
        "title": [func.lower(Product.title), Product.id],
    }
    return orders.get(wanted.sort, featured)


def _on_shelf() -> ColumnElement[bool]:
    return and_(CollectionProduct.tenant_id == Product.tenant_id, CollectionProduct.product_id == Product.id)


def first_cards(chosen: Select[*tuple[Any, ...]], order: list[Any], most: int) -> list[Card]:
    """The first cards of chosen products, in an order."""
    return cards_from(db.session.execute(cards_for(_placed(chosen.order_by(*order).limit(most)))).all())


def _placed(ordered: Select[*tuple[Any, ...]]) -> Subquery:
    """The ids of a sorted page with their numbers, which keep the order through the joins that follow."""
    first = ordered.subquery("first")
    return select(first.c.id, func.row_number().over().label("place")).subquery("chosen")


def _ticked_options(wanted: Narrowing) -> list[str]:
    """The option values that are filtered by: a card shows the variant that was asked for."""
    return sorted({value for name, ticked in wanted.choices.items() if name.startswith("option:") for value in ticked})


def cards_for(chosen: Subquery, preferred: Any = None) -> Select[*tuple[Any, ...]]:
    """Products with the variant that speaks for them and one picture.

    It is the first that can be bought, of those with a preferred option value where there are any.
    """
    words = array(preferred) if isinstance(preferred, list) and preferred else preferred
    asked_for = [Variant.options.has_any(words).desc()] if words is not None and words != [] else []
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
        select(Product.id.label("product_id"), Product.handle, Product.title, Product.kind, Product.vendor)
        .add_columns(Product.price_from, Product.price_to, cast(Product.tags, Text).label("tags"))
        .add_columns(cast(Product.options, Text).label("product_options"), cast(first.c.options, Text).label("options"))
        .add_columns(first.c.id, first.c.price, first.c.compare_at, first.c.on_hand)
        .add_columns(first.c.tracks_stock, first.c.continue_selling, cast(picture, Text).label("picture"))
        .add_columns(chosen.c.place)
        .join(chosen, chosen.c.id == Product.id)
        .outerjoin(first, true())
        .order_by(chosen.c.place)
    )


def cards_from(rows: Sequence[Any]) -> list[Card]:
    """The cards of rows, said in the language of the page."""
    return spoken("product", [_card(*row[:_CARD_COLUMNS]) for row in rows], key="product_id")


_CARD_COLUMNS = 17


@lru_cache(maxsize=1024)
def _card(
    product_id: UUID, handle: str, title: str, kind: str, vendor: str, price_from: int, price_to: int, tags: str,
    product_options: str, options: str | None, variant_id: UUID | None, price: int | None, compare_at: int | None,
    on_hand: int, tracks_stock: bool | None, continue_selling: bool | None, picture: str | None,
) -> Card:  # fmt: skip
    """What a card shows of one row, in the shop's own language. Equal rows share it: JSON comes as text."""
    counts = bool(tracks_stock) and not continue_selling
    is_available = variant_id is not None and (not counts or on_hand > 0)
    chosen = msgspec.json.decode(options) if options else []
    return Card(
        product_id=product_id,
        handle=handle,
        title=title,
        subtitle=", ".join(chosen) or kind or vendor,
        price=price if price is not None else price_from,
        compare_at=compare_at,
        has_price_range=price_to > price_from,
        variant_id=variant_id if is_available else None,
        is_available=is_available,
        few_left=on_hand if counts and 0 < on_hand <= FEW else None,
        is_new=any(tag.casefold() == "new" for tag in msgspec.json.decode(tags)),
        image=picture_from(msgspec.json.decode(picture)) if picture else None,
        swatches=colours.swatches(msgspec.json.decode(product_options)),
    )
