"""Hanging pictures on products. Making them is images.py's work."""

from __future__ import annotations

from uuid import UUID

from app.core import audit, clock, db
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.events import publish
from app.shop.catalog import events, queries
from app.shop.catalog.models import Image
from app.shop.catalog.schemas import NewImage


def add_image(product_id: UUID, form: NewImage, *, by: Actor) -> Image:
    """Put a stored picture behind the others of a product. Raises NotFound."""
    product = queries.lock_product(product_id)
    last = max((image.position for image in queries.images_of(product_id)), default=-1)
    image: Image = db.add(
        Image(
            product_id=product_id, position=last + 1, key=form.key, alt=form.alt or product.title,
            width=form.width, height=form.height, renditions=form.renditions, source_url=form.source_url,
            variant_id=form.variant_id,
        )
    )  # fmt: skip
    product.updated_at = clock.now()
    db.flush()
    if all(one["format"] != "avif" for one in form.renditions):
        publish(events.ImageAdded(product_id=product_id, image_id=image.id))
    audit.record(by, "product.image_added", product_id)
    return image


def describe_image(product_id: UUID, image_id: UUID, alt: str, *, variant_id: UUID | None = None, by: Actor) -> Image:
    """Say what a picture shows, and which variant. Raises NotFound."""
    product = queries.lock_product(product_id)
    image = _one(product_id, image_id)
    image.alt, image.variant_id = alt.strip(), variant_id
    product.updated_at = clock.now()
    audit.record(by, "product.image_described", product_id)
    return image


def arrange_images(product_id: UUID, image_ids: list[UUID], *, by: Actor) -> list[Image]:
    """Put the pictures into the given order; those not named follow. Raises NotFound."""
    product = queries.lock_product(product_id)
    places = {identity: place for place, identity in enumerate(image_ids)}
    images = sorted(queries.images_of(product_id), key=lambda i: (places.get(i.id, len(places)), i.position))
    for place, image in enumerate(images):
        image.position = place
    product.updated_at = clock.now()
    audit.record(by, "product.images_arranged", product_id)
    return images


def remove_image(product_id: UUID, image_id: UUID, *, by: Actor) -> None:
    """Take a picture off a product. Its file stays, since others may show the same one. Raises NotFound."""
    product = queries.lock_product(product_id)
    db.delete(_one(product_id, image_id))
    product.updated_at = clock.now()
    audit.record(by, "product.image_removed", product_id)


def _one(product_id: UUID, image_id: UUID) -> Image:
    image = next((image for image in queries.images_of(product_id) if image.id == image_id), None)
    if image is None:
        raise NotFound
    return image
