"""What staff change about a product, said in the words of `service.update_product`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from uuid import UUID

import msgspec

from app.core.access import Actor
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.i18n import gettext, mark
from app.core.text import markdown, safe_html
from app.shop.catalog import queries, service, staff_queries
from app.shop.catalog.errors import HandleTaken
from app.shop.catalog.forms import CreateProduct, OptionsForm, SaveProduct, VariantRow
from app.shop.catalog.importing.comparing import Present, as_form, as_variant
from app.shop.catalog.models import Product, Variant
from app.shop.catalog.schemas import NewProduct, OptionIn, VariantIn

MOST_VARIANTS = 250
_TAG = re.compile(r"<[a-z/][^>]*>", re.IGNORECASE)


class TooManyVariants(DomainError):
    """Every combination of values would be a variant, and these are more than a page can show."""

    code, message, status = (
        "too_many_variants",
        mark("These options make {number} variants; at most 250 are possible."),
        422,
    )


def create(form: CreateProduct, *, by: Actor) -> Product:
    """Write a new product with a variant for each combination of options. Raises InvalidInput or TooManyVariants."""
    if form.compare_at and form.compare_at <= form.price:
        raise InvalidInput({"compare_at": gettext("The price before must be higher than the price.")})
    refuse_taken_skus([("sku", form.sku)], None)
    options = options_of(form)
    first = VariantIn(
        price=form.price, compare_at=form.compare_at, sku=form.sku, barcode=form.barcode,
        weight_grams=form.weight_grams, on_hand=form.on_hand, tracks_stock=form.tracks_stock,
    )  # fmt: skip
    variants = _variants_for(options, first, [])
    return service.create_product(
        NewProduct(
            title=form.title, description_html=html_of(form.description), vendor=form.vendor, kind=form.kind,
            tags=_listed(form.tags), status=form.status, options=options, variants=variants,
        ),
        by=by,
    )  # fmt: skip


def save(product_id: UUID, form: SaveProduct, *, by: Actor) -> Product:
    """Save a product's words, collections and variants. Raises NotFound, InvalidInput, UnknownVariant."""
    here = staff_queries.editable(product_id)
    refuse_taken_skus(((f"variants-{place}-sku", row.sku) for place, row in enumerate(form.variants)), product_id)
    rows = {row.id: row for row in form.variants}
    wanted = msgspec.structs.replace(
        as_form(Present(here.product, here.variants)),
        title=form.title, handle=form.handle or here.product.handle, description_html=html_of(form.description),
        vendor=form.vendor, kind=form.kind, tags=_listed(form.tags), status=form.status, seo_title=form.seo_title,
        seo_description=form.seo_description,
        variants=[_saved(variant, rows.pop(variant.id, None)) for variant in here.variants],
    )  # fmt: skip
    try:
        product = service.update_product(product_id, wanted, by=by)
    except HandleTaken as taken:
        raise InvalidInput({"handle": taken.sentence}) from None
    _put_on_shelves(product_id, set(here.collection_ids), set(form.collections), by)
    return product


def set_options(product_id: UUID, options: list[OptionIn], *, by: Actor) -> Product:
    """Let a product vary in these ways: variants whose values are still there stay, missing combinations are made.

    An option at the same place may be renamed; variants of a value that was taken away go. Raises TooManyVariants.
    """
    here = staff_queries.editable(product_id)
    first = as_variant(here.variants[0])
    template = VariantIn(
        price=first.price, compare_at=first.compare_at, weight_grams=first.weight_grams, tracks_stock=first.tracks_stock
    )
    kept = _kept(here.variants, options)
    wanted = msgspec.structs.replace(
        as_form(Present(here.product, here.variants)), options=options, variants=_variants_for(options, template, kept)
    )
    return service.update_product(product_id, wanted, by=by)


def add_variant(product_id: UUID, new: VariantIn, *, by: Actor) -> Variant:
    """Let a product be had in one more way, behind the others. Raises NotFound and what `update_product` raises."""
    here = staff_queries.editable(product_id)
    refuse_taken_skus([("sku", new.sku)], product_id)
    _save_variants(here, [*map(as_variant, here.variants), new], by)
    return queries.lock_variants(product_id)[-1]


def change_variant(variant_id: UUID, wanted: VariantIn, *, by: Actor) -> None:
    """Make a variant what the form says; its place stays. Raises NotFound and what `update_product` raises."""
    here = staff_queries.editable(staff_queries.product_of_variant(variant_id))
    refuse_taken_skus([("sku", wanted.sku)], here.product.id)
    kept = msgspec.structs.replace(wanted, id=variant_id)
    _save_variants(here, [kept if one.id == variant_id else as_variant(one) for one in here.variants], by)


def remove_variant(variant_id: UUID, *, by: Actor) -> None:
    """Sell a product in this way no longer. Raises NotFound, and NoVariants for the last one."""
    here = staff_queries.editable(staff_queries.product_of_variant(variant_id))
    _save_variants(here, [as_variant(one) for one in here.variants if one.id != variant_id], by)


def _save_variants(here: staff_queries.Editable, variants: list[VariantIn], by: Actor) -> None:
    form = as_form(Present(here.product, here.variants))
    service.update_product(here.product.id, msgspec.structs.replace(form, variants=variants), by=by)


