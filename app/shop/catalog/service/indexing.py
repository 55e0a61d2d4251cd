"""Keeping what search and filters look at in step with a product."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import TextClause, delete, text
from sqlalchemy.dialects import postgresql

from app.core import db, isolation
from app.shop.catalog import queries, search
from app.shop.catalog.models import Product, ProductFacet, SearchKey, SearchPosting, Variant

_TITLE, _KIND, _CODE, _TEXT = 8, 4, 3, 1
_MOST_WORDS = 400
_POSTGRESQL = postgresql.dialect()


def index_product(product: Product, variants: list[Variant]) -> None:
    """File a product under its words and facets. Repeating it changes nothing."""
    db.flush()
    _file_words(product, _weights(product, variants))
    _file_facets(product)


def index_new_products(written: list[tuple[Product, list[Variant]]]) -> None:
    """File products that were not filed before, all of them at once."""
    db.flush()
    weights = {product.id: _weights(product, variants) for product, variants in written}
    _learn(sorted({word for found in weights.values() for word in found}))
    postings = [
        {"word": word, "product_id": product_id, "weight": weight}
        for product_id, found in weights.items()
        for word, weight in found.items()
    ]
    _insert(SearchPosting, sorted(postings, key=lambda row: (row["word"], row["product_id"])))
    _insert(ProductFacet, [row for product, _ in written for row in _facets(product)])


def _weights(product: Product, variants: list[Variant]) -> dict[str, int]:
    """Each word with the weight of the most telling place it stands in."""
    weights: dict[str, int] = {}
    values = [value for variant in variants for value in variant.options]
    places: list[tuple[int, Iterable[str]]] = [
        (_TITLE, search.words_of(product.title)),
        (_KIND, search.words_of(" ".join([product.vendor, product.kind, *product.tags]))),
        (_CODE, search.words_of(" ".join(values))),
        (_CODE, [word for v in variants for code in (v.sku, v.barcode) for word in search.words_of_code(code)]),
        (_TEXT, search.words_of_html(product.description_html)),
    ]
    for weight, words in places:
        for word in words:
            weights.setdefault(word, weight)
    return dict(list(weights.items())[:_MOST_WORDS])


def _file_words(product: Product, weights: dict[str, int]) -> None:
    filed = queries.words_of_product(product.id)
    if filed == weights:
        return
    gone = {word for word, weight in filed.items() if weights.get(word) != weight}
    if gone:
        db.session.execute(
            delete(SearchPosting).where(SearchPosting.product_id == product.id, SearchPosting.word.in_(sorted(gone)))
        )
    fresh = [word for word, weight in weights.items() if filed.get(word) != weight]
    _learn(fresh)
    _insert(
        SearchPosting,
        [{"word": word, "product_id": product.id, "weight": weights[word]} for word in sorted(fresh)],
    )


def _learn(words: list[str]) -> None:
    """Add new words to the shop's dictionary. Sorted, so that two imports do not wait for each other in a circle."""
    new = sorted(set(words) - queries.filed_words(words)) if words else []
    rows = [{"key": key, "word": word} for word in new for key in search.spellings(word)]
    _insert(SearchKey, sorted(rows, key=lambda row: (row["key"], row["word"])))


def _file_facets(product: Product) -> None:
    db.session.execute(delete(ProductFacet).where(ProductFacet.product_id == product.id))
    _insert(ProductFacet, _facets(product))


def _facets(product: Product) -> list[dict[str, Any]]:
    facets = {("vendor", product.vendor), ("kind", product.kind), *(("tag", tag) for tag in product.tags)}
    facets |= {(f"option:{option['name']}", value) for option in product.options for value in option["values"]}
    return [{"product_id": product.id, "name": name, "value": value} for name, value in sorted(facets) if value]


def _insert(table: type[SearchKey | SearchPosting | ProductFacet], rows: list[dict[str, Any]]) -> None:
    """Write rows in one statement of a fixed shape, a list a column: it is put together once and not for each row."""
    if not rows:
        return
    names = list(rows[0])
    lists = {name: [row[name] for row in rows] for name in names}
    db.session.execute(_statement(table, tuple(names)), {"tenant_id": isolation.tenant_id(), **lists})


@cache
def _statement(table: type[SearchKey | SearchPosting | ProductFacet], names: tuple[str, ...]) -> TextClause:
    columns = [table.__table__.c[name] for name in names]
    lists = ", ".join(f"cast(:{column.name} as {column.type.compile(_POSTGRESQL)}[])" for column in columns)
    return text(
        f"insert into {table.__tablename__} (tenant_id, {', '.join(names)})"  # noqa: S608 - names of our own columns
        f" select cast(:tenant_id as uuid), filed.* from unnest({lists}) as filed on conflict do nothing"
    )
