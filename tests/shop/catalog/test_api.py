"""Programs read products with a key of the shop, and of that shop only."""

from __future__ import annotations

import pytest

from app.core import ids
from app.shop.catalog import queries
from app.shop.catalog.schemas import ProductsWanted
from tests.factories.catalog import a_product


def test_products_are_listed_newest_first_with_variants_and_pictures(api, make_product):
    make_product(title="First")
    make_product(title="Second", options={"Size": ["S", "L"]}, sku="A-1", price=1250, image=True)

    answer = api.get("/api/v1/products")

    assert answer.status_code == 200
    [second, first] = answer.json["data"]
    assert (first["title"], second["title"]) == ("First", "Second")
    assert second["id"].startswith("prod_")
    assert [variant["title"] for variant in second["variants"]] == ["S", "L"]
    assert second["variants"][0]["id"].startswith("var_")
    assert (second["variants"][0]["price"], second["variants"][0]["currency"]) == (1250, "EUR")
    assert second["images"][0]["url"].startswith("http")
    assert answer.json["next_cursor"] is None


def test_pages_follow_each_other_by_cursor(api, make_product):
    for number in range(5):
        make_product(title=f"Thing {number}")

    titles, cursor = [], None
    for _ in range(3):
        answer = api.get("/api/v1/products?limit=2" + (f"&cursor={cursor}" if cursor else ""))
        titles += [one["title"] for one in answer.json["data"]]
        cursor = answer.json["next_cursor"]

    assert titles == [f"Thing {number}" for number in (4, 3, 2, 1, 0)]
    assert cursor is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=draft", ["Draft"]),
        ("vendor=Kiln", ["Vase"]),
        ("tag=gift", ["Vase"]),
        ("handle=vase", ["Vase"]),
        ("q=vaes", ["Vase"]),
        ("q=zzzz", []),
        ("updated_since=2001-01-01T00:00:00Z", ["Draft", "Vase"]),
        ("updated_since=2999-01-01T00:00:00Z", []),
    ],
)
def test_lists_are_filtered(api, make_product, query, expected):
    make_product(title="Vase", vendor="Kiln", tags=["gift"])
    make_product(title="Draft", status="draft")

    assert [one["title"] for one in api.get(f"/api/v1/products?{query}").json["data"]] == expected


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=", "cursor=rubbish", "status=nonsense", "status=", "colour=red", "updated_since=x"],
)
def test_a_filter_that_makes_no_sense_is_refused(api, shop, query):
    answer = api.get(f"/api/v1/products?{query}")

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_one_product_is_shown_by_its_id(api, make_product):
    product = make_product(title="Vase", status="draft")

    answer = api.get(f"/api/v1/products/{ids.to_public('prod', product.id)}")

    assert (answer.status_code, answer.json["title"], answer.json["status"]) == (200, "Vase", "draft")


def test_foreign_unknown_and_misread_ids_answer_alike(api, app, other_shop):
    with app.app_context(), other_shop.entered():
        foreign = ids.to_public("prod", a_product().id)
    unknown = ids.to_public("prod", ids.new_id())
    other_kind = ids.to_public("var", ids.new_id())

    answers = [api.get(f"/api/v1/products/{one}") for one in (foreign, unknown, other_kind, "nonsense")]

    assert {(one.status_code, one.json["code"]) for one in answers} == {(404, "not_found")}
    assert len({one.text for one in answers}) == 1


def test_a_key_of_another_shop_opens_nothing(api, other_shop):
    answer = other_shop.browser().get("/api/v1/products", headers={"Authorization": f"Bearer {api.key}"})

    assert answer.status_code == 401


def test_without_a_key_nothing_is_told(client, make_product):
    make_product()

    assert client.get("/api/v1/products").status_code == 401


def test_a_key_without_the_scope_is_refused(program, make_product):
    make_product()

    assert program("orders.read").get("/api/v1/products").status_code == 403


def test_many_products_cost_no_more_statements(in_shop):
    for number in range(4):
        a_product(title=f"Thing {number}", options={"Size": ["S", "M"]}, image=True)

    found = queries.products_page(ProductsWanted(), None, 10)

    assert [len(one.variants) for one in found] == [2, 2, 2, 2]
