"""Data for measurements: products, tenants and orders by the hundred thousand, made inside the database.

Multi-row INSERTs that name their tenant. The connection is the superuser's of a database that exists to be measured:
only it may leave the foreign keys unchecked, which is four fifths of the time. Columns that are not given here get the
default of their model, so that a new column needs no change in this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from app.commands.bench import words
from app.commands.bench.hurrying import analyse, hurry, indexes_later
from app.core.db import Base, TenantRow
from app.shop.catalog import search
from app.shop.catalog.models import (
    Collection,
    CollectionProduct,
    Image,
    Product,
    ProductFacet,
    SearchKey,
    SearchPosting,
    Variant,
)
from app.shop.orders.models import Order, OrderLine

BATCH = 5000
SHELVES = 20
WHOLE_SHELF = "everything"
Progress = Callable[[str, int, int], None]
_SPAN = "generate_series(%(first)s::bigint, %(last)s::bigint) as i"
_CHANCE = "((hashint8extended(i, ({0})::bigint) & 2147483647) / 2147483648.0::float8)"
"""A number from 0 to 1 that looks random and is the same each time; {0} tells one use from another, and no two uses
follow each other: the blue products are not the cheap ones."""


def identity(kind: str, number: str = "i") -> str:
    """SQL of an id in the shape of a UUID v7: rising with the number, and another one for each kind."""
    mixed = f"md5('{kind}' || ({number})::text)"
    return (
        f"(lpad(to_hex(1760000000000 + {number}), 12, '0') || '7' || substr({mixed}, 1, 3) || '8'"
        f" || substr({mixed}, 4, 15))::uuid"
    )


def fill_products(
    connection: psycopg.Connection[Any], tenant: UUID, count: int, progress: Progress = lambda what, done, whole: None
) -> None:
    """Give a tenant active products, numbered on from those it has, with all that belongs to them.

    Three variants and a picture each, 20 shelves, one of them with every product, facets and search words.
    """
    have = _count(connection, tenant)
    if have >= count:
        return
    hurry(connection)
    vocabulary = words.made_up()
    _fill_shelves(connection, tenant)
    _fill_dictionary(connection, tenant, vocabulary)
    with _hurrying(connection, count - have, [model for model, _, _ in _PRODUCT_TABLES]):
        for first in range(have + 1, count + 1, BATCH):
            last = min(first + BATCH - 1, count)
            given = {"tenant": tenant, "first": first, "last": last} | _word_lists(vocabulary)
            for model, columns, source in _PRODUCT_TABLES:
                _insert(connection, model, columns, source, given)
            connection.commit()
            progress("Products", last, count)
    analyse(connection, _TABLES)


def _hurrying(
    connection: psycopg.Connection[Any], rows: int, models: list[type[TenantRow]]
) -> AbstractContextManager[None]:
    """Many rows are quicker before their indexes, few beside them."""
    return indexes_later(connection, [model.__tablename__ for model in models]) if rows > BATCH * 4 else nullcontext()


def _count(connection: psycopg.Connection[Any], tenant: UUID) -> int:
    statement = "select count(*) from product where tenant_id = %s and handle like 'bench-%%'"
    row = connection.execute(statement, (tenant,)).fetchone()
    return int(row[0]) if row else 0


def _word_lists(vocabulary: list[str]) -> dict[str, Any]:
    lists: dict[str, Iterable[str]] = {
        "adjectives": words.ADJECTIVES,
        "nouns": words.NOUNS,
        "colours": words.COLOURS,
        "sizes": words.SIZES,
        "themes": words.THEMES,
        "made": vocabulary,
    }
    return {name: list(values) for name, values in lists.items()}


def _pick(name: str, use: int) -> str:
    """SQL that takes one word of a list by the product's number."""
    chance = _CHANCE.format(use)
    return f"(%({name})s::text[])[1 + floor({chance} * cardinality(%({name})s::text[]))::int]"


def _pick_often(use: str) -> str:
    """SQL that takes a made-up word; the first ones come up far more often, as in a language."""
    chance = _CHANCE.format(use)
    return f"(%(made)s::text[])[1 + floor(power({chance}, 3) * cardinality(%(made)s::text[]))::int]"


