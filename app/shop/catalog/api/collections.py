"""Collections for programs: their words, their picture, their products."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.core import storage
from app.core.access import current_actor, requires
from app.core.errors import NotFound, PlanLimitReached
from app.core.ids import from_public, named, named_of, to_public
from app.core.isolation import tenant_url
from app.core.rest import Page, accepts, matches, page_of, returns
from app.core.rest_files import uploads
from app.shop.catalog import editing, images, queries, service
from app.shop.catalog.api.entrance import COLLECTION, PRODUCT, door
from app.shop.catalog.errors import HandleTaken
from app.shop.catalog.forms import CollectionPicture
from app.shop.catalog.models import Collection
from app.shop.catalog.programs import (
    CollectionFilter,
    CollectionOut,
    CollectionWritten,
    Order,
    ProductsOfCollection,
)
from app.shop.catalog.renditions import PictureRefused
from app.shop.catalog.schemas import NewCollection


def _out(row: Collection, number: int) -> CollectionOut:
    return CollectionOut(
        id=to_public(COLLECTION, row.id), handle=row.handle, title=row.title, description_html=row.description_html,
        status=row.status, position=row.position, seo_title=row.seo_title, seo_description=row.seo_description,
        products_count=number, image_url=tenant_url(storage.url(row.image_key)) if row.image_key else None,
        url=tenant_url(f"/collections/{row.handle}"), created_at=row.created_at, updated_at=row.updated_at,
    )  # fmt: skip


def expanded(product_ids: list[str]) -> dict[str, list[CollectionOut]]:
    """The collections of products by the products' ids, for answers that name products."""
    told: dict[str, list[CollectionOut]] = {}
    for product_id, row, number in queries.collections_of([from_public(PRODUCT, one) for one in product_ids]):
        told.setdefault(to_public(PRODUCT, product_id), []).append(_out(row, number))
    return told


def _shown(collection_id: str) -> CollectionOut:
    return _out(*queries.collection_with_number(from_public(COLLECTION, collection_id)))


def _locked(collection_id: str) -> CollectionOut:
    queries.lock_collection(from_public(COLLECTION, collection_id))
    return _shown(collection_id)


def _members(collection_id: str) -> ProductsOfCollection:
    identity = from_public(COLLECTION, collection_id)
    queries.collection_with_number(identity)
    return ProductsOfCollection([to_public(PRODUCT, one) for one in queries.product_ids_in(identity)])


def _locked_members(collection_id: str) -> ProductsOfCollection:
    queries.lock_collection(from_public(COLLECTION, collection_id))
    return _members(collection_id)


def _form(body: CollectionWritten, *, is_sample: bool = False) -> NewCollection:
    return NewCollection(**msgspec.structs.asdict(body), is_sample=is_sample)


@door.get("/collections")
@requires("products.read")
@returns(Page[CollectionOut])
@accepts(CollectionFilter)
def list_collections(query: CollectionFilter) -> Page[CollectionOut]:
    """List collections in the shop's order or as `sort` says."""
    return _page(query)


@door.post("/collections")
@requires("products.edit")
@returns(CollectionOut, errors=(HandleTaken,), status=201)
@accepts(CollectionWritten)
def create_collection(body: CollectionWritten) -> CollectionOut:
    """Create a collection without products."""
    return _out(service.create_collection(_form(body), by=current_actor()), 0)


@door.get("/collections/<collection_id>")
@requires("products.read")
@returns(CollectionOut, errors=(NotFound,))
def show_collection(collection_id: str) -> CollectionOut:
    """Show one collection."""
    return _shown(collection_id)


@door.put("/collections/<collection_id>")
@requires("products.edit")
@returns(CollectionOut, errors=(NotFound, HandleTaken))
@matches(_locked)
@accepts(CollectionWritten)
def update_collection(body: CollectionWritten, collection_id: str) -> CollectionOut:
    """Make a collection what the body says; its products and its picture stay."""
    identity = from_public(COLLECTION, collection_id)
    here, _number = queries.collection_with_number(identity)
    service.update_collection(identity, _form(body, is_sample=here.is_sample), by=current_actor())
    return _shown(collection_id)


