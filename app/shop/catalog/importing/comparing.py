"""What a product of the file would change about the product of the shop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.core import isolation, storage
from app.shop.catalog.importing import queries
from app.shop.catalog.importing.checking import ProductDraft, VariantDraft
from app.shop.catalog.importing.errors import OptionsDiffer
from app.shop.catalog.models import Image, Product, Variant
from app.shop.catalog.schemas import NewProduct, OptionIn, VariantIn


@dataclass(frozen=True)
class Present:
    """A product of the shop with what belongs to it."""

    product: Product
    variants: list[Variant]
    images: list[Image] = field(default_factory=list)
    shelves: list[str] = field(default_factory=list)

    def shows(self, url: str) -> Image | None:
        """The picture that came from this address, or that stands at it."""
        return next((image for image in self.images if url in {image.source_url, address_of(image)}), None)


def address_of(image: Image) -> str:
    """Where a picture can be fetched: where it came from, else its address at this shop."""
    return image.source_url or isolation.tenant_url(storage.url(image.key))


def present(handles: Iterable[str]) -> dict[str, Present]:
    """The shop's products under these handles."""
    return with_belongings(list(queries.products_by_handle(handles).values()))


def with_belongings(products: list[Product]) -> dict[str, Present]:
    """Products by handle with their variants, pictures and shelves."""
    ids = [product.id for product in products]
    variants, images, shelves = queries.variants_of(ids), queries.images_of(ids), queries.shelves_of(ids)
    return {
        one.handle: Present(one, variants.get(one.id, []), images.get(one.id, []), shelves.get(one.id, []))
        for one in products
    }


def verdict(draft: ProductDraft, here: Present | None) -> str:
    """Would this product be created, updated or left unchanged? Raises OptionsDiffer."""
    if here is None:
        return "create"
    same = _comparable(desired(draft, here)) == _comparable(as_form(here))
    on_shelves = set(draft.collections) <= set(here.shelves)
    described = all(
        image is None or not picture.alt or image.alt == picture.alt
        for picture in draft.pictures
        for image in [here.shows(picture.url)]
    )
    return "unchanged" if same and on_shelves and described else "update"


def desired(draft: ProductDraft, here: Present | None) -> NewProduct:
    """The product as it shall be: what the file says over what is there. Raises OptionsDiffer."""
    if here is None:
        variants = [_new_variant(one) for one in draft.variants]
        options = [OptionIn(name, []) for name in draft.option_names]
        return NewProduct(handle=draft.handle, variants=variants, options=options, **draft.values)
    names = [option["name"] for option in here.product.options]
    if names != draft.option_names:
        raise OptionsDiffer(here=", ".join(names) or "none", there=", ".join(draft.option_names) or "none")
    return msgspec.structs.replace(as_form(here), variants=_merged(draft.variants, here.variants), **draft.values)


def as_form(here: Present) -> NewProduct:
    """The shop's product as a form that changes nothing."""
    product = here.product
    return NewProduct(
        title=product.title, handle=product.handle, description_html=product.description_html, vendor=product.vendor,
        kind=product.kind, tags=list(product.tags), status=product.status, seo_title=product.seo_title,
        seo_description=product.seo_description, is_sample=product.is_sample, published_at=product.published_at,
        options=[OptionIn(option["name"], list(option["values"])) for option in product.options],
        variants=[as_variant(variant) for variant in here.variants],
    )  # fmt: skip


def as_variant(variant: Variant) -> VariantIn:
    """A variant as a form that leaves its stock to the buyers."""
    return VariantIn(
        id=variant.id, options=list(variant.options), price=variant.price, sku=variant.sku,
        compare_at=variant.compare_at, weight_grams=variant.weight_grams, barcode=variant.barcode,
        on_hand=variant.on_hand, on_hand_seen=variant.on_hand, tracks_stock=variant.tracks_stock,
        continue_selling=variant.continue_selling,
    )  # fmt: skip


def _new_variant(draft: VariantDraft) -> VariantIn:
    values = _plain(draft)
    values.setdefault("tracks_stock", "on_hand" in values)
    return VariantIn(options=list(draft.options), **values)


def _merged(drafts: list[VariantDraft], variants: list[Variant]) -> list[VariantIn]:
    """The shop's variants in their order, changed where the file names them, then the file's new ones.

    A line means the variant with its option values; else the one with its SKU that no other line means.
    """
    meant: dict[Any, VariantDraft] = {}
    fresh = []
    by_options = {tuple(variant.options): variant for variant in variants}
    named = {tuple(draft.options) for draft in drafts}
    by_sku = {variant.sku: variant for variant in variants if variant.sku and tuple(variant.options) not in named}
    for draft in drafts:
        found = by_options.get(tuple(draft.options)) or by_sku.pop(draft.values.get("sku", ""), None)
        if found is None:
            fresh.append(_new_variant(draft))
        else:
            meant[found.id] = draft
    return [_changed(variant, meant.get(variant.id)) for variant in variants] + fresh


def _changed(variant: Variant, draft: VariantDraft | None) -> VariantIn:
    form = as_variant(variant)
    if draft is None:
        return form
    values = _plain(draft)
    if "on_hand" in values:
        values["on_hand_seen"] = None
    return msgspec.structs.replace(form, options=list(draft.options), **values)


def _plain(draft: VariantDraft) -> dict[str, Any]:
    return {name: value for name, value in draft.values.items() if name != "picture"}


def _comparable(form: NewProduct) -> NewProduct:
    """Without what the service works out by itself."""
    variants = [msgspec.structs.replace(variant, on_hand_seen=None) for variant in form.variants]
    options = [OptionIn(option.name) for option in form.options]
    return msgspec.structs.replace(form, variants=variants, options=options)
