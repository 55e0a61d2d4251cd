"""Pages of products for programs: filters as prepared statements, rows as they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    bindparam,
    func,
    select,
    tuple_,
)

from app.core import db, frames, keyset
from app.core.prepared import Prepared
from app.shop.catalog.models import Product, ProductFacet
from app.shop.catalog.queries.products import COLUMNS, as_written, rows
from app.shop.catalog.queries.search import matches_for, matching_products
from app.shop.catalog.queries.versions import known, versions
from app.shop.catalog.schemas import ProductsWanted, ProductView

_FILTERS = dict.fromkeys(keyset.MOMENTS, DateTime(timezone=True))


class ProductRow(tuple[Any, ...]):
    """One product as the database told it: hashable, and the key of whatever is made of it."""

    __slots__ = ()

    def __new__(cls, *values: Any) -> ProductRow:
        """From the columns of `_rows`."""
        return super().__new__(cls, values)

    @property
    def id(self) -> UUID:
        """The product."""
        return self[0]  # type: ignore[no-any-return]  # by its place in COLUMNS

    def moment(self, sort: str) -> datetime:
        """By which pages are cut."""
        return self[COLUMNS.index(sort.lstrip("-"))]  # type: ignore[no-any-return]  # as above

    def view(self) -> ProductView:
        """The product in the shop's own language."""
        return as_written(*self)


def products_page(wanted: ProductsWanted, after: tuple[Any, ...] | None, most: int) -> list[ProductView]:
    """Products with all that belongs to them, newest first, from behind the (created_at, id) of `after`."""
    return [row.view() for row in product_rows(wanted, after, most)]


def product_rows(
    wanted: ProductsWanted, after: tuple[Any, ...] | None, most: int, sort: str = "-created_at"
) -> list[ProductRow]:
    """The same as the database told it, sorted by created_at or updated_at; a minus turns it around."""
    if wanted.q:
        statement = rows(is_for_pages=False).where(*_api_conditions(wanted)).order_by(*_order(sort)).limit(most)
        if after:
            statement = statement.where(_is_behind(sort, *after))
        return [ProductRow(*row) for row in db.session.execute(statement)]
    names = tuple(name for name in ("status", "handle", "vendor", "tag", *keyset.MOMENTS) if getattr(wanted, name))
    values = {name: getattr(wanted, name) for name in names} | {"most": most}
    values |= dict(zip(("created", "last"), after or (), strict=False))
    if frames.current() is None:
        return [ProductRow(*row) for row in _page_of_products(names, bool(after), sort).rows(**values)]
    return known.whole(_page_of_products(names, bool(after), sort, versions).rows(**values), products_of)


def _whole_rows() -> Select[Any]:
    return rows(is_for_pages=False)


@cache
def _page_of_products(
    names: tuple[str, ...],
    is_further: bool,
    sort: str,
    columns: Callable[[], Select[Any]] = _whole_rows,
) -> Prepared:
    """One statement for each set of filters, built once a process."""
    given = {name: bindparam(name, type_=_FILTERS.get(name, Text())) for name in names}
    conditions = _api_conditions(ProductsWanted(**given))  # type: ignore[arg-type]  # parameters in the place of values
    statement = columns().where(*conditions).order_by(*_order(sort))
    if is_further:
        last = bindparam("last", type_=Uuid())
        statement = statement.where(_is_behind(sort, bindparam("created", type_=DateTime(timezone=True)), last))
    return Prepared(statement.limit(bindparam("most", type_=BigInteger())))


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    keys = (getattr(Product, sort.lstrip("-")), Product.id)
    return tuple(key.desc() if sort[0] == "-" else key.asc() for key in keys)


def _is_behind(sort: str, moment: Any, last: Any) -> ColumnElement[bool]:
    """As one comparison of rows: with `or`, each page would read all those before it."""
    keys, here = tuple_(getattr(Product, sort.lstrip("-")), Product.id), tuple_(moment, last)
    return keys < here if sort[0] == "-" else keys > here


def products_of(product_ids: list[UUID]) -> list[ProductRow]:
    """Several products in any state but deleted, as the database told them."""
    return [ProductRow(*row) for row in _several_products().rows(ids=product_ids)]


@cache
def _several_products() -> Prepared:
    wanted = rows(is_for_pages=False).where(Product.id == func.any(bindparam("ids", type_=ARRAY(Uuid()))))
    return Prepared(wanted.where(Product.status != "deleted"))


def _api_conditions(wanted: ProductsWanted) -> Iterable[ColumnElement[bool]]:
    yield Product.status == wanted.status if _is_given(wanted.status) else Product.status != "deleted"
    if _is_given(wanted.handle):
        yield Product.handle == wanted.handle
    if _is_given(wanted.vendor):
        yield Product.vendor == wanted.vendor
    if _is_given(wanted.created_from):
        yield Product.created_at >= wanted.created_from
    if _is_given(wanted.created_before):
        yield Product.created_at < wanted.created_before
    if _is_given(wanted.updated_since):
        yield Product.updated_at >= wanted.updated_since
    if _is_given(wanted.updated_before):
        yield Product.updated_at < wanted.updated_before
    if _is_given(wanted.tag):
        yield (
            select(ProductFacet.product_id)
            .where(
                ProductFacet.tenant_id == Product.tenant_id,
                ProductFacet.product_id == Product.id,
                ProductFacet.name == "tag",
                ProductFacet.value == wanted.tag,
            )
            .exists()
        )
    if wanted.q:
        yield Product.id.in_(select(matching_products(matches_for(wanted.q)).c.product_id))


def _is_given(value: Any) -> bool:
    return isinstance(value, BindParameter) or bool(value)
