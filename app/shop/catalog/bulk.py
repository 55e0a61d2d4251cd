"""The same change to many products: ticked ones, or all that a list shows, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec

from app.core.access import Actor
from app.core.errors import DomainError
from app.core.i18n import gettext as _
from app.core.i18n import mark, ngettext
from app.platform.staff import undo
from app.shop.catalog import editing, queries, service, staff_queries
from app.shop.catalog.forms import BulkForm, BulkPrices, ProductFilter
from app.shop.catalog.models import Product, Variant

MOST_AT_ONCE = 500
STATUS_WORDS = {"active": mark("on sale"), "draft": mark("drafts"), "archived": mark("archived")}


class TooManyProducts(DomainError):
    """One request cannot wait for so many, and one button should not undo them."""

    code, status = "too_many_products", 422
    message = mark("At most 500 products are changed at once: narrow the list, or use an import.")


@dataclass(frozen=True)
class NewPrice:
    """A variant with its price now and afterwards, in minor units."""

    product: Product
    variant: Variant
    price: int
    compare_at: int | None


def chosen(form: BulkForm | BulkPrices) -> list[UUID]:
    """The products that are meant. Raises TooManyProducts."""
    if not form.everything:
        return sorted(set(form.products))
    found = staff_queries.ids_after(filter_from(form.query), None, MOST_AT_ONCE + 1)
    if len(found) > MOST_AT_ONCE:
        raise TooManyProducts
    return found


def filter_from(query: str) -> ProductFilter:
    """The list's state as it stands in an address; what cannot be read narrows nothing."""
    values = dict(parse_qsl(query, max_num_fields=20))
    values.pop("cursor", None)
    try:
        return msgspec.convert(values, ProductFilter, strict=False)
    except msgspec.ValidationError:
        return ProductFilter()


def set_status(ids: list[UUID], status: str, *, by: Actor) -> dict[str, str]:
    """Give products a status; answers what each had before. Raises NotFound."""
    before = {str(row.id): row.status for row in staff_queries.locked(ids)}
    for product_id in ids:
        service.set_status(product_id, status, by=by)
    return before


def tag(ids: list[UUID], name: str, *, take_off: bool, by: Actor) -> dict[str, list[str]]:
    """Put a tag on products, or take it off; answers the tags that changed, as they were."""
    before = {}
    for row in staff_queries.locked(ids):
        tags = [one for one in row.tags if one != name] if take_off else list(dict.fromkeys([*row.tags, name]))
        if tags != row.tags:
            before[str(row.id)] = list(row.tags)
            service.set_tags(row, tags, by=by)
    return before


def put_aside(ids: Iterable[UUID], *, by: Actor) -> dict[str, list[str]]:
    """Take products out of every list; answers the handle and status that each comes back with."""
    before = {}
    for row in staff_queries.locked(ids):
        before[str(row.id)] = [row.handle, row.status]
        service.put_aside(row.id, by=by)
    return before


def collect(ids: list[UUID], shelf: UUID, *, by: Actor) -> None:
    """Put products behind the others of a collection. Raises NotFound."""
    staff_queries.locked(ids)
    editing.put_on_shelf(shelf, ids, by=by)


def new_prices(ids: list[UUID], form: BulkPrices) -> list[NewPrice]:
    """What every variant would cost afterwards: rounded half up, never below zero."""
    found = []
    for one in staff_queries.listed(staff_queries.locked(ids)):
        for variant in one.variants:
            price = _changed(variant.price, form)
            compare_at = max(variant.price, variant.compare_at or 0) if form.keeps_before else variant.compare_at
            found.append(NewPrice(one.product, variant, price, compare_at if (compare_at or 0) > price else None))
    return found


def change_prices(ids: list[UUID], form: BulkPrices, *, by: Actor) -> int:
    """Make the change that `new_prices` shows; answers the number of products."""
    wanted: dict[UUID, dict[UUID, tuple[int, int | None]]] = {}
    for one in new_prices(ids, form):
        wanted.setdefault(one.product.id, {})[one.variant.id] = (one.price, one.compare_at)
    for product_id in sorted(wanted):
        service.set_prices(product_id, wanted[product_id], by=by)
    return len(wanted)


def _changed(price: int, form: BulkPrices) -> int:
    sign = 1 if form.direction == "up" else -1
    if form.amount:
        return max(price + sign * form.amount, 0)
    change = Decimal(price) * Decimal(str(form.percent or 0)) / 100
    return max(int((Decimal(price) + sign * change).to_integral_value(ROUND_HALF_UP)), 0)


@undo.can_be_undone("products.status", permission="products.edit")
def status_back(details: dict[str, Any], by: Actor) -> str:
    """Every product gets the status that it had."""
    return _each(details["before"], lambda product_id, status: service.set_status(product_id, status, by=by))


@undo.can_be_undone("products.tags", permission="products.edit")
def tags_back(details: dict[str, Any], by: Actor) -> str:
    """Every product gets the tags that it had."""
    return _each(details["before"], lambda one, tags: service.set_tags(queries.lock_product(one), tags, by=by))


@undo.can_be_undone("products.deleted", permission="products.edit")
def deleted_back(details: dict[str, Any], by: Actor) -> str:
    """Every product comes back as it was."""
    return _each(details["before"], lambda product_id, was: service.bring_back(product_id, *was, by=by))


_KEPT = ("title", "handle", "description_html", "status", "position", "seo_title", "seo_description", "is_sample",
         "image_key", "image_renditions")  # fmt: skip


def delete_collection(collection_id: UUID, *, by: Actor) -> tuple[str, dict[str, Any]]:
    """Delete a collection; answers its title and what brings it back. Raises NotFound."""
    row = queries.lock_collection(collection_id)
    title = row.title
    values = {name: getattr(row, name) for name in _KEPT} | {"id": str(row.id)}
    products = [str(one) for one in queries.product_ids_in(collection_id)]
    service.delete_collection(collection_id, by=by)
    return title, {"values": values, "products": products}


@undo.can_be_undone("collections.deleted", permission="products.edit")
def collection_back(details: dict[str, Any], by: Actor) -> str:
    """The collection stands at its address again, with its products."""
    products = [UUID(one) for one in details["products"]]
    row = service.restore_collection(details["values"], products, by=by)
    return _("%(title)s is back.", title=row.title)


def _each(before: dict[str, Any], act: Callable[[UUID, Any], Any]) -> str:
    for identity in sorted(before):
        act(UUID(identity), before[identity])
    number = len(before)
    return (
        ngettext("%(num)s product is as it was.", "%(num)s products are as they were.", number)
        if number
        else _("Done.")
    )
