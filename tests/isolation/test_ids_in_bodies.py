"""Ids in a body: what cannot be one, what is nobody's and what is another shop's are refused alike, in place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from app.core import ids
from app.core.rest import PREFIX
from tests.factories.developers import Program
from tests.factories.tenancy import picture
from tests.shop.test_api_lists import HOME, fill

LINES = [{"variant_id": "{variant}", "quantity": 1}]
BODIES: dict[str, tuple[str, Any, str]] = {
    "POST /collections/{collection}/products": ("product", {"product_ids": ["{}"]}, "/product_ids"),
    "PUT /collections/{collection}/products": ("product", {"product_ids": ["{}"]}, "/product_ids"),
    "POST /collections/order": ("collection", {"ids": ["{}"]}, "/ids"),
    "POST /customers/actions": ("customer", {"action": "tag", "customer_ids": ["{}"], "tag": "x"}, "/customer_ids"),
    "PUT /home-page/sections/order": ("section", {"ids": ["{}"]}, "/ids"),
    "POST /orders": ("customer", {"lines": LINES, "customer_id": "{}", "shipping_address": HOME}, "/customer_id"),
    "POST /orders ": ("variant", {"lines": [{"variant_id": "{}", "quantity": 1}], "email": "a@example.com",
                                  "shipping_address": HOME}, "/lines/0/variant_id"),
    "POST /orders  ": ("rate", {"lines": LINES, "email": "a@example.com", "shipping_address": HOME,
                                "shipping_rate_id": "{}"}, "/shipping_rate_id"),
    "POST /orders/quotes": ("variant", {"lines": [{"variant_id": "{}", "quantity": 1}], "country": "IE"},
                            "/lines/0/variant_id"),
    "POST /orders/{order}/fulfilments": ("line", {"items": [{"line_id": "{}", "quantity": 1}]}, "/items/0/line_id"),
    "POST /orders/actions": ("order", {"action": "archive", "order_ids": ["{}"]}, "/order_ids"),
    "POST /products": ("variant", {"title": "Mug", "variants": [{"price": 1, "id": "{}"}]}, "/variants/0/id"),
    "PUT /products/{product}": ("variant", {"title": "Mug", "variants": [{"price": 1, "id": "{}"}]}, "/variants/0/id"),
    "PUT /products/{product}/images/{image}": ("variant", {"variant_id": "{}"}, "/variant_id"),
    "PUT /products/{product}/images/order": ("image", {"ids": ["{}"]}, "/ids"),
    "POST /products/actions": ("product", {"action": "activate", "product_ids": ["{}"]}, "/product_ids"),
    "POST /products/actions ": ("collection", {"action": "collect", "product_ids": ["{product}"],
                                               "collection_id": "{}"}, "/collection_id"),
    "POST /products/prices": ("product", {"product_ids": ["{}"], "percent": 5}, "/product_ids"),
}  # fmt: skip
"""Operation -> of which kind the id in its body is, the body, and where the id stands."""


NOT_OURS = {"POST /sign-in-provider", "PUT /sign-in-provider"}
"""Their client_id is what a provider calls the shop."""


def things(api: Program) -> dict[str, str]:
    """Ids of one of each kind, of the shop that this key is for."""
    fill(api, 0)

    def first(path: str) -> dict[str, Any]:
        found: dict[str, Any] = api.get(f"{PREFIX}{path}").json["data"][0]
        return found

    product, order = first("/products"), first("/orders")
    picture_of = {"file": (BytesIO(picture("red")), "red.png")}
    signed = {"Authorization": f"Bearer {api.key}"}
    image = api.browser.post(f"{PREFIX}/products/{product['id']}/images", data=picture_of, headers=signed)
    assert image.status_code == 201, image.text
    api.post(f"{PREFIX}/home-page/sections", {"kind": "text"})
    return {
        "product": product["id"], "variant": product["variants"][0]["id"], "image": image.json["id"],
        "collection": first("/collections")["id"], "customer": first("/customers")["id"], "order": order["id"],
        "line": order["lines"][0]["id"], "section": first("/home-page/sections")["id"],
        "rate": first("/shipping/zones")["rates"][0]["id"],
    }  # fmt: skip


@pytest.fixture
def here(api: Program) -> dict[str, str]:
    """What this shop has."""
    return things(api)


@pytest.fixture
def there(other_shop: Any, make_key: Any) -> dict[str, str]:
    """What the other shop has."""
    return things(Program(other_shop.browser(), make_key(at=other_shop)))


def filled(value: Any, here: dict[str, str], given: str) -> Any:
    """A body with the shop's own ids, and the one that is given."""
    if isinstance(value, dict):
        return {name: filled(one, here, given) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, here, given) for one in value]
    return value.format(given, **here) if isinstance(value, str) else value


def test_an_id_in_a_body_that_is_not_the_shops_is_refused_where_it_stands(api, here, there):
    wrong = []
    for operation, (kind, body, place) in BODIES.items():
        method, path = operation.split()
        random = ids.to_public(there[kind].partition("_")[0], ids.new_id())
        answers = []
        for given in ("nothing", random, there[kind]):
            address = PREFIX + path.format(**here)
            seen = {"If-Match": "*"} if method == "PUT" else {}
            answers.append(api.browser.open(
                address, method=method, json=filled(body, here, given),
                headers={"Authorization": f"Bearer {api.key}"} | seen,
            ))  # fmt: skip
        told = [(one.status_code, one.json.get("problems", [{}])[0].get("pointer", "")) for one in answers]
        if any((status, pointer.startswith(place)) != (422, True) for status, pointer in told):
            wrong.append((operation, told))
        if answers[1].text.replace(random, "") != answers[2].text.replace(there[kind], ""):
            wrong.append((operation, answers[1].text, answers[2].text))

    assert wrong == []


def test_control_the_shops_own_ids_pass(api, here):
    """Of each body that changes nothing for good."""
    for operation in ("POST /orders/quotes", "PUT /products/{product}/images/order", "POST /customers/actions"):
        kind, body, _ = BODIES[operation]
        method, path = operation.split()
        headers = {"Authorization": f"Bearer {api.key}", "If-Match": "*"}
        address = PREFIX + path.format(**here)
        answer = api.browser.open(address, method=method, json=filled(body, here, here[kind]), headers=headers)
        assert answer.status_code < 300, (operation, answer.text)


def test_every_operation_with_an_id_in_its_body_stands_in_the_table(client):
    document = client.get(f"{PREFIX}/openapi.json").json

    def has_ids(schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        below = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
        below += [one for way in ("anyOf", "oneOf", "allOf") for one in schema.get(way, [])]
        named = any(name in {"id", "ids"} or name.endswith(("_id", "_ids")) for name in schema.get("properties", {}))
        return named or any(has_ids(one) for one in below)

    found = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            schema = content.get("application/json", {}).get("schema")
            if schema and has_ids(schema) and not path.endswith("/bulk"):
                found.add(f"{method.upper()} {path.removeprefix(PREFIX).replace('_id}', '}')}")

    assert found - NOT_OURS == {operation.strip() for operation in BODIES}