_TITLE = (_pick("adjectives", 1), _pick("nouns", 2), _pick("made", 3))
_VENDOR = "initcap((%(made)s::text[])[1 + ((i * 31) %% 60)::int])"
_COLOUR = _pick("colours", 4)
_THEME = _pick("themes", 5)
_PRICE = f"(490 + floor({_CHANCE.format(6)} * 200) * 100)::bigint"
_DESCRIPTION = f"(select string_agg({_pick_often('(10 + k)')}, ' ') from generate_series(1, 24) as k)"
_NOW = "date_trunc('day', now())"

_PRODUCT_TABLES: tuple[tuple[type[TenantRow], dict[str, str], str], ...] = (
    (
        Product,
        {
            "id": identity("product"),
            "handle": "'bench-' || i",
            "title": f"{_TITLE[0]} || ' ' || {_TITLE[1]} || ' ' || initcap({_TITLE[2]})",
            "description_html": f"'<p>' || {_DESCRIPTION} || '</p>'",
            "vendor": _VENDOR,
            "kind": _TITLE[1],
            "tags": f"jsonb_build_array({_TITLE[0]}, {_THEME})",
            "status": "'active'",
            "options": f"jsonb_build_array(jsonb_build_object('name', 'Colour', 'values',"
            f" jsonb_build_array({_COLOUR})),"
            " jsonb_build_object('name', 'Size', 'values', to_jsonb(%(sizes)s::text[])))",
            "price_from": _PRICE,
            "price_to": f"{_PRICE} + 1000",
            "published_at": f"{_NOW} - make_interval(mins => (i %% 500000)::int)",
            "sold": f"floor(power({_CHANCE.format(7)}, 4) * 900)::bigint",
        },
        _SPAN,
    ),
    (
        Variant,
        {
            "id": identity("variant", "(i * 4 + k)"),
            "product_id": identity("product"),
            "position": "k",
            "sku": "'B' || i || '-' || k",
            "options": f"jsonb_build_array({_COLOUR}, (%(sizes)s::text[])[k])",
            "title": f"{_COLOUR} || ' / ' || (%(sizes)s::text[])[k]",
            "price": f"{_PRICE} + (k - 1) * 500",
            "weight_grams": "400",
            "on_hand": "case when i %% 20 = 0 then 0 else 1000000 end",
        },
        f"{_SPAN}, generate_series(1, 3) as k",
    ),
    (
        Image,
        {
            "id": identity("image"),
            "product_id": identity("product"),
            "key": "'images/' || encode(sha256(('p' || i)::bytea), 'hex') || '.jpg'",
            "alt": f"{_TITLE[1]}",
            "width": "1440",
            "height": "1800",
            "renditions": "(select jsonb_agg(jsonb_build_object('width', w, 'height', w * 5 / 4, 'format', f, 'key',"
            " 'images/' || encode(sha256(('p' || i || f || w)::bytea), 'hex') || '.' || f) order by f, w)"
            " from unnest(array[360, 720, 1080, 1440]) as w, unnest(array['avif', 'webp', 'jpg']) as f)",
        },
        _SPAN,
    ),
    (
        CollectionProduct,
        {
            "id": identity("place", "(i * 2 + k)"),
            "collection_id": identity("shelf", f"case k when 0 then 0 else 1 + (i %% {SHELVES - 1}) end"),
            "product_id": identity("product"),
            "position": "i",
        },
        f"{_SPAN}, generate_series(0, 1) as k",
    ),
    (
        ProductFacet,
        {"product_id": identity("product"), "name": "f.name", "value": "f.value"},
        f"{_SPAN}, lateral (values ('vendor', {_VENDOR}), ('kind', {_TITLE[1]}), ('tag', {_TITLE[0]}),"
        f" ('tag', {_THEME}), ('option:Colour', {_COLOUR}), ('option:Size', 'S'), ('option:Size', 'M'),"
        " ('option:Size', 'L')) as f(name, value)",
    ),
    (
        SearchPosting,
        {"word": "lower(f.word)", "product_id": identity("product"), "weight": "max(f.weight)"},
        f"{_SPAN}, lateral (values ({_TITLE[0]}, 8), ({_TITLE[1]}, 8), ({_TITLE[2]}, 8), ({_VENDOR}, 4),"
        f" ({_THEME}, 4), ({_COLOUR}, 3) union all"
        f" select {_pick_often('(10 + k)')}, 1 from generate_series(1, 24) as k) as f(word, weight)"
        " group by i, lower(f.word)",
    ),
)


