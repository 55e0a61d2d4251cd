"""Facts about the catalogue that others may react to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class ProductCreated(Fact, name="catalog.product_created", version=1, tells=mark("A product was created")):
    """A product was written for the first time; it may still be a draft."""

    product_id: UUID
    handle: str


@dataclass(frozen=True)
class ProductUpdated(Fact, name="catalog.product_updated", version=1, tells=mark("A product was changed")):
    """Words, prices, variants or status of a product changed. Stock movements are not told."""

    product_id: UUID
    handle: str


@dataclass(frozen=True)
class ProductDeleted(Fact, name="catalog.product_deleted", version=1, tells=mark("A product was deleted")):
    """A product is gone; its orders keep their own copy of what was bought."""

    product_id: UUID
    handle: str


@dataclass(frozen=True)
class ImageAdded(Fact, name="catalog.image_added", version=1):
    """A product has a new picture whose smallest renditions, in AVIF, are still to be made."""

    product_id: UUID
    image_id: UUID


@dataclass(frozen=True)
class StockRanOut(Fact, name="catalog.stock_ran_out", version=1, tells=mark("A variant sold out")):
    """The last piece of a variant was sold."""

    variant_id: UUID
    product_id: UUID
