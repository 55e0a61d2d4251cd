"""Products written by programs: once, only over what was read, and refused with the place of the mistake."""

import pytest

from tests.factories.developers import Program

BOWL = {"title": "Bowl", "variants": [{"price": 900}], "status": "active"}
MUG = {"title": "Mug", "variants": [{"price": 1800, "sku": "MUG", "on_hand": 4}], "status": "active"}


@pytest.fixture
def api(program) -> Program:
    return program("products.read", "products.edit")


def _send(api, method, path, json=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"Authorization": f"Bearer {api.key}"} | named
    return api.browser.open(path, method=method, json=json, headers=told)


def test_a_product_is_created_changed_counted_and_removed(api):
    made = api.post("/api/v1/products", MUG)
    assert made.status_code == 201, made.text
    path = f"/api/v1/products/{made.json['id']}"
    read = api.get(path)
    assert read.json == made.json
    assert read.headers["ETag"] == made.headers["ETag"]

    kept = made.json["variants"][0]
    wanted = MUG | {"title": "Cup", "variants": [{"id": kept["id"], "price": 1900, "on_hand": 4}]}
    changed = _send(api, "PUT", path, wanted, If_Match=read.headers["ETag"])
    assert (changed.status_code, changed.json["title"]) == (200, "Cup"), changed.text
    assert changed.json["variants"][0]["id"] == kept["id"]

    assert api.put(f"/api/v1/variants/{kept['id']}/stock", {"on_hand": 9}).json["on_hand"] == 9
    assert api.delete(path).status_code == 200
    assert api.get(path).status_code == 404


def test_a_change_needs_the_state_that_was_read(api):
    made = api.post("/api/v1/products", MUG)
    path = f"/api/v1/products/{made.json['id']}"

    assert api.put(path, MUG).status_code == 428
    first = _send(api, "PUT", path, MUG | {"title": "Cup"}, If_Match=made.headers["ETag"])
    assert first.status_code == 200, first.text
    late = _send(api, "PUT", path, MUG | {"title": "Jug"}, If_Match=made.headers["ETag"])
    assert (late.status_code, late.json["code"]) == (412, "precondition_failed")
    assert api.get(path).json["title"] == "Cup"


def test_who_has_the_state_gets_no_body(api):
    made = api.post("/api/v1/products", MUG)
    path = f"/api/v1/products/{made.json['id']}"

    assert _send(api, "GET", path, If_None_Match=made.headers["ETag"]).status_code == 304
    assert _send(api, "GET", path, If_None_Match='"another"').status_code == 200


def test_a_write_that_comes_twice_is_done_once(api):
    first = _send(api, "POST", "/api/v1/products", MUG, Idempotency_Key="k1")
    again = _send(api, "POST", "/api/v1/products", MUG, Idempotency_Key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.get("/api/v1/products").json["data"]) == 1

    _send(api, "POST", "/api/v1/products", BOWL, Idempotency_Key="k2")
    assert len(api.get("/api/v1/products").json["data"]) == 2


def test_a_key_of_other_content_is_refused(api):
    _send(api, "POST", "/api/v1/products", MUG, Idempotency_Key="k1")
    other = _send(api, "POST", "/api/v1/products", MUG | {"title": "Jug"}, Idempotency_Key="k1")

    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert _send(api, "POST", "/api/v1/products", MUG, Idempotency_Key="x" * 256).status_code == 400


def test_a_refused_write_may_be_corrected_under_its_key(api):
    bad = _send(api, "POST", "/api/v1/products", MUG | {"title": ""}, Idempotency_Key="k1")
    good = _send(api, "POST", "/api/v1/products", MUG, Idempotency_Key="k1")

    assert (bad.status_code, good.status_code) == (422, 201)


def test_a_key_of_another_program_is_another_key(api, program):
    _send(api, "POST", "/api/v1/products", MUG, Idempotency_Key="k1")
    stranger = program("products.read", "products.edit")
    answer = _send(stranger, "POST", "/api/v1/products", BOWL, Idempotency_Key="k1")

    assert (answer.status_code, answer.json["title"]) == (201, "Bowl")


def test_a_refusal_points_to_the_field(api):
    answer = api.post("/api/v1/products", MUG | {"variants": [{"price": -1}]})

    assert answer.status_code == 422
    assert answer.json["problems"][0]["pointer"] == "/variants/0/price"
    asked = api.get("/api/v1/products?limit=0")
    assert asked.json["problems"][0]["parameter"] == "limit"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"unknown":' + b"[" * 200_000, "application/json", 422),
        (b"[" * 1_000_000, "application/json", 422),
        (b'{"title": "\xff"}', "application/json", 422),
        (b'{"title": "a\\u0000b", "variants": [{"price": 1}]}', "application/json", 422),
        (b'{"title": "a", "variants": [{"price": ' + b"9" * 5000 + b"}]}", "application/json", 422),
        (b'{"title": "' + b"a" * 3_000_000 + b'"}', "application/json", 413),
        (b"title=a", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 422),
    ],
)
def test_bombs_are_refused(api, body, kind, status):
    answer = api.browser.post(
        "/api/v1/products", data=body, content_type=kind, headers={"Authorization": f"Bearer {api.key}"}
    )

    assert answer.status_code == status, answer.text[:200]
    assert answer.mimetype == "application/problem+json"


def test_a_sku_of_another_product_is_refused_beside_its_field(api):
    """On each way in: a product, its change, a variant of it, and many at once; the product's own SKUs are its own."""
    api.post("/api/v1/products", MUG)
    other = api.post("/api/v1/products", MUG | {"variants": [{"price": 1, "sku": "CUP"}]}).json
    variant = other["variants"][0]
    place, variants = f"/api/v1/products/{other['id']}", f"/api/v1/variants/{variant['id']}"

    taken = [
        (api.post("/api/v1/products", MUG), "/variants/0/sku"),
        (_send(api, "PUT", place, MUG, If_Match=api.get(place).headers["ETag"]), "/variants/0/sku"),
        (api.post(f"{place}/variants", {"price": 1, "sku": " MUG "}), "/sku"),
        (_send(api, "PUT", variants, {"price": 1, "sku": "MUG"}, If_Match=api.get(variants).headers["ETag"]), "/sku"),
    ]
    for answer, field in taken:
        assert (answer.status_code, answer.json["problems"][0]["pointer"]) == (422, field), answer.text
    many = api.post("/api/v1/products/bulk", {"operations": [{"method": "create", "body": MUG}]})
    assert [one["status"] for one in many.json["results"]] == [422], many.text

    own = {"price": 5, "sku": "CUP"}
    assert _send(api, "PUT", variants, own, If_Match=api.get(variants).headers["ETag"]).status_code == 200


def test_a_variant_that_is_named_by_no_id_is_refused_beside_its_field(api):
    body = {"title": "Mug", "variants": [{"price": 100}, {"price": 200, "id": "nothing"}]}

    answer = api.post("/api/v1/products", body)

    assert (answer.status_code, answer.json["problems"][0]["pointer"]) == (422, "/variants/1/id")
