"""The catalogue part of a pack: products, their pictures, and collections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from app.console.onboarding import reading
from app.console.onboarding.shelf import Shelf
from app.core import text
from app.core.access import Actor
from app.platform.tenancy import packs
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.packs import Folder
from app.shop.catalog import queries as catalog
from app.shop.catalog import renditions, service
from app.shop.catalog.importing import service as importing
from app.shop.catalog.models import Collection
from app.shop.catalog.schemas import NewCollection, NewImage, NewProduct, OptionIn, ProductView, VariantIn

Progress = Callable[[str, int, int], None]


def apply(
    folder: Folder, shelf: Shelf, changes: list[str], *, by: Actor, progress: Progress, is_sample: bool = False
) -> None:
    """Write products and collections that differ; names what it changed in `changes`."""
    wanted = folder.catalogue.products
    shelf.prepare(picture_names(folder))
    for number, product in enumerate(wanted, 1):
        if write_product(product, shelf, by=by, is_sample=is_sample):
            changes.append(f"product {product.handle}")
        progress(product.title, number, len(wanted))
    rows = {row.handle: row for row, _ in catalog.collections()}
    for place, collection in enumerate(folder.catalogue.collections):
        if _write_collection(collection, place, rows.get(collection.handle), shelf, by, is_sample):
            changes.append(f"collection {collection.handle}")


def picture_names(folder: Folder) -> list[str]:
    """Every picture that the catalogue part names."""
    of_products = [image.file for product in folder.catalogue.products for image in product.images]
    return of_products + [one.image for one in folder.catalogue.collections if one.image]


def write_product(wanted: packs.PackProduct, shelf: Shelf, *, by: Actor, is_sample: bool = False) -> bool:
    """Create or change one product and hang its pictures; False when all of it agreed."""
    currency = tenancy.current_shop().currency
    row = catalog.find_product(wanted.handle)
    before = catalog.product_by_id(row.id) if row else None
    if before is None:
        form = _form(wanted, currency, None, is_sample)
        view = catalog.product_by_id(service.create_product(form, by=by).id)
    else:
        view = before
        form = _form(wanted, currency, before, row.is_sample if row else is_sample)
        if _agrees(before, form):
            return _hang(wanted, view, shelf, by)
        service.update_product(before.id, form, by=by)
        view = catalog.product_by_id(before.id)
    _hang(wanted, view, shelf, by)
    return True


def _form(wanted: packs.PackProduct, currency: str, before: ProductView | None, is_sample: bool) -> NewProduct:
    """The product as the service takes it: known variants keep their id and their stock."""
    known = {variant.options: variant for variant in before.variants} if before else {}
    variants = []
    for one in wanted.variants:
        old = known.get(tuple(one.options))
        variants.append(
            VariantIn(
                id=old.id if old else None,
                price=reading.minor(one.price, currency),
                options=list(one.options),
                sku=one.sku,
                compare_at=reading.minor(one.compare_at, currency) if one.compare_at is not None else None,
                weight_grams=one.weight_grams,
                barcode=one.barcode,
                on_hand=old.on_hand if old else one.on_hand,
                on_hand_seen=old.on_hand if old else None,
                tracks_stock=one.tracks_stock,
                continue_selling=one.continue_selling,
            )
        )
    return NewProduct(
        title=wanted.title, handle=wanted.handle, description_html=wanted.description, vendor=wanted.vendor,
        kind=wanted.kind, tags=wanted.tags, status=wanted.status, seo_title=wanted.seo_title,
        seo_description=wanted.seo_description, is_sample=is_sample, variants=variants,
        options=[OptionIn(name=option.name, values=option.values) for option in wanted.options],
    )  # fmt: skip


def _agrees(view: ProductView, form: NewProduct) -> bool:
    """Is the product what the form says, stock aside?"""
    same = (
        view.title, view.description_html, view.vendor, view.kind, list(view.tags), view.status, view.seo_title,
        view.seo_description, [(one["name"], list(one["values"])) for one in view.options],
    ) == (
        form.title, text.safe_html(form.description_html), form.vendor, form.kind, form.tags, form.status,
        form.seo_title, form.seo_description, [(option.name, option.values) for option in form.options],
    )  # fmt: skip
    return same and [_variant_key(one) for one in view.variants] == [_variant_key(one) for one in form.variants]


def _variant_key(one: object) -> tuple[object, ...]:
    names = ("price", "sku", "compare_at", "weight_grams", "barcode", "tracks_stock", "continue_selling")
    return (tuple(one.options), *(getattr(one, name) for name in names))  # type: ignore[attr-defined]  # VariantIn or VariantView


def _hang(wanted: packs.PackProduct, view: ProductView, shelf: Shelf, by: Actor) -> bool:
    """Let the product show exactly these pictures in this order; False when it does already."""
    by_options = {variant.options: variant.id for variant in view.variants}
    keys = [
        (shelf.key_of(image.file), image.alt or view.title, by_options.get(tuple(image.variant)))
        for image in wanted.images
    ]
    if not wanted.images or keys == [(image.key, image.alt, image.variant_id) for image in view.images]:
        return False
    rows = {image.key: image for image in catalog.images_of(view.id)}
    order: list[UUID] = []
    for image, (key, alt, variant_id) in zip(wanted.images, keys, strict=True):
        row = rows.pop(key, None) if key else None
        if row is None:
            stored = shelf.picture(image.file)
            row = service.add_image(view.id, NewImage(**stored, alt=alt, variant_id=variant_id), by=by)
        elif (row.alt, row.variant_id) != (alt, variant_id):
            service.describe_image(view.id, row.id, alt, variant_id=variant_id, by=by)
        order.append(row.id)
    for row in rows.values():
        service.remove_image(view.id, row.id, by=by)
    service.arrange_images(view.id, order, by=by)
    return True


def _write_collection(
    wanted: packs.PackCollection, place: int, row: Collection | None, shelf: Shelf, by: Actor, is_sample: bool
) -> bool:
    """Create or change one collection with its picture and its products."""
    form = NewCollection(
        title=wanted.title, handle=wanted.handle, description_html=wanted.description, status=wanted.status,
        position=place, is_sample=row.is_sample if row else is_sample,
        seo_title=row.seo_title if row else "", seo_description=row.seo_description if row else "",
    )  # fmt: skip
    changed = row is None
    if row is None:
        row = service.create_collection(form, by=by)
    elif (row.title, row.description_html, row.status, row.position) != (
        form.title, text.safe_html(form.description_html), form.status, form.position,
    ):  # fmt: skip
        service.update_collection(row.id, form, by=by)
        changed = True
    ids = [found.id for handle in wanted.products if (found := catalog.find_product(handle))]
    if catalog.product_ids_in(row.id) != ids:
        service.put_products(row.id, ids, by=by)
        changed = True
    if (wanted.image and shelf.key_of(wanted.image) != row.image_key) or (wanted.image and row.image_key is None):
        stored = shelf.picture(wanted.image)
        service.set_collection_image(row.id, stored["key"], stored["renditions"], by=by)
        changed = True
    return changed


def add_first_product(title: str, price: int, stock: int | None, photo: bytes | None, *, by: Actor) -> UUID:
    """The wizard's own product: one variant, on sale at once."""
    form = NewProduct(
        title=title,
        status="active",
        variants=[VariantIn(price=price, on_hand=stock or 0, tracks_stock=stock is not None)],
    )
    product = service.create_product(form, by=by)
    if photo:
        service.add_image(product.id, NewImage(**asdict(renditions.keep(photo)), alt=title), by=by)
    return product.id


def import_list(content: bytes, filename: str, *, by: Actor) -> UUID:
    """The wizard's list: checked now, brought in by the job that the back office's import uses. Raises FileRefused."""
    found = importing.start(content, filename, by=by)
    importing.confirm(found.id, by=by)
    return found.id
