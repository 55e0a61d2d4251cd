"""Writing products and their variants."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from app.core import audit, clock, db
from app.core.access import Actor
from app.core.events import publish
from app.core.text import safe_html, slugify
from app.platform.tenancy import plans
from app.shop.catalog import events, queries
from app.shop.catalog.errors import (
    HandleTaken,
    NoVariants,
    OptionsDoNotMatch,
    TooManyOptions,
    UnknownVariant,
    VariantTwice,
)
from app.shop.catalog.models import Collection, Image, Product, Variant
from app.shop.catalog.schemas import MOST_OPTIONS, NewProduct, OptionIn, VariantIn
from app.shop.catalog.service.indexing import index_new_products, index_product


def create_product(form: NewProduct, *, by: Actor) -> Product:
    """Write a new product with its variants.

    A handle that is given must be free (HandleTaken); one made from the title gets a number when it is not.
    Raises PlanLimitReached, TooManyOptions, NoVariants, OptionsDoNotMatch or VariantTwice.
    """
    _check(form)
    _make_room([form])
    product: Product = db.add(Product(handle=_handle_for(form), title=form.title))
    _fill(product, form)
    db.flush()
    variants = _write_variants(product, form.variants, [])
    index_product(product, variants)
    audit.record(by, "product.created", product.id, title=product.title)
    publish(events.ProductCreated(product_id=product.id, handle=product.handle))
    return product


def create_products(forms: list[NewProduct], *, by: Actor) -> list[Product]:
    """Write many new products in as few statements as one, for imports. The handles are given.

    Raises what `create_product` raises, HandleTaken also for two of the same; then none of them is written.
    """
    _make_room(forms)
    handles = [slugify(form.handle or form.title) or "product" for form in forms]
    taken = queries.taken_handles(handles)
    written: list[tuple[Product, list[Variant]]] = []
    for handle, form in zip(handles, forms, strict=True):
        if handle in taken:
            raise HandleTaken(handle=handle)
        taken.add(handle)
        _check(form)
        product: Product = db.add(Product(handle=handle, title=form.title))
        _fill(product, form)
        variants = [db.add(Variant(product_id=product.id)) for _ in form.variants]
        for place, (variant, wanted) in enumerate(zip(variants, form.variants, strict=True)):
            _fill_variant(variant, wanted, place)
        audit.record(by, "product.created", product.id, title=product.title)
        publish(events.ProductCreated(product_id=product.id, handle=product.handle))
        written.append((product, variants))
    index_new_products(written)
    return [product for product, _ in written]


def _make_room(forms: list[NewProduct]) -> None:
    """Within what the plan allows; samples are not counted."""
    number = sum(not form.is_sample for form in forms)
    if number:
        plans.make_room("products", number)


def update_product(product_id: UUID, form: NewProduct, *, by: Actor) -> Product:
    """Make a product what the form says; variants that the form does not name are removed.

    Raises NotFound, UnknownVariant and what `create_product` raises.
    """
    _check(form)
    variants = queries.lock_variants(product_id)  # before the product: the order in which stock moves lock
    product = queries.lock_product(product_id)
    if form.handle and form.handle != product.handle:
        product.handle = _handle_for(form)
    _fill(product, form)
    index_product(product, _write_variants(product, form.variants, variants))
    audit.record(by, "product.updated", product.id, title=product.title)
    publish(events.ProductUpdated(product_id=product.id, handle=product.handle))
    return product


def set_status(product_id: UUID, status: str, *, by: Actor) -> Product:
    """Show a product to shoppers, hide it as a draft, or archive it. Raises NotFound."""
    product = queries.lock_product(product_id)
    _set_status(product, status)
    audit.record(by, f"product.{status}", product.id)
    publish(events.ProductUpdated(product_id=product.id, handle=product.handle))
    return product


def delete_product(product_id: UUID, *, by: Actor) -> None:
    """Remove a product with variants, pictures and places on shelves. Orders keep their own copy. Raises NotFound."""
    queries.lock_variants(product_id)
    product = queries.lock_product(product_id)
    audit.record(by, "product.deleted", product.id, title=product.title)
    publish(events.ProductDeleted(product_id=product.id, handle=product.handle))
    db.session.execute(delete(Product).where(Product.id == product_id))


def put_aside(product_id: UUID, *, by: Actor) -> Product:
    """Take a product out of every list, so that it can be brought back for a while. Raises NotFound.

    Its handle is free at once; `finish_deleting` removes it for good.
    """
    product = queries.lock_product(product_id)
    product.handle, product.status = f"deleted-{product.id}", "deleted"
    audit.record(by, "product.put_aside", product.id, title=product.title)
    return product


def bring_back(product_id: UUID, handle: str, status: str, *, by: Actor) -> Product | None:
    """Undo `put_aside`; under another handle when somebody took the old one. None when it is gone for good."""
    product = queries.lock_deleted(product_id)
    if product is None:
        return None
    product.handle = queries.free_handle(handle)
    _set_status(product, status)
    audit.record(by, "product.brought_back", product.id, title=product.title)
    return product


def finish_deleting(product_id: UUID, *, before: datetime, by: Actor) -> None:
    """Remove a product for good that was put aside before that moment and not brought back since."""
    queries.lock_variants(product_id)
    product = queries.lock_deleted(product_id)
    if product is None or product.updated_at > before:
        return
    audit.record(by, "product.deleted", product.id, title=product.title)
    publish(events.ProductDeleted(product_id=product.id, handle=product.handle))
    db.session.execute(delete(Product).where(Product.id == product_id))


def set_tags(product: Product, tags: list[str], *, by: Actor) -> None:
    """Give a locked product these tags and file it under them."""
    if tags == product.tags:
        return
    product.tags = list(dict.fromkeys(tags))
    index_product(product, queries.lock_variants(product.id))
    audit.record(by, "product.tagged", product.id, tags=tags)
    publish(events.ProductUpdated(product_id=product.id, handle=product.handle))


def set_prices(product_id: UUID, prices: dict[UUID, tuple[int, int | None]], *, by: Actor) -> None:
    """Give variants of a product a price and a price before, in minor units. Raises NotFound."""
    variants = queries.lock_variants(product_id)
    product = queries.lock_product(product_id)
    for variant in variants:
        if variant.id in prices:
            variant.price, variant.compare_at = prices[variant.id]
    product.price_from = min(variant.price for variant in variants)
    product.price_to = max(variant.price for variant in variants)
    product.updated_at = clock.now()
    audit.record(by, "product.priced", product.id, title=product.title)
    publish(events.ProductUpdated(product_id=product.id, handle=product.handle))


def remove_samples(*, by: Actor) -> None:
    """Take the demo catalogue away: every product and collection that came as a sample."""
    db.session.execute(delete(Product).where(Product.is_sample))
    db.session.execute(delete(Collection).where(Collection.is_sample))
    audit.record(by, "catalogue.samples_removed", None)


def _check(form: NewProduct) -> None:
    if len(form.options) > MOST_OPTIONS:
        raise TooManyOptions()
    if not form.variants:
        raise NoVariants()
    seen: set[tuple[str, ...]] = set()
    for variant in form.variants:
        values = tuple(value.strip() for value in variant.options)
        title = " / ".join(values)
        if len(values) != len(form.options) or not all(values):
            raise OptionsDoNotMatch(title=title)
        if values in seen:
            raise VariantTwice(title=title or form.title)
        seen.add(values)


def _handle_for(form: NewProduct) -> str:
    base = slugify(form.handle or form.title) or "product"
    free = queries.free_handle(base)
    if form.handle and free != base:
        raise HandleTaken(handle=base)
    return free


def _fill(product: Product, form: NewProduct) -> None:
    product.title = form.title.strip()
    product.description_html = safe_html(form.description_html)
    product.vendor, product.kind = form.vendor.strip(), form.kind.strip()
    product.tags = list(dict.fromkeys(tag.strip() for tag in form.tags if tag.strip()))
    product.seo_title, product.seo_description = form.seo_title.strip(), form.seo_description.strip()
    product.options = [_option(option, place, form.variants) for place, option in enumerate(form.options)]
    product.is_sample = form.is_sample
    product.published_at = form.published_at or product.published_at
    product.price_from = min(variant.price for variant in form.variants)
    product.price_to = max(variant.price for variant in form.variants)
    _set_status(product, form.status)


def _option(option: OptionIn, place: int, variants: list[VariantIn]) -> dict[str, Any]:
    """The option with the values that are in use: in the given order first, then as the variants name them."""
    used = [variant.options[place].strip() for variant in variants]
    given = [value.strip() for value in option.values if value.strip() in used]
    return {"name": option.name.strip(), "values": list(dict.fromkeys([*given, *used]))}


def _set_status(product: Product, status: str) -> None:
    if status == "active" and product.published_at is None:
        product.published_at = clock.now()
    product.status = status


def _write_variants(product: Product, wanted: list[VariantIn], present: list[Variant]) -> list[Variant]:
    by_id = {variant.id: variant for variant in present}
    kept = []
    for place, form in enumerate(wanted):
        if form.id is not None and form.id not in by_id:
            raise UnknownVariant()
        variant = by_id.pop(form.id) if form.id else db.add(Variant(product_id=product.id))
        _fill_variant(variant, form, place)
        kept.append(variant)
    if by_id or any(db.session.is_modified(variant) for variant in kept):
        product.updated_at = clock.now()  # a product is read with its variants
    if by_id:
        _remove_variants(sorted(by_id))
    db.flush()
    return kept


def _fill_variant(variant: Variant, form: VariantIn, place: int) -> None:
    variant.position = place
    variant.options = [value.strip() for value in form.options]
    variant.title = " / ".join(variant.options)
    variant.sku, variant.barcode = form.sku.strip(), form.barcode.strip()
    variant.price, variant.compare_at = form.price, form.compare_at
    variant.weight_grams = form.weight_grams
    variant.tracks_stock, variant.continue_selling = form.tracks_stock, form.continue_selling
    if form.on_hand_seen is None:
        variant.on_hand = form.on_hand
    elif form.on_hand != form.on_hand_seen:
        # The row is locked, so its stock is what is true now; a sale since the page was opened stays a sale.
        variant.on_hand = max((variant.on_hand or 0) + form.on_hand - form.on_hand_seen, 0)


def _remove_variants(ids: list[UUID]) -> None:
    db.session.execute(update(Image).where(Image.variant_id.in_(ids)).values(variant_id=None))
    db.session.execute(delete(Variant).where(Variant.id.in_(ids)))
