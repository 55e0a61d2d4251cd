"""One change to many products, by the rules of the back office."""

from __future__ import annotations

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.ids import named, to_public
from app.core.rest import accepts, returns
from app.shop.catalog import bulk, queries, service
from app.shop.catalog.api.entrance import COLLECTION, PRODUCT, VARIANT, door
from app.shop.catalog.forms import BulkPrices
from app.shop.catalog.programs import ManyChanged, ManyProducts, PriceOut, PricesChanged, PricesOut

STATUSES = {"activate": "active", "draft": "draft", "archive": "archived"}


@door.post("/products/actions")
@requires("products.edit")
@returns(ManyChanged)
@accepts(ManyProducts)
def act_on_many(body: ManyProducts) -> ManyChanged:
    """Do one thing to up to 200 products: all of them, or none when one is not there."""
    ids, by = _named(body.product_ids), current_actor()
    if body.action in STATUSES:
        bulk.set_status(ids, STATUSES[body.action], by=by)
    elif body.action in {"tag", "untag"}:
        name = " ".join(body.tag.replace(",", " ").split())
        return ManyChanged(len(bulk.tag(ids, name, take_off=body.action == "untag", by=by)))
    elif body.action == "collect":
        shelf = named(COLLECTION, body.collection_id, "collection_id")
        queries.check_collection_exists(shelf, "collection_id")
        bulk.collect(ids, shelf, by=by)
    else:
        for product_id in ids:
            service.delete_product(product_id, by=by)
    return ManyChanged(len(ids))


@door.post("/products/prices")
@requires("products.edit")
@returns(PricesOut)
@accepts(PricesChanged)
def change_prices(body: PricesChanged) -> PricesOut:
    """Change all prices of up to 200 products, rounded half up, never below zero."""
    ids = _named(body.product_ids)
    form = BulkPrices(
        direction=body.direction, percent=body.percent, amount=body.amount, keeps_before=body.keeps_before, products=ids
    )
    told = [
        PriceOut(to_public(VARIANT, one.variant.id), one.variant.price, one.price, one.compare_at)
        for one in bulk.new_prices(ids, form)
    ]
    if not body.preview:
        bulk.change_prices(ids, form, by=current_actor())
    return PricesOut(told)


def _named(texts: list[str]) -> list[UUID]:
    ids = sorted({named(PRODUCT, one, f"product_ids[{place}]") for place, one in enumerate(texts)})
    queries.check_products_exist(ids, "product_ids")
    return ids
