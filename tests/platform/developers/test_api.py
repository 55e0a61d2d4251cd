"""The API's description, and what a request without the right key gets."""

import re

import pytest


def test_the_document_names_the_shop_and_its_address(client, shop):
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["info"]["title"] == f"{shop.name} API"
    assert [one["url"] for one in answer.json["servers"]] == [shop.url("")]
    assert not re.search(r"\blivery", answer.text.lower())


def test_every_route_of_the_document_tells_its_scope_and_its_refusals(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]

    assert {"/api/v1/products", "/api/v1/orders"} <= set(paths)
    for operations in paths.values():
        for operation in operations.values():
            assert "Scope: `" in operation["description"]
            is_open = operation.get("security") == []
            assert is_open or {"401", "403"} <= set(operation["responses"])


def test_the_reference_is_a_page_of_the_shop_without_inline_scripts_or_styles(client, shop):
    answer = client.get("/api/docs")

    assert answer.status_code == 200
    assert shop.name in answer.text
    assert "swagger-ui-bundle.js" in answer.text
    assert "style=" not in answer.text
    assert "<script>" not in answer.text
    assert not re.search(r"\blivery", f"{answer.text}{answer.headers}".lower())
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/orders"])
@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer ", "Basic b3duZXI6eA=="])
def test_a_missing_or_wrong_key_is_401(client, path, header):
    answer = client.get(path, headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    is_wrong = (header or "").removeprefix("Bearer ").strip() == "nonsense"
    assert answer.headers["WWW-Authenticate"] == ('Bearer error="invalid_token"' if is_wrong else "Bearer")
    assert answer.json["code"] == "not_signed_in"


def test_a_session_of_the_back_office_is_no_key(staff_client):
    assert staff_client.get("/api/v1/orders").status_code == 401


def test_a_key_without_the_scope_is_403(program):
    answer = program("products.read").get("/api/v1/orders")

    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "forbidden"


@pytest.mark.parametrize(("scope", "path"), [("products.read", "/api/v1/products"), ("orders.read", "/api/v1/orders")])
def test_a_key_with_the_scope_reads(program, scope, path):
    answer = program(scope).get(path)

    assert answer.status_code == 200, answer.text
    assert answer.json["data"] == []


def test_a_key_of_another_shop_is_401(shop, other_shop, make_key):
    answer = shop.browser().get(
        "/api/v1/products", headers={"Authorization": f"Bearer {make_key('products.read', at=other_shop)}"}
    )

    assert answer.status_code == 401


def test_a_key_opens_no_page_of_the_back_office(client, make_key):
    answer = client.get("/admin/staff", headers={"Authorization": f"Bearer {make_key()}"})

    assert answer.status_code == 303


def test_what_is_not_there_is_a_problem_too(api):
    answer = api.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
