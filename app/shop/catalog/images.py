"""Pictures of products, from an upload to a picture on the page. The slow half, AVIF, is left to a job."""

from __future__ import annotations

from uuid import UUID

from app.core import db
from app.core.access import Actor
from app.core.errors import NotFound
from app.platform.tenancy import plans
from app.shop.catalog import queries, renditions, service
from app.shop.catalog.models import Image
from app.shop.catalog.schemas import NewImage


def add(
    product_id: UUID,
    data: bytes,
    *,
    by: Actor,
    alt: str = "",
    source_url: str = "",
    variant_id: UUID | None = None,
) -> Image:
    """Decode an uploaded picture, keep it in our sizes and hang it on the product, behind the others.

    The same picture on the same product stays one. Raises PictureRefused or NotFound.
    """
    plans.make_room("storage", len(data))
    stored = renditions.keep(data)
    present = next((image for image in queries.images_of(product_id) if image.key == stored.key), None)
    if present is not None:
        return present
    return service.add_image(product_id, _described(stored, alt, source_url, variant_id), by=by)


def complete(product_id: UUID, image_id: UUID) -> None:
    """Add the AVIF renditions of a picture. Repeating it changes nothing; a picture that is gone is no error.

    Encoding happens outside of any transaction: it takes seconds.
    """
    image = _find(product_id, image_id)
    if image is None or any(one["format"] == "avif" for one in image.renditions):
        return
    key = image.key
    db.checkpoint()
    fresh = renditions.more_renditions(key)
    image = _find(product_id, image_id)
    if image is not None and image.key == key:
        image.renditions = [*fresh, *(one for one in image.renditions if one["format"] != "avif")]


def move(product_id: UUID, image_id: UUID, step: int, *, by: Actor) -> None:
    """Put a picture one place earlier (-1) or later (1). Raises NotFound."""
    order = [image.id for image in queries.images_of(product_id)]
    if image_id not in order:
        raise NotFound
    place = order.index(image_id)
    order.insert(min(max(place + step, 0), len(order) - 1), order.pop(place))
    service.arrange_images(product_id, order, by=by)


def give_collection(collection_id: UUID, data: bytes, *, by: Actor) -> None:
    """Decode a picture and let it stand for a collection. Raises PictureRefused or NotFound."""
    plans.make_room("storage", len(data))
    stored = renditions.keep(data)
    service.set_collection_image(collection_id, stored.key, stored.renditions, by=by)


def _find(product_id: UUID, image_id: UUID) -> Image | None:
    return next((image for image in queries.images_of(product_id) if image.id == image_id), None)


def _described(stored: renditions.StoredPicture, alt: str, source_url: str, variant_id: UUID | None) -> NewImage:
    return NewImage(
        key=stored.key, width=stored.width, height=stored.height, renditions=stored.renditions,
        alt=alt, source_url=source_url, variant_id=variant_id,
    )  # fmt: skip
