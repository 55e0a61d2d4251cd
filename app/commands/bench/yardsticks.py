"""What a page could cost at best: the same server, pool and libraries, and none of our own work.

Four answers: a bare `hello`, 20 rows of one SELECT as a page of Jinja, the same rows as JSON by msgspec, and a
transaction of six statements. They run in the same minutes as our pages, so a slow machine slows both.
"""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
from flask import Flask, Response
from sqlalchemy import text

from app.core import db

ROWS = 20
CARTS = 512
TABLES = (
    "create table if not exists yardstick_goods (id bigint primary key, title text, price bigint, handle text)",
    "insert into yardstick_goods select i, 'Thing number ' || i, 990 + i * 10, 'thing-' || i"
    " from generate_series(1, 1000) as i on conflict do nothing",
    "create table if not exists yardstick_cart (id bigint primary key, pieces bigint, seen timestamptz)",
    f"insert into yardstick_cart select i, 0, now() from generate_series(0, {CARTS - 1}) as i on conflict do nothing",  # noqa: S608
    "create table if not exists yardstick_line (cart bigint, goods bigint, pieces bigint, primary key (cart, goods))",
    "grant select, insert, update, delete on yardstick_goods, yardstick_cart, yardstick_line to livery_app",
)
"""What the owner makes before the yardsticks run; no tenant, no row security."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1>
<ul>
{% for row in rows %}
<li><a href="/products/{{ row.handle }}">{{ row.title }}</a>
<span>{{ "%.2f" | format(row.price / 100) }} EUR</span></li>
{% endfor %}
</ul></body></html>"""
_GOODS = text("select id, title, price, handle from yardstick_goods where id > :after order by id limit 20")
_SIX = tuple(
    map(
        text,
        (
            "select id, pieces from yardstick_cart where id = :cart",
            "select id, pieces from yardstick_cart where id = :cart for update",
            "select id, title, price from yardstick_goods where id = :goods",
            "insert into yardstick_line values (:cart, :goods, 1)"
            " on conflict (cart, goods) do update set pieces = yardstick_line.pieces + 1",
            "update yardstick_cart set pieces = pieces + 1, seen = now() where id = :cart",
            "select sum(pieces) from yardstick_line where cart = :cart",
        ),
    )
)
_turn = itertools.count()


def create() -> Flask:
    """The yardsticks as an application, on the engine of ours."""
    app = Flask("yardsticks", static_folder=None)
    db.init_app(app)
    with app.app_context():
        engine = db.db.engines[None]
    template = app.jinja_env.from_string(_PAGE)  # compiled once, as a template file is

    def rows() -> list[Any]:
        with engine.connect() as connection:
            return list(connection.execute(_GOODS, {"after": next(_turn) % 900}).all())

    @app.get("/hello")
    def hello() -> str:
        """Nothing but the server and Flask."""
        return "Hello"

    @app.get("/page")
    def page() -> str:
        """One SELECT of 20 rows, rendered."""
        return template.render(title="Things", rows=rows())

    @app.get("/json")
    def as_json() -> Response:
        """The same rows for programs."""
        body = msgspec.json.encode({"data": [row._asdict() for row in rows()]})
        return Response(body, content_type="application/json")

    @app.post("/transaction")
    def transaction() -> Response:
        """Six statements and a commit that is on disk."""
        number = next(_turn)
        with engine.begin() as connection:
            for statement in _SIX:
                result = connection.execute(statement, {"cart": number % CARTS, "goods": 1 + number % 1000})
        return Response(msgspec.json.encode({"pieces": int(result.scalar_one())}), content_type="application/json")

    return app


def __getattr__(name: str) -> Any:
    """`application` for the WSGI server; made when it is asked for, so that an import changes nothing."""
    if name == "application":
        return create()
    raise AttributeError(name)
