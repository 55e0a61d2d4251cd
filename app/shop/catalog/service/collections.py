"""Writing collections and what stands on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from app.core import audit, clock, db, ids, isolation
from app.core.access import Actor
from app.core.text import safe_html, slugify
from app.shop.catalog import queries
from app.shop.catalog.errors import HandleTaken
from app.shop.catalog.models import Collection, CollectionProduct
from app.shop.catalog.schemas import NewCollection


def create_collection(form: NewCollection, *, by: Actor) -> Collection:
    """Write a new collection without products. Raises HandleTaken when a given handle is not free."""
    collection: Collection = db.add(Collection(handle=_handle_for(form), title=form.title))
    _fill(collection, form)
    db.flush()
    audit.record(by, "collection.created", collection.id, title=collection.title)
    return collection


def update_collection(collection_id: UUID, form: NewCollection, *, by: Actor) -> Collection:
    """Make a collection what the form says; its products stay. Raises NotFound or HandleTaken."""
    collection = queries.lock_collection(collection_id)
    if form.handle and form.handle != collection.handle:
        collection.handle = _handle_for(form)
    _fill(collection, form)
    audit.record(by, "collection.updated", collection.id, title=collection.title)
    return collection


def put_products(collection_id: UUID, product_ids: list[UUID], *, by: Actor) -> None:
    """Let exactly these products stand in the collection, in this order. Raises NotFound for an unknown product too."""
    collection = queries.lock_collection(collection_id)
    wanted = list(dict.fromkeys(product_ids))
    queries.check_products_exist(wanted)
    db.session.execute(delete(CollectionProduct).where(CollectionProduct.collection_id == collection_id))
    tenant = isolation.tenant_id()
    rows = [
        {
            "tenant_id": tenant,
            "id": ids.new_id(),
            "collection_id": collection_id,
            "product_id": product_id,
            "position": place,
        }
        for place, product_id in enumerate(wanted)
    ]
    if rows:
        db.session.execute(insert(CollectionProduct), rows)
    collection.updated_at = clock.now()
    audit.record(by, "collection.arranged", collection_id, products=len(rows))


def set_collection_image(
    collection_id: UUID, key: str | None, renditions: list[dict[str, Any]], *, by: Actor
) -> Collection:
    """Give a collection its own picture, or none. Raises NotFound."""
    collection = queries.lock_collection(collection_id)
    collection.image_key, collection.image_renditions = key, renditions
    audit.record(by, "collection.image_set", collection_id)
    return collection


def delete_collection(collection_id: UUID, *, by: Actor) -> None:
    """Remove a collection; its products stay in the shop. Raises NotFound."""
    collection = queries.lock_collection(collection_id)
    audit.record(by, "collection.deleted", collection.id, title=collection.title)
    db.delete(collection)


def arrange_collections(collection_ids: list[UUID], *, by: Actor) -> None:
    """Put the collections into the given order; those not named follow as they were."""
    places = {identity: place for place, identity in enumerate(collection_ids)}
    rows = queries.lock_collections()
    for place, row in enumerate(sorted(rows, key=lambda row: (places.get(row.id, len(places)), row.position))):
        row.position = place
    audit.record(by, "collections.arranged", None)


def restore_collection(values: dict[str, Any], product_ids: list[UUID], *, by: Actor) -> Collection:
    """Write a deleted collection again under its id, with those of its products that are still there."""
    free = queries.free_handle(values["handle"], Collection)
    collection: Collection = db.add(Collection(**values | {"handle": free, "id": UUID(values["id"])}))
    db.flush()
    put_products(collection.id, queries.present(product_ids), by=by)
    audit.record(by, "collection.brought_back", collection.id, title=collection.title)
    return collection


def _handle_for(form: NewCollection) -> str:
    base = slugify(form.handle or form.title) or "collection"
    free = queries.free_handle(base, Collection) if base != "all" else "all-products"
    if form.handle and free != base:
        raise HandleTaken(handle=base)
    return free


def _fill(collection: Collection, form: NewCollection) -> None:
    collection.title = form.title.strip()
    collection.description_html = safe_html(form.description_html)
    collection.status, collection.position = form.status, form.position
    collection.seo_title, collection.seo_description = form.seo_title.strip(), form.seo_description.strip()
    collection.is_sample = form.is_sample
