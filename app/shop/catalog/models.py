"""Tables of the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, literal_column
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, TenantRow, Timestamps, one_of, owned_by

PRODUCT_STATUSES = ("draft", "active", "archived", "deleted")
"""Deleted ones are on their way out: for ten minutes they can be brought back, and nobody finds them."""
COLLECTION_STATUSES = ("draft", "active")
ALL, AVAILABLE, SHELF = "~all", "~available", "~shelf"
"""Names in FacetBits beside those of ProductFacet: every active product, those to be bought, those of a collection."""


class Product(TenantModel, Timestamps):
    """Something the shop sells, in one or more variants. Only an active product is seen by shoppers."""

    __tablename__ = "product"
    visitors_see = True
    __table_args__ = (
        UniqueConstraint("tenant_id", "handle"),
        one_of("status", PRODUCT_STATUSES),
        Index("ix_product_created", "tenant_id", "created_at", "id"),
        Index("ix_product_updated", "tenant_id", "updated_at", "id"),
        Index("ix_product_newest", "tenant_id", "status", "published_at", "id"),
        Index("ix_product_price", "tenant_id", "status", "price_from", "id"),
        Index("ix_product_title", "tenant_id", "status", func.lower(literal_column("title")), "id"),
        Index("ix_product_sold", "tenant_id", "status", "sold", "published_at", "id"),
    )

    handle: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column()
    description_html: Mapped[str] = mapped_column(default="")
    vendor: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(default="draft")
    seo_title: Mapped[str] = mapped_column(default="")
    seo_description: Mapped[str] = mapped_column(default="")
    options: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Up to three: [{"name": "Colour", "values": ["Cream", "Ink"]}], in the order of the picker."""
    price_from: Mapped[int] = mapped_column(default=0)
    price_to: Mapped[int] = mapped_column(default=0)
    """Lowest and highest price of the variants in minor units, kept by the service for sorting and filters."""
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    is_sample: Mapped[bool] = mapped_column(default=False)
    sold: Mapped[int] = mapped_column(default=0)
    """Pieces sold so far: the order of "featured" where no collection sets one."""

    @property
    def is_active(self) -> bool:
        """Shoppers see it; whether it can be bought is a matter of its stock."""
        return self.status == "active"

    @property
    def page_title(self) -> str:
        """What search engines and browser tabs show."""
        return self.seo_title or self.title


class Variant(TenantModel, Timestamps):
    """One buyable form of a product: its values for the options, its price, its stock."""

    __tablename__ = "variant"
    visitors_see = True
    __table_args__ = (
        owned_by("product_id", "product", ondelete="CASCADE"),
        CheckConstraint("on_hand >= 0", name="stock_not_negative"),
        CheckConstraint("owed >= 0", name="owed_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        Index("ix_variant_product", "tenant_id", "product_id", "position"),
        Index("ix_variant_sku", "tenant_id", "sku"),
    )

    product_id: Mapped[UUID] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)
    sku: Mapped[str] = mapped_column(default="")
    options: Mapped[list[str]] = mapped_column(default=list)
    """One value for each option of the product, in the same order."""
    title: Mapped[str] = mapped_column(default="")
    price: Mapped[int] = mapped_column(default=0)
    compare_at: Mapped[int | None] = mapped_column(default=None)
    weight_grams: Mapped[int] = mapped_column(default=0)
    barcode: Mapped[str] = mapped_column(default="")
    on_hand: Mapped[int] = mapped_column(default=0)
    tracks_stock: Mapped[bool] = mapped_column(default=True)
    continue_selling: Mapped[bool] = mapped_column(default=False)
    """Sell on when nothing is left: `on_hand` stays at 0 and `owed` counts what must still come in."""
    owed: Mapped[int] = mapped_column(default=0)

    @property
    def is_sellable(self) -> bool:
        """One more piece can be sold now."""
        return not self.tracks_stock or self.continue_selling or self.on_hand > 0