def options_of(form: OptionsForm | CreateProduct) -> list[OptionIn]:
    """The options that were named, with their values. Raises InvalidInput beside the field."""
    options, errors = [], {}
    for place in (1, 2, 3):
        name, values = getattr(form, f"name_{place}"), list(dict.fromkeys(_listed(getattr(form, f"values_{place}"))))
        if name and not values:
            errors[f"values_{place}"] = gettext("Name at least one value for %(name)s.", name=name)
        elif values and not name:
            errors[f"name_{place}"] = gettext("Give these values a name, such as Colour.")
        elif any(len(value) > 100 for value in values):
            errors[f"values_{place}"] = gettext("A value has at most 100 characters.")
        elif name:
            options.append(OptionIn(name, values))
    if len({option.name.lower() for option in options}) < len(options):
        errors["name_2"] = gettext("Two options have the same name.")
    if errors:
        raise InvalidInput(errors)
    return options


def html_of(text: str) -> str:
    """Safe HTML of what was typed: HTML is cleaned, anything else is read as Markdown."""
    return safe_html(text) if _TAG.search(text) else markdown(text).strip()


def put_on_shelf(collection_id: UUID, product_ids: list[UUID], *, by: Actor) -> None:
    """Put products behind the others of a collection. Raises NotFound."""
    service.put_products(collection_id, [*queries.product_ids_in(collection_id), *product_ids], by=by)


def arrange_shelf(collection_id: UUID, product_ids: list[UUID], *, by: Actor) -> None:
    """Put a collection's products into this order; those not named follow. Strangers among them are left out."""
    here = queries.product_ids_in(collection_id)
    wanted = [one for one in product_ids if one in set(here)]
    service.put_products(collection_id, [*wanted, *(one for one in here if one not in set(wanted))], by=by)


def move_shelf(collection_id: UUID, step: int, *, by: Actor) -> None:
    """Put a collection one place up (-1) or down (1) among the others. Raises NotFound."""
    order = [row.id for row, _number in queries.collections()]
    if collection_id not in order:
        raise NotFound
    place = order.index(collection_id)
    order.insert(min(max(place + step, 0), len(order) - 1), order.pop(place))
    service.arrange_collections(order, by=by)


def move_on_shelf(collection_id: UUID, product_id: UUID, to: str, *, by: Actor) -> None:
    """Move a product on its shelf: "first", "earlier", "later" or "off". One that is not on it changes nothing."""
    order = queries.product_ids_in(collection_id)
    if product_id in order:
        place = order.index(product_id)
        order.remove(product_id)
        places = {"first": 0, "earlier": max(place - 1, 0), "later": place + 1}
        if to in places:
            order.insert(places[to], product_id)
    service.put_products(collection_id, order, by=by)


def _saved(variant: Variant, row: VariantRow | None) -> VariantIn:
    """A variant with what its line of the table says; one that was added meanwhile stays as it is."""
    if row is None:
        return as_variant(variant)
    return VariantIn(options=list(variant.options), **msgspec.structs.asdict(row))


def _kept(variants: list[Variant], options: list[OptionIn]) -> list[VariantIn]:
    """Variants whose values are all still offered; a new option gives them its first value."""
    kept: dict[tuple[str, ...], VariantIn] = {}
    for variant in variants:
        values = [
            variant.options[place] if place < len(variant.options) else option.values[0]
            for place, option in enumerate(options)
        ]
        if all(value in option.values for value, option in zip(values, options, strict=True)):
            kept.setdefault(tuple(values), msgspec.structs.replace(as_variant(variant), options=values))
    return list(kept.values())


def _variants_for(options: list[OptionIn], template: VariantIn, kept: list[VariantIn]) -> list[VariantIn]:
    number = 1
    for option in options:
        number *= len(option.values)
    if number > MOST_VARIANTS:
        raise TooManyVariants(number=number)
    by_values = {tuple(variant.options): variant for variant in kept}
    combinations = list(itertools.product(*(option.values for option in options)))
    sku = template.sku if len(combinations) == 1 else ""
    fresh = msgspec.structs.replace(
        template, sku=sku, barcode=template.barcode if sku or len(combinations) == 1 else ""
    )
    return [by_values.get(values) or msgspec.structs.replace(fresh, options=list(values)) for values in combinations]


def refuse_taken_skus(typed: Iterable[tuple[str, str]], product_id: UUID | None) -> None:
    """Raise InvalidInput beside each field whose SKU another product has; `typed` are names of fields and SKUs."""
    skus = {name: sku.strip() for name, sku in typed if sku.strip()}
    holders = staff_queries.holders_of_skus(set(skus.values()), product_id) if skus else {}
    errors = {
        name: gettext("The SKU “%(sku)s” belongs to %(holder)s already.", sku=sku, holder=holders[sku])
        for name, sku in skus.items()
        if sku in holders
    }
    if errors:
        raise InvalidInput(errors)


def _put_on_shelves(product_id: UUID, before: set[UUID], after: set[UUID], by: Actor) -> None:
    for shelf in sorted(after - before):
        put_on_shelf(shelf, [product_id], by=by)
    for shelf in sorted(before - after):
        move_on_shelf(shelf, product_id, "off", by=by)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
