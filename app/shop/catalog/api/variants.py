"""Variants for programs: one by one, their options, and their stock."""

from __future__ import annotations

import msgspec

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, named, to_public
from app.core.rest import Expansion, Page, accepts, cursor_of, matches, page_of, read_cursor, returns
from app.shop.catalog import editing, queries, service, staff_queries
from app.shop.catalog.api import products
from app.shop.catalog.api.entrance import PRODUCT, VARIANT, Out, door
from app.shop.catalog.api.writing import locked_product, shown_product
from app.shop.catalog.editing import TooManyVariants
from app.shop.catalog.errors import NoVariants, OptionsDoNotMatch, VariantTwice
from app.shop.catalog.programs import OptionsWritten, StockFilter, StockLevel, StockMove, VariantChanged
from app.shop.catalog.schemas import OptionIn, ProductOut, StockOut, StockWritten, VariantIn, VariantOut

PRODUCT_BESIDE = {"product": Expansion(ProductOut, "products.read", products.expanded, at="product_id")}


def _shown(variant_id: str) -> VariantOut:
    identity = from_public(VARIANT, variant_id)
    product = queries.product_by_id(staff_queries.product_of_variant(identity))
    return Out().variant(next(one for one in product.variants if one.id == identity), product.id)


def expanded(variant_ids: list[str]) -> dict[str, VariantOut]:
    """Variants by their ids, for answers that name them."""
    wanted = {from_public(VARIANT, one) for one in variant_ids}
    views = [row.view() for row in queries.products_of(staff_queries.products_of_variants(sorted(wanted)))]
    told = (Out().variant(one, view.id) for view in views for one in view.variants if one.id in wanted)
    return {one.id: one for one in told}


STOCK_BESIDE = PRODUCT_BESIDE | {"variant": Expansion(VariantOut, "products.read", expanded, at="variant_id")}


def _locked(variant_id: str) -> VariantOut:
    queries.lock_variants(staff_queries.product_of_variant(from_public(VARIANT, variant_id)))
    return _shown(variant_id)


def _form(body: VariantChanged, on_hand: int) -> VariantIn:
    stays = body.on_hand is None
    plain = msgspec.structs.asdict(body) | {"on_hand": on_hand if stays else body.on_hand}
    return VariantIn(on_hand_seen=on_hand if stays else None, **plain)


@door.get("/variants/<variant_id>")
@requires("products.read")
@returns(VariantOut, errors=(NotFound,), expands=PRODUCT_BESIDE)
def show_variant(variant_id: str) -> VariantOut:
    """Show one variant."""
    return _shown(variant_id)


@door.post("/products/<product_id>/variants")
@requires("products.edit")
@returns(VariantOut, errors=(NotFound, OptionsDoNotMatch, VariantTwice), status=201)
@accepts(VariantChanged)
def add_variant(body: VariantChanged, product_id: str) -> VariantOut:
    """Add a variant to a product, behind the others. It names one value for each option."""
    made = editing.add_variant(from_public(PRODUCT, product_id), _form(body, 0), by=current_actor())
    return _shown(to_public(VARIANT, made.id))


@door.put("/variants/<variant_id>")
@requires("products.edit")
@returns(VariantOut, errors=(NotFound, OptionsDoNotMatch, VariantTwice))
@matches(_locked)
@accepts(VariantChanged)
def change_variant(body: VariantChanged, variant_id: str) -> VariantOut:
    """Make a variant what the body says."""
    here = _shown(variant_id)
    editing.change_variant(from_public(VARIANT, variant_id), _form(body, here.on_hand), by=current_actor())
    return _shown(variant_id)


@door.delete("/variants/<variant_id>")
@requires("products.edit")
@returns(VariantOut, errors=(NotFound, NoVariants))
def remove_variant(variant_id: str) -> VariantOut:
    """Remove a variant, and answer what it was. A product keeps at least one."""
    was = _locked(variant_id)
    editing.remove_variant(from_public(VARIANT, variant_id), by=current_actor())
    return was


@door.put("/products/<product_id>/options")
@requires("products.edit")
@returns(ProductOut, errors=(NotFound, TooManyVariants))
@matches(locked_product)
@accepts(OptionsWritten)
def set_options(body: OptionsWritten, product_id: str) -> ProductOut:
    """Let a product vary in these ways: variants whose values stay are kept, missing combinations are made."""
    options = [
        OptionIn(one.name.strip(), list(dict.fromkeys(value.strip() for value in one.values if value.strip())))
        for one in body.options
    ]
    editing.set_options(from_public(PRODUCT, product_id), options, by=current_actor())
    return shown_product(product_id)


@door.get("/stock")
@requires("products.read")
@returns(Page[StockLevel], expands=STOCK_BESIDE)
@accepts(StockFilter)
def list_stock(query: StockFilter) -> Page[StockLevel]:
    """List how many pieces there are of each variant."""
    after = read_cursor(query.cursor, str)[0] if query.cursor else ""
    product_id = named(PRODUCT, query.product_id, "product_id") if query.product_id else None
    moments = query.updated_since, query.updated_before
    wanted = staff_queries.StockWanted(query.sku, product_id, query.at_most, *moments)
    found = staff_queries.stock_levels(wanted, named(VARIANT, after, "cursor") if after else None, query.limit + 1)
    levels = [
        StockLevel(
            to_public(VARIANT, one.id), to_public(PRODUCT, one.product_id), one.sku, one.on_hand, one.owed,
            one.tracks_stock, one.continue_selling, one.updated_at,
        )
        for one in found[: query.limit]
    ]  # fmt: skip
    return page_of(levels, cursor_of(levels[-1].variant_id) if len(found) > query.limit else None)


@door.put("/variants/<variant_id>/stock")
@requires("products.edit")
@returns(StockOut, errors=(NotFound,))
@accepts(StockWritten)
def set_stock(body: StockWritten, variant_id: str) -> StockOut:
    """Write down what was counted of a variant."""
    identity = from_public(VARIANT, variant_id)
    return StockOut(variant_id, service.set_stock(identity, body.on_hand, by=current_actor(), seen=body.seen))


@door.post("/variants/<variant_id>/stock/moves")
@requires("products.edit")
@returns(StockOut, errors=(NotFound,), status=201)
@accepts(StockMove)
def move_stock(body: StockMove, variant_id: str) -> StockOut:
    """Add or take away pieces, whatever is there; never below none."""
    identity = from_public(VARIANT, variant_id)
    now = service.move_stock(identity, body.by, reason=body.reason, by=current_actor())
    return StockOut(variant_id, now)
