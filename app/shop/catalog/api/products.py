"""Products for programs."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from app.core import ids
from app.core.access import requires
from app.core.errors import NotFound
from app.core.isolation import tenant_url
from app.core.rest import Page, Paging, accepts, cursor_of, page_of, read_cursor, returns
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries
from app.shop.catalog.api.entrance import PRODUCT, Out, door
from app.shop.catalog.schemas import Line, ProductOut, ProductStatus, ProductsWanted


class ProductFilter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which products to list; newest first."""

    status: ProductStatus | None = None
    handle: Line = ""
    vendor: Line = ""
    tag: Line = ""
    q: Line = ""
    updated_since: datetime | None = None


@door.get("/products")
@requires("products.read")
@returns(Page[ProductOut])
@accepts(ProductFilter)
def list_products(query: ProductFilter) -> Page[ProductOut]:
    """List products, newest first.

    Filters by status, handle, vendor, tag, `q` (words, typos forgiven) and `updated_since` (RFC 3339). Amounts are
    integers in minor units of `currency`.
    """
    after = read_cursor(query.cursor, datetime, UUID) if query.cursor else None
    found = queries.product_rows(
        ProductsWanted(query.status, query.handle, query.vendor, query.tag, query.q, query.updated_since),
        after,
        query.limit + 1,
    )
    shown, has_more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of(shown[-1].created_at, shown[-1].id) if has_more else None
    origin, currency = tenant_url(""), current_shop().currency
    return page_of([_written(origin, currency, one) for one in shown], cursor)


@lru_cache(maxsize=512)
def _written(origin: str, currency: str, row: queries.ProductRow) -> msgspec.Raw:
    """A product's JSON. Rows are read anew for each answer; equal ones are not written anew."""
    return msgspec.Raw(msgspec.json.encode(Out(origin, currency).product(row.view())))


@door.get("/products/<product_id>")
@requires("products.read")
@returns(ProductOut, errors=(NotFound,))
def show_product(product_id: str) -> ProductOut:
    """Show one product with its variants and pictures."""
    return Out().product(queries.product_by_id(ids.from_public(PRODUCT, product_id)))
