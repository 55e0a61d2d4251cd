"""What else somebody may like: bought together, standing beside it, alike; and what they may be about to type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, func, literal, or_, select, true, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.core import db, frames, reader
from app.core.prepared import Prepared
from app.core.text import fold
from app.platform.translating.queries import spoken
from app.shop.catalog.models import Collection, CollectionProduct, Product, ProductFacet, ProductTogether
from app.shop.catalog.queries.listing import cards_for, cards_from, first_cards
from app.shop.catalog.queries.search import matches_for, matching_products
from app.shop.catalog.schemas import Card

_TOGETHER, _BESIDE, _ALIKE, _FAVOURITE = 3_000_000, 2_000_000, 1_000_000, 0
"""What weighs most; within each the amount decides."""

_READ = 10
_PRODUCT, _TENANT = bindparam("product_id", type_=Uuid()), bindparam("own_tenant", type_=Uuid())
_MOST_ALIKE = 60


@dataclass(frozen=True)
class Suggestions:
    """What answers while somebody types: products, and (handle, title) of collections."""

    products: list[Card]
    shelves: list[tuple[str, str]]


@dataclass(frozen=True)
class Recommended:
    """What stands below a product. Sold-out ones come last, the product itself never."""

    together: list[Card]
    others: list[Card]


def recommended(product_id: UUID, most: int = 4) -> Recommended:
    """What was bought together with a product, and others: same collection first, then alike, then favourites.

    Which ones is found once for each version of the shop's pages; what their cards say is read each time.
    """
    name = ("recommended", product_id, most)
    found = frames.kept_as_chosen(name, lambda: [tuple(row) for row in _best(most).rows(product_id=product_id)])
    if not found:
        return Recommended([], [])
    weights = dict(found)
    cards = cards_from(_cards_among().rows(ids=list(weights)))
    cards.sort(key=lambda card: not card.is_available)
    together = [card for card in cards if weights[card.product_id] >= _TOGETHER][:most]
    return Recommended(together, [card for card in cards if card not in together][:most])


@cache
def _best(most: int) -> Prepared:
    """Ids and weights, best first. Its parts read at most _READ rows of an index each."""
    parts = [_together(), _beside(), _alike(), _favourites()]
    every = union_all(*(select(one.subquery()) for one in parts)).subquery("every")
    weight = func.max(every.c.weight).label("weight")
    best = (
        select(Product.id, weight)
        .join(every, every.c.id == Product.id)
        .where(Product.status == "active", Product.id != _PRODUCT)
        .group_by(Product.tenant_id, Product.id)
        .order_by(weight.desc(), Product.sold.desc(), Product.id)
        .limit(most * 4)
    )
    return Prepared(best)


@cache
def _cards_among() -> Prepared:
    """The cards of active products in the given order."""
    ids = bindparam("ids", type_=ARRAY(Uuid()))
    place = func.array_position(ids, Product.id).label("place")
    chosen = select(Product.id, place).where(Product.id == func.any(ids), Product.status == "active")
    return Prepared(cards_for(chosen.subquery("chosen")))


def suggestions(text: str, most: int = 6) -> Suggestions:
    """The best active products and the collections that answer what is typed so far."""
    matches = matches_for(text)
    if not matches:
        return Suggestions([], [])
    found = matching_products(matches)
    chosen = select(Product.id).join(found, found.c.product_id == Product.id).where(Product.status == "active")
    products = first_cards(chosen, [found.c.score.desc(), Product.sold.desc(), Product.id], most)
    return Suggestions(products, _shelves_named(text))


def _shelves_named(text: str, most: int = 3) -> list[tuple[str, str]]:
    """Collections with a word that begins like each word that was typed."""
    typed = fold(text).split()
    known = frames.kept(("shelf_names", reader.further_language()), _shelf_names)
    return [
        (handle, title)
        for handle, title in known
        if all(any(word.startswith(one) for word in fold(title).split()) for one in typed)
    ][:most]


def _shelf_names() -> list[tuple[str, str]]:
    wanted = select(Collection.id, Collection.handle, Collection.title).where(Collection.status == "active")
    rows = db.session.execute(wanted.order_by(Collection.position).limit(500)).all()
    return [(row.handle, row.title) for row in spoken("collection", rows)]


def _together() -> Select[*tuple[Any, ...]]:
    return (
        select(ProductTogether.other_id.label("id"), (ProductTogether.times + _TOGETHER).label("weight"))
        .where(ProductTogether.tenant_id == _TENANT, ProductTogether.product_id == _PRODUCT)
        .order_by(ProductTogether.times.desc(), ProductTogether.other_id.desc())
        .limit(_READ)
    )


def _beside() -> Select[*tuple[Any, ...]]:
    """Those that follow it in its first collection, and those before where it stands at the end."""
    mine, beside = aliased(CollectionProduct), aliased(CollectionProduct)
    place = (
        select(mine.collection_id, mine.position)
        .join(Collection, and_(Collection.tenant_id == mine.tenant_id, Collection.id == mine.collection_id))
        .where(mine.tenant_id == _TENANT, mine.product_id == _PRODUCT, Collection.status == "active")
        .order_by(Collection.position, Collection.id)
        .limit(1)
        .subquery("place")
    )
    same = and_(beside.tenant_id == _TENANT, beside.collection_id == place.c.collection_id)
    sides = []
    for number, (is_there, order) in enumerate(
        (
            (beside.position > place.c.position, beside.position),
            (beside.position < place.c.position, beside.position.desc()),
        )
    ):
        neighbours = select(beside.product_id).where(same, is_there).order_by(order).limit(_READ // 2)
        lateral = neighbours.lateral(f"side_{number}")
        sides.append(select(lateral.c.product_id.label("id")).select_from(place.join(lateral, true())))
    both = union_all(*sides).subquery("both_sides")
    return select(both.c.id, literal(_BESIDE).label("weight"))


def _alike() -> Select[*tuple[Any, ...]]:
    """Those that share most tags, type and brand, among the latest that share any."""
    mine, other = aliased(ProductFacet), aliased(ProductFacet)
    own = select(mine.name, mine.value).where(mine.tenant_id == _TENANT, mine.product_id == _PRODUCT)
    own_facets = own.where(or_(*(mine.name == one for one in ("tag", "kind", "vendor")))).limit(12).subquery("own")
    sharing = (
        select(other.product_id)
        .where(other.tenant_id == _TENANT, other.name == own_facets.c.name, other.value == own_facets.c.value)
        .order_by(other.product_id.desc())
        .limit(_MOST_ALIKE)
        .lateral("sharing")
    )
    counted = select(sharing.c.product_id.label("id"), (func.count() + _ALIKE).label("weight"))
    counted = counted.select_from(own_facets.join(sharing, true())).group_by(sharing.c.product_id)
    return counted.order_by(func.count().desc(), sharing.c.product_id.desc()).limit(_READ)


def _favourites() -> Select[*tuple[Any, ...]]:
    best = select(Product.id, literal(_FAVOURITE).label("weight")).where(
        Product.tenant_id == _TENANT, Product.status == "active"
    )
    return best.order_by(Product.sold.desc(), Product.published_at.desc(), Product.id.desc()).limit(_READ)