class Image(TenantModel):
    """A picture of a product, decoded and re-encoded by us. The first one stands for the product."""

    __tablename__ = "product_image"
    visitors_see = True
    __table_args__ = (
        owned_by("product_id", "product", ondelete="CASCADE"),
        Index("ix_product_image_product", "tenant_id", "product_id", "position"),
    )

    product_id: Mapped[UUID] = mapped_column()
    variant_id: Mapped[UUID | None] = mapped_column(default=None)
    """The variant that this picture shows; cleared in code when the variant goes."""
    position: Mapped[int] = mapped_column(default=0)
    key: Mapped[str] = mapped_column()
    alt: Mapped[str] = mapped_column(default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    source_url: Mapped[str] = mapped_column(default="")
    """Where an import fetched it, so that the same file twice changes nothing."""
    renditions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """[{"width": 720, "height": 900, "format": "avif", "key": "images/..."}]"""


class Collection(TenantModel, Timestamps):
    """A shelf of products in an order that the merchant chose."""

    __tablename__ = "collection"
    visitors_see = True
    __table_args__ = (
        UniqueConstraint("tenant_id", "handle"),
        one_of("status", COLLECTION_STATUSES),
    )

    handle: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column()
    description_html: Mapped[str] = mapped_column(default="")
    image_key: Mapped[str | None] = mapped_column(default=None)
    image_renditions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="active")
    seo_title: Mapped[str] = mapped_column(default="")
    seo_description: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class CollectionProduct(TenantModel):
    """The place of one product in one collection."""

    __tablename__ = "collection_product"
    visitors_see = True
    __table_args__ = (
        owned_by("collection_id", "collection", ondelete="CASCADE"),
        owned_by("product_id", "product", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "collection_id", "product_id"),
        Index("ix_collection_product_product", "tenant_id", "product_id"),
        Index("ix_collection_product_place", "tenant_id", "collection_id", "position", "product_id"),
    )

    collection_id: Mapped[UUID] = mapped_column()
    product_id: Mapped[UUID] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)


class ProductFacet(TenantRow):
    """One thing to filter by: name "vendor", "tag", "kind" or "option:Colour", and the product's value.

    A table of its own because jsonb operators are not leakproof and would scan the shop under row
    security; text equality uses the index.
    """

    __tablename__ = "product_facet"
    is_audited = False
    visitors_see = True
    __table_args__ = (
        owned_by("product_id", "product", ondelete="CASCADE"),
        Index("ix_product_facet_value", "tenant_id", "name", "value", "product_id"),
    )

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class SearchPosting(TenantRow):
    """A folded word of a product and how much it says about it (title more than description)."""

    __tablename__ = "search_posting"
    is_audited = False
    visitors_see = True
    __table_args__ = (
        owned_by("product_id", "product", ondelete="CASCADE"),
        Index("ix_search_posting_product", "tenant_id", "product_id"),
        Index("ix_search_posting_best", "tenant_id", "word", "weight", "product_id"),
    )

    word: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    weight: Mapped[int] = mapped_column()


class SearchKey(TenantRow):
    """A spelling under which a word of this shop is found: its beginnings and its near misses."""

    __tablename__ = "search_key"
    is_audited = False
    visitors_see = True

    key: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class FacetBits(TenantRow):
    """Which active products of a large shop have a value: one bit a product, in the order of their ids.

    Made anew as a whole (service/counting.py), so that all bits of a tenant always fit each other; the row of
    CatalogueCount that is written with them says to visitors' pages that they changed.
    """

    __tablename__ = "facet_bits"
    is_audited = False

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    bits: Mapped[str] = mapped_column(BIT(varying=True))


class CatalogueCount(TenantRow):
    """That a large shop was counted ahead, and at which version of its pages (core/shown.py)."""

    __tablename__ = "catalogue_count"
    is_audited = False
    visitors_see = True

    version: Mapped[int] = mapped_column()
    grids: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Collection id, or "" for the whole shop: [products, lowest price, highest price]."""


class ProductTogether(TenantRow):
    """How often two products stood in one order. Pages follow within a minute: sales alone make none of them anew."""

    __tablename__ = "product_together"
    is_audited = False
    __table_args__ = (
        owned_by("product_id", "product", ondelete="CASCADE"),
        owned_by("other_id", "product", ondelete="CASCADE"),
        Index("ix_product_together_often", "tenant_id", "product_id", "times", "other_id"),
        Index("ix_product_together_other", "tenant_id", "other_id"),
    )

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
