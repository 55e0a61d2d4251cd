"""`fields`, `expand` and `sort`: what a program gets of a thing, and in which order."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.shop.catalog.test_speed import counted_statements
from tests.shop.test_api_lists import NOT_COUNTED, fill


@pytest.fixture
def count_statements(app) -> Callable[[Callable[[], Any]], int]:
    """How many statements something sends for its answer: leases of requests come now and then."""

    def count(act: Callable[[], Any]) -> int:
        with counted_statements(app) as sent:
            act()
        return sum(not NOT_COUNTED.match(one) for one in sent)

    return count


def test_fields_leave_out_all_else_at_every_depth(api, make_product):
    make_product(handle="mug")

    listed = api.get("/api/v1/products?fields=id,variants.sku&fields=title&limit=5").json
    (row,) = listed["data"]
    one = api.get(f"/api/v1/products/{row['id']}?fields=handle").json

    assert set(listed) == {"data", "next_cursor"}
    assert set(row) == {"id", "title", "variants"}
    assert [set(variant) for variant in row["variants"]] == [{"sku"}] * len(row["variants"])
    assert one == {"handle": "mug"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("fields=nothing", "fields"), ("fields=variants.nothing", "fields"), ("fields=id.more", "fields"),
     ("fields=__class__", "fields"), ("expand=customer", "expand"), ("expand=collections.products", "expand"),
     ("fields=" + "id," * 2000, "fields"), ("sort=price", "sort"), ("cursor=bm9uc2Vuc2U", "cursor")],
)  # fmt: skip
def test_what_is_not_there_is_refused_beside_its_parameter(api, query, parameter):
    answer = api.get(f"/api/v1/products?{query}")

    assert answer.status_code == 422
    assert [one["parameter"] for one in answer.json["problems"]] == [parameter]


def test_expand_adds_relations_with_one_statement_each_however_long_the_page(api, app, make_order, count_statements):
    orders = [make_order() for _ in range(3)]
    plain = "/api/v1/orders?limit={}"
    wide = plain + "&expand=customer,payments,lines.product,lines.variant"
    api.get(wide.format(3))

    counts = {path: count_statements(lambda path=path: api.get(path)) for path in (
        plain.format(1), wide.format(1), plain.format(3), wide.format(3),
    )}  # fmt: skip
    rows = api.get(wide.format(3)).json["data"]

    assert len(rows) == len(orders)
    assert counts[wide.format(3)] - counts[plain.format(3)] <= 7, counts
    assert counts[wide.format(3)] == counts[wide.format(1)], "no statement a row"
    for row in rows:
        assert isinstance(row["payments"], list)
        assert all(line["product"] is None or line["product"]["id"] == line["product_id"] for line in row["lines"])
        assert all(line["variant"] is None or line["variant"]["id"] == line["variant_id"] for line in row["lines"])
        assert row["customer"] is None or row["customer"]["id"] == row["customer_id"]


def test_things_are_followed_to_what_they_belong_to(api, count_statements):
    for number in range(2):
        fill(api, number)
    variant_id = api.get("/api/v1/orders").json["data"][0]["lines"][0]["variant_id"]

    variant = api.get(f"/api/v1/variants/{variant_id}?expand=product").json
    stock = {limit: f"/api/v1/stock?expand=product,variant&limit={limit}" for limit in (1, 2)}
    paid = {limit: f"/api/v1/payments?expand=order&limit={limit}" for limit in (1, 2)}

    assert variant["product"]["id"] == variant["product_id"]
    for row in api.get(stock[2]).json["data"]:
        assert (row["variant"]["sku"], row["product"]["id"]) == (row["sku"], row["product_id"])
    payments = api.get(paid[2]).json["data"]
    assert [row["order"]["id"] for row in payments] == [row["order_id"] for row in payments]
    assert len(payments) == 2 and all(row["order"]["lines"] for row in payments)
    for paths in (stock, paid):
        few, many = (count_statements(lambda path=path: api.get(path)) for path in paths.values())
        assert few == many, "no statement a row"


def test_an_expansion_needs_the_permission_of_what_it_shows(program, make_order):
    make_order()
    api = program("orders.read")

    assert api.get("/api/v1/orders?expand=payments").status_code == 200
    refused = api.get("/api/v1/orders?expand=customer")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


def test_fields_and_expand_go_together_and_an_expanded_answer_is_never_not_modified(api, make_product):
    make_product()
    row = api.get("/api/v1/products?fields=id,collections.handle&expand=collections").json["data"][0]
    plain = api.get(f"/api/v1/products/{row['id']}")
    seen = {"If-None-Match": plain.headers["ETag"]}

    assert set(row) == {"id", "collections"}
    assert api.get(f"/api/v1/products/{row['id']}", headers=seen).status_code == 304
    wide = api.get(f"/api/v1/products/{row['id']}?expand=collections", headers=seen)
    assert wide.status_code == 200
    assert wide.headers["ETag"] == plain.headers["ETag"], "it can be sent in If-Match"


@pytest.mark.parametrize(
    ("path", "sort", "field"),
    [("products", "created_at", "created_at"), ("products", "-updated_at", "updated_at"), ("orders", "total", "total"),
     ("orders", "placed_at", "placed_at"), ("customers", "name", "name"), ("customers", "-created_at", "created_at")],
)  # fmt: skip
def test_sorted_pages_hold_every_row_once(api, make_product, make_order, make_customer, path, sort, field):
    make = {"products": make_product, "orders": make_order, "customers": make_customer}[path]
    for number in range(3):
        make(**({"name": f"Ines {number}"} if path == "customers" else {}))

    found, cursor = [], ""
    for _ in range(3):
        page = api.get(f"/api/v1/{path}?sort={sort}&limit=1" + (f"&cursor={cursor}" if cursor else ""))
        found += page.json["data"]
        cursor = page.json["next_cursor"] or ""
        other = "-created_at" if path != "orders" else "-total" if "total" not in sort else "-placed_at"
        if cursor and other.lstrip("-") != sort.lstrip("-"):
            crossed = api.get(f"/api/v1/{path}?sort={other}&limit=1&cursor={cursor}")
            assert crossed.status_code == 422, "a cursor belongs to its sorting"

    values = [row[field] for row in found]
    assert len({row["id"] for row in found}) == 3
    assert values == sorted(values, reverse=sort[0] == "-")
