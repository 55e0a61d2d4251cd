"""Products for programs."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

import msgspec

from app.core import ids, keyset
from app.core.access import requires
from app.core.errors import NotFound
from app.core.i18n import gettext
from app.core.isolation import tenant_url
from app.core.rest import Expansion, Page, Synced, accepts, cursor_of, page_of, read_cursor, returns
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries
from app.shop.catalog.api import collections
from app.shop.catalog.api.entrance import PRODUCT, Out, door
from app.shop.catalog.programs import CollectionOut
from app.shop.catalog.schemas import Line, ProductOut, ProductStatus, ProductsWanted

BESIDE = {"collections": Expansion(list[CollectionOut], "products.read", collections.expanded)}


class ProductFilter(Synced, forbid_unknown_fields=True, kw_only=True):
    """Which products to list; newest first."""

    status: ProductStatus | None = None
    handle: Line = ""
    vendor: Line = ""
    tag: Line = ""
    q: Line = ""
    sort: Literal["-created_at", "created_at", "-updated_at", "updated_at"] = "-created_at"


@door.get("/products")
@requires("products.read")
@returns(Page[ProductOut], expands=BESIDE)
@accepts(ProductFilter)
def list_products(query: ProductFilter) -> Page[ProductOut]:
    """List products, newest first or as `sort` says.

    Filters by status, handle, vendor, tag, `q` (words, typos forgiven) and moments (RFC 3339). A product changes with
    its variants and pictures; how many pieces are left has a list of its own, /stock. Amounts are integers in minor
    units of `currency`.
    """
    after = _place(query)
    found = queries.product_rows(
        ProductsWanted(
            query.status,
            query.handle,
            query.vendor,
            query.tag,
            query.q,
            query.created_from,
            query.created_before,
            query.updated_since,
            query.updated_before,
        ),
        after,
        query.limit + 1,
        query.sort,
    )
    shown, has_more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of(shown[-1].moment(query.sort), shown[-1].id, query.sort) if has_more else None
    origin, currency = tenant_url(""), current_shop().currency
    return page_of([_written(origin, currency, one) for one in shown], cursor)


def _place(query: ProductFilter) -> tuple[datetime, UUID] | None:
    """Where the page before ended. Raises InvalidInput for a cursor of another sorting."""
    if not query.cursor:
        return None
    moment, last, sort = read_cursor(query.cursor, datetime, UUID, str)
    if sort != query.sort:
        raise keyset.OtherOrder({"cursor": gettext("This cursor belongs to another sorting.")})
    return moment, last


@lru_cache(maxsize=512)
def _written(origin: str, currency: str, row: queries.ProductRow) -> msgspec.Raw:
    """A product's JSON. Rows are read anew for each answer; equal ones are not written anew."""
    return msgspec.Raw(msgspec.json.encode(Out(origin, currency).product(row.view())))


@door.get("/products/<product_id>")
@requires("products.read")
@returns(ProductOut, errors=(NotFound,), expands=BESIDE)
def show_product(product_id: str) -> ProductOut:
    """Show one product with its variants and pictures."""
    return Out().product(queries.product_by_id(ids.from_public(PRODUCT, product_id)))


def expanded(product_ids: list[str]) -> dict[str, msgspec.Raw]:
    """Products by their ids, for answers that name them."""
    found = queries.products_of([ids.from_public(PRODUCT, one) for one in product_ids])
    origin, currency = tenant_url(""), current_shop().currency
    return {ids.to_public(PRODUCT, one.id): _written(origin, currency, one) for one in found}
