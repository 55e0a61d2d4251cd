"""Changes of products by programs, through the same services as the back office."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.core import ids
from app.core.access import current_actor, requires
from app.core.errors import NotFound, PlanLimitReached
from app.core.rest import accepts, matches, returns
from app.shop.catalog import editing, queries, service
from app.shop.catalog.api.entrance import PRODUCT, VARIANT, Out, door
from app.shop.catalog.errors import (
    HandleTaken,
    NoVariants,
    OptionsDoNotMatch,
    TooManyOptions,
    UnknownVariant,
    VariantTwice,
)
from app.shop.catalog.programs import StatusWritten
from app.shop.catalog.schemas import (
    NewProduct,
    ProductOut,
    ProductWritten,
    VariantIn,
    VariantWritten,
)

REFUSALS = (HandleTaken, NoVariants, OptionsDoNotMatch, TooManyOptions, UnknownVariant, VariantTwice)


def locked_product(product_id: str) -> ProductOut:
    """The product as it is answered, for changing. Raises NotFound."""
    identity = ids.from_public(PRODUCT, product_id)
    queries.lock_variants(identity)
    queries.lock_product(identity)
    return shown_product(product_id)


@door.post("/products")
@requires("products.edit")
@returns(ProductOut, errors=(PlanLimitReached, *REFUSALS), status=201)
@accepts(ProductWritten)
def create_product(body: ProductWritten) -> ProductOut:
    """Create a product with its variants."""
    _refuse_taken_skus(body, None)
    product = service.create_product(_form(body, ()), by=current_actor())
    return shown_product(ids.to_public(PRODUCT, product.id))


@door.put("/products/<product_id>")
@requires("products.edit")
@returns(ProductOut, errors=(NotFound, *REFUSALS))
@matches(locked_product)
@accepts(ProductWritten)
def update_product(body: ProductWritten, product_id: str) -> ProductOut:
    """Make a product what the body says. Variants that it does not name by `id` are removed."""
    identity = ids.from_public(PRODUCT, product_id)
    _refuse_taken_skus(body, identity)
    there = [one.id for one in shown_product(product_id).variants]
    service.update_product(identity, _form(body, there), by=current_actor())
    return shown_product(product_id)


@door.post("/products/<product_id>/status")
@requires("products.edit")
@returns(ProductOut, errors=(NotFound,))
@accepts(StatusWritten)
def set_status(body: StatusWritten, product_id: str) -> ProductOut:
    """Put a product on sale, make it a draft, or archive it."""
    service.set_status(ids.from_public(PRODUCT, product_id), body.status, by=current_actor())
    return shown_product(product_id)


@door.delete("/products/<product_id>")
@requires("products.edit")
@returns(ProductOut, errors=(NotFound,))
def delete_product(product_id: str) -> ProductOut:
    """Remove a product with its variants and pictures, and answer what it was. Orders keep their own copy."""
    product = locked_product(product_id)
    service.delete_product(ids.from_public(PRODUCT, product_id), by=current_actor())
    return product


def _refuse_taken_skus(body: ProductWritten, product_id: UUID | None) -> None:
    typed = ((f"variants[{place}].sku", one.sku) for place, one in enumerate(body.variants))
    editing.refuse_taken_skus(typed, product_id)


def _form(body: ProductWritten, there: Sequence[str]) -> NewProduct:
    for place, one in enumerate(body.variants):
        if one.id and one.id not in there:
            raise ids.unknown(f"variants[{place}].id")
    plain = {field: getattr(body, field) for field in body.__struct_fields__ if field != "variants"}
    return NewProduct(variants=[_variant(one) for one in body.variants], **plain)


def _variant(one: VariantWritten) -> VariantIn:
    plain = msgspec.structs.asdict(one)
    return VariantIn(**plain | {"id": ids.from_public(VARIANT, one.id) if one.id else None})


def shown_product(product_id: str) -> ProductOut:
    """The product as it is answered. Raises NotFound."""
    return Out().product(queries.product_by_id(ids.from_public(PRODUCT, product_id)))