@door.delete("/collections/<collection_id>")
@requires("products.edit")
@returns(CollectionOut, errors=(NotFound,))
def delete_collection(collection_id: str) -> CollectionOut:
    """Remove a collection, and answer what it was. Its products stay in the shop."""
    was = _locked(collection_id)
    service.delete_collection(from_public(COLLECTION, collection_id), by=current_actor())
    return was


@door.post("/collections/order")
@requires("products.edit")
@returns(Page[CollectionOut])
@accepts(Order)
def arrange_collections(body: Order) -> Page[CollectionOut]:
    """Put the collections into this order; those not named follow. Answers the first hundred."""
    there = (to_public(COLLECTION, row.id) for row in queries.lock_collections())
    order = named_of(COLLECTION, body.ids, "ids", there)
    service.arrange_collections(order, by=current_actor())
    return _page(CollectionFilter(limit=100))


def _page(asked: CollectionFilter) -> Page[CollectionOut]:
    found = queries.collections_page(asked)
    return page_of([_out(*one) for one in found.rows], found.next or None)


@door.get("/collections/<collection_id>/products")
@requires("products.read")
@returns(ProductsOfCollection, errors=(NotFound,))
def list_members(collection_id: str) -> ProductsOfCollection:
    """Which products stand in a collection, in their order."""
    return _members(collection_id)


@door.put("/collections/<collection_id>/products")
@requires("products.edit")
@returns(ProductsOfCollection, errors=(NotFound,))
@matches(_locked_members)
@accepts(ProductsOfCollection)
def set_members(body: ProductsOfCollection, collection_id: str) -> ProductsOfCollection:
    """Let exactly these products stand in a collection, in this order."""
    service.put_products(from_public(COLLECTION, collection_id), _named(body), by=current_actor())
    return _members(collection_id)


@door.post("/collections/<collection_id>/products")
@requires("products.edit")
@returns(ProductsOfCollection, errors=(NotFound,), status=201)
@accepts(ProductsOfCollection)
def add_members(body: ProductsOfCollection, collection_id: str) -> ProductsOfCollection:
    """Put products behind the others of a collection."""
    identity = from_public(COLLECTION, collection_id)
    queries.lock_collection(identity)
    editing.put_on_shelf(identity, _named(body), by=current_actor())
    return _members(collection_id)


@door.delete("/collections/<collection_id>/products/<product_id>")
@requires("products.edit")
@returns(ProductsOfCollection, errors=(NotFound,))
def remove_member(collection_id: str, product_id: str) -> ProductsOfCollection:
    """Take a product out of a collection."""
    identity, product = from_public(COLLECTION, collection_id), from_public(PRODUCT, product_id)
    queries.lock_collection(identity)
    if product not in queries.product_ids_in(identity):
        raise NotFound
    editing.move_on_shelf(identity, product, "off", by=current_actor())
    return _members(collection_id)


@door.post("/collections/<collection_id>/picture")
@requires("products.edit")
@returns(CollectionOut, errors=(NotFound, PictureRefused, PlanLimitReached))
@uploads(CollectionPicture)
def set_picture(body: CollectionPicture, collection_id: str) -> CollectionOut:
    """Give a collection a picture of its own, in the part `photo`."""
    images.give_collection(from_public(COLLECTION, collection_id), body.photo.read(), by=current_actor())
    return _shown(collection_id)


@door.delete("/collections/<collection_id>/picture")
@requires("products.edit")
@returns(CollectionOut, errors=(NotFound,))
def remove_picture(collection_id: str) -> CollectionOut:
    """Take a collection's own picture away; its first product's stands for it again."""
    service.set_collection_image(from_public(COLLECTION, collection_id), None, [], by=current_actor())
    return _shown(collection_id)


def _named(body: ProductsOfCollection) -> list[UUID]:
    wanted = [named(PRODUCT, one, f"product_ids[{place}]") for place, one in enumerate(body.product_ids)]
    queries.check_products_exist(wanted, "product_ids")
    return wanted