def _fill_shelves(connection: psycopg.Connection[Any], tenant: UUID) -> None:
    """Shelf 0 takes every product, the others an equal part each."""
    columns = {
        "id": identity("shelf"),
        "handle": f"case i when 0 then '{WHOLE_SHELF}' else 'shelf-' || i end",
        "title": "case i when 0 then 'Everything' else 'Shelf ' || i end",
        "position": "100 + i",
    }
    given = {"tenant": tenant, "first": 0, "last": SHELVES - 1}
    _insert(connection, Collection, columns, _SPAN, given)


def _fill_dictionary(connection: psycopg.Connection[Any], tenant: UUID, vocabulary: list[str]) -> None:
    """The spellings of every word that a product may use."""
    known = {word.lower() for group in _word_lists(vocabulary).values() for word in group}
    rows = sorted((key, word) for word in known for key in search.spellings(word))
    source = "unnest(%(keys)s::text[], %(words)s::text[]) as s(key, word)"
    for start in range(0, len(rows), 50_000):
        some = rows[start : start + 50_000]
        given = {"tenant": tenant, "keys": [key for key, _ in some], "words": [word for _, word in some]}
        _insert(connection, SearchKey, {"key": "s.key", "word": "s.word"}, source, given)


def fill_orders(
    connection: psycopg.Connection[Any], tenant: UUID, count: int, progress: Progress = lambda what, done, whole: None
) -> None:
    """Give a tenant confirmed, paid and mostly delivered orders over two years, one line each."""
    begun = connection.execute(
        "select count(*) from \"order\" where tenant_id = %s and number like 'B%%'", (tenant,)
    ).fetchone()
    have = int(begun[0]) if begun else 0
    hurry(connection)
    with _hurrying(connection, count - have, [Order, OrderLine]):
        for first in range(have + 1, count + 1, BATCH * 4):
            last = min(first + BATCH * 4 - 1, count)
            given = {"tenant": tenant, "first": first, "last": last, "whole": count}
            for model, columns in ((Order, _ORDER), (OrderLine, _ORDER_LINE)):
                _insert(connection, model, columns, _SPAN, given)
            connection.commit()
            progress("Orders", last, count)
    analyse(connection, _TABLES)


_PLACED = "now() - make_interval(secs => ((%(whole)s::bigint - i) * (63072000.0 / %(whole)s::bigint))::float8)"
_IS_NEW = "i > %(whole)s::bigint - 50"
_ADDRESS = (
    "jsonb_build_object('name', 'Ann ' || i, 'line1', 'Main Street 1', 'line2', '', 'postal_code', '1000',"
    " 'city', 'Dublin', 'region', '', 'country', 'IE', 'phone', '', 'company', '')"
)
_ORDER = {
    "id": identity("order"),
    "number": "'B' || i",
    "cart_id": identity("cart"),
    "email": "'buyer' || (i %% 50000) || '@example.com'",
    "customer_name": "'Ann ' || i",
    "name_key": "'ann ' || i",
    "surname_key": "i || ' ann'",
    "locale": "'en-IE'",
    "search": "'b' || i || ' ann ' || i || ' buyer' || (i %% 50000) || '@example.com'",
    "status": f"case when i %% 50 = 7 then 'cancelled' when {_IS_NEW} then 'placed' else 'completed' end",
    "payment_status": "case when i %% 50 = 7 then 'unpaid' when i %% 97 = 3 then 'refunded' else 'paid' end",
    "fulfilment_status": f"case when i %% 50 = 7 or {_IS_NEW} then 'unfulfilled' else 'fulfilled' end",
    "placed_at": _PLACED,
    "created_at": _PLACED,
    "updated_at": _PLACED,
    "confirmed_at": _PLACED,
    "holds_stock": "false",
    "currency": "'EUR'",
    "subtotal": "1000 + i %% 9000",
    "shipping": "500",
    "tax": "200",
    "total": "1500 + i %% 9000",
    "paid": "case when i %% 50 = 7 then 0 else 1500 + i %% 9000 end",
    "refunded": "case when i %% 97 = 3 and i %% 50 <> 7 then 1500 + i %% 9000 else 0 end",
    "prices_include_tax": "true",
    "item_count": "1",
    "shipping_address": _ADDRESS,
    "billing_address": _ADDRESS,
}
_ORDER_LINE = {
    "id": identity("line"),
    "order_id": identity("order"),
    "position": "0",
    "variant_id": identity("variant", "((1 + i %% 1000) * 4 + 1)"),
    "product_id": identity("product", "(1 + i %% 1000)"),
    "product_title": "'Moon Vase'",
    "quantity": "1",
    "unit_price": "1000 + i %% 9000",
    "fulfilled": f"case when {_IS_NEW} then 0 else 1 end",
}


