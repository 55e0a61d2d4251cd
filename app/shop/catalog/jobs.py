"""Background work of the catalogue: imports and the slow half of pictures."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.core import clock
from app.core.access import system_actor
from app.core.events import reacts_to
from app.core.jobs import every, in_tenant, job
from app.platform.staff.undo import LASTS
from app.shop.catalog import images, service
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


@job(retries=5)
def finish_deleting(product_id: UUID) -> None:
    """Remove a product whose way back is over; one that came back stays."""
    service.finish_deleting(product_id, before=clock.now() - LASTS, by=system_actor())


def finish_deleting_later(product_ids: list[UUID]) -> None:
    """Ask for it a little after the way back is over."""
    for product_id in product_ids:
        finish_deleting.enqueue_at(clock.now() + LASTS + timedelta(minutes=1), product_id=product_id)


@every("* * * * *")
def recount_changed_shops() -> None:
    """Count large shops anew in which something changed that visitors see."""
    _recount(service.shops_to_recount())


@every("23 * * * *")
def count_grown_shops() -> None:
    """Begin to count shops ahead that have become large."""
    _recount(service.shops_to_recount(grown=True))


def _recount(tenants: list[UUID]) -> None:
    for tenant in tenants:
        in_tenant(tenant, service.recount)
