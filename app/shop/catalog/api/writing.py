"""Changes of products by programs, through the same services as the back office."""

from __future__ import annotations

import msgspec

from app.core import ids
from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.rest import accepts, matches, returns
from app.shop.catalog import queries, service
from app.shop.catalog.api.entrance import PRODUCT, VARIANT, Out, door
from app.shop.catalog.errors import (
    HandleTaken,
    NoVariants,
    OptionsDoNotMatch,
    TooManyOptions,
    UnknownVariant,
    VariantTwice,
)
from app.shop.catalog.schemas import (
    NewProduct,
    ProductOut,
    ProductWritten,
    StockOut,
    StockWritten,
    VariantIn,
    VariantWritten,
)

REFUSALS = (HandleTaken, NoVariants, OptionsDoNotMatch, TooManyOptions, UnknownVariant, VariantTwice)


def _locked(product_id: str) -> ProductOut:
    identity = ids.from_public(PRODUCT, product_id)
    queries.lock_variants(identity)
    queries.lock_product(identity)
    return _shown(product_id)


@door.post("/products")
@requires("products.edit")
@returns(ProductOut, errors=REFUSALS, status=201)
@accepts(ProductWritten)
def create_product(body: ProductWritten) -> ProductOut:
    """Create a product with its variants."""
    product = service.create_product(_form(body), by=current_actor())
    return _shown(ids.to_public(PRODUCT, product.id))


@door.put("/products/<product_id>")
@requires("products.edit")
@returns(ProductOut, errors=(NotFound, *REFUSALS))
@matches(_locked)
@accepts(ProductWritten)
def update_product(body: ProductWritten, product_id: str) -> ProductOut:
    """Make a product what the body says. Variants that it does not name by `id` are removed."""
    service.update_product(ids.from_public(PRODUCT, product_id), _form(body), by=current_actor())
    return _shown(product_id)


@door.delete("/products/<product_id>")
@requires("products.edit")
@returns(ProductOut, errors=(NotFound,))
def delete_product(product_id: str) -> ProductOut:
    """Remove a product with its variants and pictures, and answer what it was. Orders keep their own copy."""
    product = _locked(product_id)
    service.delete_product(ids.from_public(PRODUCT, product_id), by=current_actor())
    return product


@door.put("/variants/<variant_id>/stock")
@requires("products.edit")
@returns(StockOut, errors=(NotFound,))
@accepts(StockWritten)
def set_stock(body: StockWritten, variant_id: str) -> StockOut:
    """Write down what was counted of a variant."""
    identity = ids.from_public(VARIANT, variant_id)
    return StockOut(variant_id, service.set_stock(identity, body.on_hand, by=current_actor(), seen=body.seen))


def _form(body: ProductWritten) -> NewProduct:
    plain = {field: getattr(body, field) for field in body.__struct_fields__ if field != "variants"}
    return NewProduct(variants=[_variant(one) for one in body.variants], **plain)


def _variant(one: VariantWritten) -> VariantIn:
    plain = msgspec.structs.asdict(one)
    return VariantIn(**plain | {"id": ids.from_public(VARIANT, one.id) if one.id else None})


def _shown(product_id: str) -> ProductOut:
    return Out().product(queries.product_by_id(ids.from_public(PRODUCT, product_id)))
