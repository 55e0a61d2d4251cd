"""All that the back office does with the catalogue, done by a program: each thing made, read, changed and removed."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pixels

from app.core.ids import new_id, to_public
from tests.conftest import work_until_idle
from tests.factories.catalog import a_collection, a_product

BOWL = {"title": "Bowl", "variants": [{"price": 1800, "on_hand": 4}], "status": "active"}
MUG = {"title": "Mug", "variants": [{"price": 1800, "sku": "MUG", "on_hand": 4}], "status": "active"}
CSV = b"handle,title,price\ncup,Cup,12.00\njug,Jug,cheap\njar,Jar,9.00\n"


@pytest.fixture
def mug(api):
    return api.post("/api/v1/products", MUG).json


def upload(api, path: str, name: str, content: bytes, **fields: str):
    sent = {name: (io.BytesIO(content), "sent"), **fields}
    headers = {"Authorization": f"Bearer {api.key}"}
    return api.browser.post(path, data=sent, content_type="multipart/form-data", headers=headers)


def a_picture(colour: tuple[int, int, int] = (180, 90, 40)) -> bytes:
    drawn = io.BytesIO()
    Pixels.new("RGB", (200, 100), colour).save(drawn, "PNG")
    return drawn.getvalue()


def etag(api, path: str) -> str:
    return api.get(path).headers["ETag"]


def test_collections_are_made_read_changed_filled_ordered_and_removed(api, mug):
    made = api.post("/api/v1/collections", {"title": "Summer"})
    assert (made.status_code, made.json["handle"], made.json["products_count"]) == (201, "summer", 0), made.text
    path = f"/api/v1/collections/{made.json['id']}"
    assert api.get(path).json == made.json

    assert api.put(path, {"title": "Autumn"}).status_code == 428
    changed = api.put(path, {"title": "Autumn", "status": "draft"}, seen=made.headers["ETag"])
    assert (changed.json["title"], changed.json["status"], changed.json["handle"]) == ("Autumn", "draft", "summer")
    assert api.put(path, {"title": "Late"}, seen=made.headers["ETag"]).status_code == 412
    assert api.post("/api/v1/collections", {"title": "x", "handle": "summer"}).json["code"] == "handle_taken"

    other = api.post("/api/v1/products", BOWL).json["id"]
    added = api.post(f"{path}/products", {"product_ids": [mug["id"], other]})
    assert (added.status_code, added.json["product_ids"]) == (201, [mug["id"], other])
    turned = api.put(f"{path}/products", {"product_ids": [other, mug["id"]]}, seen=etag(api, f"{path}/products"))
    assert turned.json["product_ids"] == [other, mug["id"]]
    assert api.delete(f"{path}/products/{other}").json["product_ids"] == [mug["id"]]
    assert api.delete(f"{path}/products/{other}").status_code == 404
    unknown = api.post(f"{path}/products", {"product_ids": [to_public("prod", new_id())]})
    assert (unknown.status_code, unknown.json["problems"][0]["pointer"]) == (422, "/product_ids")

    second = api.post("/api/v1/collections", {"title": "Winter"}).json["id"]
    ordered = api.post("/api/v1/collections/order", {"ids": [second, made.json["id"]]}).json["data"]
    assert [one["id"] for one in ordered][:2] == [second, made.json["id"]]
    first = api.get("/api/v1/collections?limit=1").json
    rest = api.get(f"/api/v1/collections?limit=100&cursor={first['next_cursor']}").json
    assert [one["id"] for one in first["data"] + rest["data"]] == [one["id"] for one in ordered]
    assert [one["id"] for one in api.get("/api/v1/collections?status=draft").json["data"]] == [made.json["id"]]

    assert upload(api, f"{path}/picture", "photo", a_picture()).json["image_url"].endswith(".jpg")
    assert api.delete(f"{path}/picture").json["image_url"] is None
    assert api.delete(path).json["title"] == "Autumn"
    assert api.get(path).status_code == api.delete(path).status_code == 404
    assert api.get(f"/api/v1/products/{mug['id']}").status_code == 200


def test_variants_options_and_stock_are_made_read_changed_and_removed(api, mug):
    path = f"/api/v1/products/{mug['id']}"
    options = {"options": [{"name": "Colour", "values": ["Cream", "Ink"]}]}
    assert api.put(f"{path}/options", options).status_code == 428
    varied = api.put(f"{path}/options", options, seen=etag(api, path)).json
    assert [one["title"] for one in varied["variants"]] == ["Cream", "Ink"]
    assert varied["variants"][0]["id"] == mug["variants"][0]["id"]
    bad = api.put(f"{path}/options", {"options": [{"name": "Colour"}]}, seen=etag(api, path))
    assert bad.json["problems"][0]["pointer"] == "/options/0/values"

    made = api.post(f"{path}/variants", {"price": 2000, "options": ["Moss"], "on_hand": 3})
    assert (made.status_code, made.json["title"], made.json["on_hand"]) == (201, "Moss", 3), made.text
    own = f"/api/v1/variants/{made.json['id']}"
    assert api.get(own).json == made.json
    assert api.post(f"{path}/variants", {"price": 1, "options": ["Moss"]}).json["code"] == "variant_twice"
    assert api.put(own, {"price": 2100, "options": ["Moss"]}).status_code == 428
    changed = api.put(own, {"price": 2100, "options": ["Moss"]}, seen=made.headers["ETag"])
    assert (changed.json["price"], changed.json["on_hand"]) == (2100, 3)
    assert api.put(own, {"price": 1, "options": ["Moss"]}, seen=made.headers["ETag"]).status_code == 412

    assert api.post(f"{own}/stock/moves", {"by": 5, "reason": "Delivery"}).json["on_hand"] == 8
    assert api.post(f"{own}/stock/moves", {"by": -20}).json["on_hand"] == 0
    assert api.post(f"{own}/stock/moves", {"by": 0}).status_code == 422
    assert api.put(f"{own}/stock", {"on_hand": 7}).json["on_hand"] == 7
    levels = api.get(f"/api/v1/stock?product_id={mug['id']}&limit=2").json
    more = api.get(f"/api/v1/stock?product_id={mug['id']}&cursor={levels['next_cursor']}").json
    assert {one["variant_id"]: one["on_hand"] for one in levels["data"] + more["data"]}[made.json["id"]] == 7
    assert [one["on_hand"] for one in api.get("/api/v1/stock?at_most=0").json["data"]] == [0]
    assert api.get("/api/v1/stock?sku=MUG").json["data"][0]["variant_id"] == mug["variants"][0]["id"]

    assert api.delete(own).status_code == 200
    assert api.get(own).status_code == api.delete(own).status_code == 404
    single = api.post("/api/v1/products", BOWL).json["variants"][0]["id"]
    assert api.delete(f"/api/v1/variants/{single}").json["code"] == "no_variants"


def test_pictures_are_uploaded_described_ordered_and_removed(api, mug):
    path, variant = f"/api/v1/products/{mug['id']}/images", mug["variants"][0]["id"]
    made = upload(api, path, "file", a_picture(), alt="A mug", variant_id=variant)
    assert (made.status_code, made.json["alt"], made.json["variant_id"]) == (201, "A mug", variant), made.text
    second = upload(api, path, "file", a_picture((1, 2, 3))).json
    assert upload(api, path, "file", b"no picture").json["code"] == "picture_refused"
    assert api.post(path, {"file": "x"}).json["code"] == "not_an_upload"
    assert upload(api, path, "other", a_picture()).status_code == 422
    assert upload(api, path, "file", a_picture(), variant_id=to_public("var", new_id())).status_code == 422

    own = f"{path}/{made.json['id']}"
    assert api.get(own).json == made.json
    assert api.put(own, {"alt": "Cup"}).status_code == 428
    assert api.put(own, {"alt": "Cup"}, seen=made.headers["ETag"]).json["variant_id"] is None
    assert api.put(own, {"alt": "Jug"}, seen=made.headers["ETag"]).status_code == 412
    order = {"ids": [second["id"], made.json["id"]]}
    assert [one["id"] for one in api.put(f"{path}/order", order, seen=etag(api, path)).json["data"]] == order["ids"]
    assert api.get(f"/api/v1/products/{mug['id']}").json["images"][0]["id"] == second["id"]
    assert api.delete(own).status_code == 200
    assert api.get(own).status_code == 404


def test_an_upload_that_comes_twice_under_a_key_is_done_once(api, mug):
    path, headers = f"/api/v1/products/{mug['id']}/images", {"Authorization": f"Bearer {api.key}"}
    sent = {"headers": headers | {"Idempotency-Key": "p1"}, "content_type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n%s\r\n--x--\r\n'

    answers = [api.browser.post(path, data=part % a_picture(), **sent) for _ in range(2)]
    other = api.browser.post(path, data=part % a_picture((9, 9, 9)), **sent)

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert other.json["code"] == "idempotency_key_reused"


def test_one_change_to_many_products_is_done_to_all_or_none(api, mug):
    ids = [mug["id"], api.post("/api/v1/products", BOWL).json["id"]]
    shelf = api.post("/api/v1/collections", {"title": "All"}).json["id"]

    def act(action: str, **values: object):
        return api.post("/api/v1/products/actions", {"action": action, "product_ids": ids} | values)

    assert api.post(f"/api/v1/products/{mug['id']}/status", {"status": "draft"}).json["status"] == "draft"
    assert act("archive").json == {"changed": 2}
    assert len(api.get("/api/v1/products?status=archived").json["data"]) == 2
    assert (act("tag", tag="new").json, act("tag", tag="new").json) == ({"changed": 2}, {"changed": 0})
    assert len(api.get("/api/v1/products?tag=new").json["data"]) == 2
    assert act("untag", tag="new").json == {"changed": 2}
    assert act("tag").status_code == act("collect").status_code == 422
    assert act("collect", collection_id=to_public("col", new_id())).status_code == 422
    assert act("collect", collection_id=shelf).json == {"changed": 2}

    down = {"product_ids": ids, "direction": "down", "percent": 10, "keeps_before": True}
    seen = api.post("/api/v1/products/prices", down | {"preview": True}).json["data"]
    assert {(one["before"], one["price"], one["compare_at"]) for one in seen} == {(1800, 1620, 1800)}
    assert api.get(f"/api/v1/products/{mug['id']}").json["variants"][0]["price"] == 1800
    assert api.post("/api/v1/products/prices", down).json["data"] == seen
    assert api.get(f"/api/v1/products/{mug['id']}").json["variants"][0]["price"] == 1620
    assert api.post("/api/v1/products/prices", down | {"amount": 1}).status_code == 422

    lost = {"action": "delete", "product_ids": [*ids, to_public("prod", new_id())]}
    assert api.post("/api/v1/products/actions", lost).status_code == 422
    assert api.get(f"/api/v1/products/{mug['id']}").status_code == 200
    assert act("delete").json == {"changed": 2}
    assert api.get(f"/api/v1/products/{mug['id']}").status_code == 404


def test_a_file_of_products_is_looked_at_confirmed_and_followed_to_its_end(api, app):
    made = upload(api, "/api/v1/products/imports", "file", CSV)
    assert (made.status_code, made.json["status"]) == (201, "previewed"), made.text
    assert upload(api, "/api/v1/products/imports", "file", b"\0\1").status_code == 422
    path = f"/api/v1/products/imports/{made.json['id']}"
    assert api.get("/api/v1/products").json["data"] == []

    assert api.post(f"{path}/confirm").status_code == 202
    assert api.post(f"{path}/confirm").json["code"] == "import_started"
    work_until_idle(app)
    done = api.get(path).json
    assert (done["status"], done["lines"].get("waiting", 0)) == ("finished", 0)
    assert api.get("/api/v1/products/imports").json["data"] == [done]
    first = api.get(f"{path}/rows?limit=1").json
    assert first["data"][0]["line"] < api.get(f"{path}/rows?cursor={first['next_cursor']}").json["data"][0]["line"]
    assert api.get(f"{path}/results.csv").mimetype == "text/csv"
    assert [one["line"] for one in api.get(f"{path}/rows?only_problems=true").json["data"]] == [3]
    assert {one["handle"] for one in api.get("/api/v1/products").json["data"]} == {"cup", "jar"}
    exported = api.get("/api/v1/products/export.csv").text
    assert "cup" in exported and "jug" not in exported


def test_the_catalogue_of_another_shop_is_not_there(app, api, other_shop, mug):
    with app.app_context(), other_shop.entered():
        product = a_product()
        col, prod = to_public("col", a_collection([product]).id), to_public("prod", product.id)
    paths = [f"collections/{col}", f"collections/{col}/products", f"products/{prod}/images", f"products/{prod}"]

    for path in paths:
        known, random = path, path.replace(col, to_public("col", new_id())).replace(prod, to_public("prod", new_id()))
        answers = [api.get(f"/api/v1/{one}") for one in (known, random)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    foreign = api.post("/api/v1/products/actions", {"action": "archive", "product_ids": [mug["id"], prod]})
    assert foreign.status_code == 422