def clone_tenants(
    connection: psycopg.Connection[Any],
    template: UUID,
    names: list[str],
    progress: Progress = lambda what, done, whole: None,
) -> None:
    """Open tenants like one that is there, by copying its rows; `names` become their addresses.

    Their encrypted columns are the template's and cannot be read: these tenants are there to be many.
    """
    hurry(connection)
    there = connection.execute("select count(*) from catalogue.tenant").fetchone()
    have = int(there[0]) if there else 0
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        connection.execute("drop table if exists fresh")
        connection.execute("create temporary table fresh (tenant_id uuid, slug text)")
        connection.execute(
            f"insert into fresh select {identity('tenant', '(%(begin)s + number)')}, slug"
            " from unnest(%(slugs)s::text[]) with ordinality as s(slug, number)",
            {"slugs": some, "begin": have + start},
        )
        _copy(connection, "catalogue", "tenant", "id", template, {"slug": "fresh.slug", "name": "fresh.slug"})
        for table in Base.metadata.sorted_tables:
            _copy(connection, "public", table.name, "tenant_id", template, {})
        connection.commit()
        progress("Tenants", start + len(some), len(names))
    analyse(connection, _TABLES)


def _copy(
    connection: psycopg.Connection[Any], schema: str, table: str, key: str, template: UUID, instead: dict[str, str]
) -> None:
    """The template's rows of one table, once for each fresh tenant."""
    found = connection.execute(
        "select column_name from information_schema.columns where table_schema = %s and table_name = %s"
        " and is_generated = 'NEVER' and is_identity = 'NO' order by ordinal_position",
        (schema, table),
    ).fetchall()
    names = [name for (name,) in found]
    values = [sql.SQL({key: "fresh.tenant_id", **instead}.get(name, "")) for name in names]
    chosen = [
        value if value.as_string() else sql.SQL("model.{}").format(sql.Identifier(name))
        for name, value in zip(names, values, strict=True)
    ]
    statement = sql.SQL("insert into {}.{} ({}) select {} from {}.{} model, fresh where model.{} = {}").format(
        sql.Identifier(schema), sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(chosen), sql.Identifier(schema), sql.Identifier(table), sql.Identifier(key),
        sql.Literal(template),
    )  # fmt: skip
    connection.execute(statement)


def _insert(
    connection: psycopg.Connection[Any],
    model: type[TenantRow],
    columns: dict[str, str],
    source: str,
    given: dict[str, Any],
) -> None:
    """INSERT .. SELECT into a model's table, with the model's defaults for what is not given."""
    table: Any = model.__table__
    expressions = {"tenant_id": "%(tenant)s::uuid"} | columns
    defaults = {}
    for column in table.columns:
        if column.name not in expressions and not column.nullable and column.server_default is None:
            expressions[column.name] = f"%(default_{column.name})s"
            defaults[f"default_{column.name}"] = _default_of(column)
    names = ", ".join(f'"{name}"' for name in expressions)
    statement = (
        f'insert into "{table.name}" ({names}) select {", ".join(expressions.values())} from {source}'
        " on conflict do nothing"
    )
    connection.execute(statement, given | defaults)


def _default_of(column: Any) -> Any:
    """What a new row of the model would hold there."""
    if column.default is None:
        raise LookupError(f"{column} needs a value: name it in filling.py")
    value = column.default.arg if column.default.is_scalar else column.default.arg(None)
    return Jsonb(value) if isinstance(value, list | dict) else value


_TABLES = [
    model.__tablename__
    for model in (
        Product, Variant, Image, CollectionProduct, ProductFacet, SearchPosting, SearchKey, Order, OrderLine,
    )
]  # fmt: skip


def close_tenants(connection: psycopg.Connection[Any], *, keep: int) -> None:
    """Take tenants that were cloned out again until so many are left."""
    connection.execute("set session_replication_role = replica")
    gone = "select id from catalogue.tenant where slug like 'tenant-%%' order by id offset greatest(0, %(keep)s)"
    given = {"keep": keep - 3}
    for table in reversed(Base.metadata.sorted_tables):
        name = sql.Identifier(table.name)
        connection.execute(sql.SQL("delete from {} where tenant_id in (" + gone + ")").format(name), given)
    connection.execute(f"delete from catalogue.tenant where id in ({gone})", given)
    analyse(connection, _TABLES)
