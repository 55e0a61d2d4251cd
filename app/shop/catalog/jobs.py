"""Background work of the catalogue: imports and the slow half of pictures."""

from __future__ import annotations

from uuid import UUID

from app.core.events import reacts_to
from app.core.jobs import job
from app.shop.catalog import images
from app.shop.catalog.events import ImageAdded
from app.shop.catalog.importing import service as importing
from app.shop.catalog.importing.events import ImportConfirmed


@job(queue="imports", retries=5)
def run_import(import_id: UUID) -> None:
    """Bring a confirmed file in; a run that was killed goes on at the first row without an outcome."""
    importing.run(import_id)


@reacts_to(ImportConfirmed)
def begin_import(fact: ImportConfirmed) -> None:
    """Give a confirmed import to the queue for long work, so that facts behind it do not wait."""
    run_import.enqueue(import_id=fact.import_id)


@job(queue="pictures", retries=3)
def complete_image(product_id: UUID, image_id: UUID) -> None:
    """Encode a picture's AVIF renditions, which take seconds."""
    images.complete(product_id, image_id)


@reacts_to(ImageAdded)
def complete_added_image(fact: ImageAdded) -> None:
    """A new picture gets its AVIF renditions from the queue for pictures."""
    complete_image.enqueue(product_id=fact.product_id, image_id=fact.image_id)
