"""The door of the catalogue's API, and how it writes products."""

from __future__ import annotations

from uuid import UUID

from app.core import ids, storage
from app.core.isolation import tenant_url
from app.core.rest import ApiDoor
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.schemas import ImageOut, Picture, ProductOut, ProductView, VariantOut, VariantView

door = ApiDoor("catalog")
PRODUCT, VARIANT, COLLECTION, IMAGE, IMPORT = "prod", "var", "col", "img", "imp"


class Out:
    """Writes products as the API shows them; host and currency are looked up once."""

    def __init__(self, origin: str = "", currency: str = "") -> None:
        self.origin, self.currency = origin or tenant_url(""), currency or current_shop().currency

    def product(self, one: ProductView) -> ProductOut:
        """A product with everything below it."""
        return ProductOut(
            id=ids.to_public(PRODUCT, one.id), handle=one.handle, title=one.title,
            description_html=one.description_html, vendor=one.vendor, kind=one.kind, tags=one.tags, status=one.status,
            seo_title=one.seo_title, seo_description=one.seo_description, options=one.options,
            url=f"{self.origin}/products/{one.handle}", published_at=one.published_at, created_at=one.created_at,
            updated_at=one.updated_at, variants=[self.variant(variant, one.id) for variant in one.variants],
            images=[self.image(picture) for picture in one.images],
        )  # fmt: skip

    def variant(self, one: VariantView, product_id: UUID) -> VariantOut:
        """A variant of a product with the currency of its amounts."""
        return VariantOut(
            id=ids.to_public(VARIANT, one.id), product_id=ids.to_public(PRODUCT, product_id),
            title=one.title, options=list(one.options), sku=one.sku,
            barcode=one.barcode, price=one.price, compare_at=one.compare_at, currency=self.currency,
            weight_grams=one.weight_grams, on_hand=one.on_hand, tracks_stock=one.tracks_stock,
            continue_selling=one.continue_selling, is_sellable=one.is_sellable,
        )  # fmt: skip

    def image(self, one: Picture) -> ImageOut:
        """A picture with its whole address."""
        return ImageOut(
            id=ids.to_public(IMAGE, one.id) if one.id else "", url=self.origin + storage.url(one.key), alt=one.alt,
            width=one.width, height=one.height,
            variant_id=ids.to_public(VARIANT, one.variant_id) if one.variant_id else None,
        )  # fmt: skip
