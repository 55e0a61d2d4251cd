"""Many writes in one request: a result for each, at once or in the background."""

import pytest

from app.core import db as core
from app.core import ids, rest_bulk
from app.core.access import system_actor
from app.core.db import db
from app.core.rest_batches import ApiBatchRow
from app.platform.developers import queries, service


def written(title, **more):
    return {"title": title, "variants": [{"price": 1250, "options": []}], **more}


def create(title, **more):
    return {"method": "create", "body": written(title, **more)}


def test_each_operation_has_its_result_and_a_refused_one_leaves_no_trace_and_stops_no_other(api):
    first = api.post("/api/v1/products", written("First", handle="first"))
    seen, known = first.headers["ETag"], first.json["id"]
    update = {"method": "update", "id": known, "body": written("Changed", handle="first")}

    answer = api.post("/api/v1/products/bulk", {"operations": [
        create("Second"), create("Third", handle="first"), create(""), update, update | {"if_match": '"old"'},
        update | {"if_match": seen}, update | {"id": "prod_01h455vb4pex5vsknk084sn02q", "if_match": "*"},
        create("Fourth", nothing=1),
    ]})  # fmt: skip
    rows = answer.json["results"]

    assert answer.status_code == 207
    assert [row["index"] for row in rows] == list(range(8))
    assert [row["status"] for row in rows] == [201, 409, 422, 428, 412, 200, 404, 422]
    assert (answer.json["done"], answer.json["refused"]) == (2, 6)
    assert [row["problem"]["code"] for row in rows if row["problem"]][1:4] == [
        "invalid_input", "precondition_required", "precondition_failed",
    ]  # fmt: skip
    assert rows[2]["problem"]["problems"][0]["pointer"] == "/body/title"
    assert rows[5]["body"]["title"] == "Changed"
    assert rows[5]["etag"] == api.get(f"/api/v1/products/{known}").headers["ETag"]
    assert {one["title"] for one in api.get("/api/v1/products").json["data"]} == {"Second", "Changed"}


def test_the_same_key_does_a_bulk_once(api):
    body = {"operations": [create("Once")]}

    first, again = (api.post("/api/v1/products/bulk", body, key="bulk-1") for _ in range(2))

    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.json) == (207, first.json)
    assert len(api.get("/api/v1/products").json["data"]) == 1


def test_a_large_one_is_done_in_the_background_with_progress_and_results(api, run_jobs):
    asked = api.post("/api/v1/products/bulk", {"operations": [create(f"No {n}") for n in range(101)] + [create("")]})
    address = asked.headers["Location"].partition("/api/")[2]
    before = api.get(f"/api/{address}").json

    run_jobs()
    after = api.get(f"/api/{address}").json
    first = api.get(f"/api/{address}/results?limit=100").json
    rest = api.get(f"/api/{address}/results?limit=100&cursor={first['next_cursor']}").json

    assert asked.status_code == 202
    assert (before["state"], before["done"], before["total"]) == ("waiting", 0, 102)
    assert (after["state"], after["done"], after["refused"]) == ("finished", 101, 1)
    assert [row["index"] for row in first["data"] + rest["data"]] == list(range(102))
    assert rest["data"][-1]["problem"]["code"] == "invalid_input"
    assert rest["next_cursor"] is None


def test_what_the_background_does_is_done_with_the_rights_of_that_moment(program, api, run_jobs, app, shop):
    weak = program("products.edit", "products.read")
    asked = weak.post("/api/v1/products/bulk", {"operations": [create("Late")]}, prefer="respond-async")
    address = "/api/" + asked.headers["Location"].partition("/api/")[2]
    assert asked.status_code == 202
    assert asked.headers["Preference-Applied"] == "respond-async"
    key = weak.get(address).json["id"]
    assert api.get(address).status_code == 404, "another program's batch is not there"
    _revoke_all(app, shop)

    run_jobs()
    newcomer = program("products.read")

    assert key.startswith("batch_")
    assert newcomer.get("/api/v1/products").json["data"] == []
    with app.app_context(), shop.entered():
        (row,) = db.session.query(ApiBatchRow).all()
        assert row.status == 403
        assert row.operation == ""


def test_what_waits_is_encrypted(api, app, shop, configured):
    api.post("/api/v1/products/bulk", {"operations": [create("Secret vase")]}, prefer="respond-async")

    with app.app_context(), shop.entered(), db.engine.connect() as connection:
        connection.exec_driver_sql(f"set app.tenant = '{shop.id}'")
        asked = "select operation from api_batch_row where tenant_id = %s"
        (kept,) = connection.exec_driver_sql(asked, (shop.id,)).one()
    assert b"Secret vase" not in bytes(kept)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"operations": []}, "/operations"), ({"operations": [{"method": "delete", "body": {}}]}, "/operations/0/method"),
     ({"operations": [{"method": "create", "body": {}}] * (rest_bulk.MOST + 1)}, "/operations"),
     ({"operations": [{"method": "create"}]}, "/operations/0")],
)  # fmt: skip
def test_the_list_itself_is_checked(api, body, pointer):
    answer = api.post("/api/v1/products/bulk", body)

    assert answer.status_code == 422
    assert answer.json["problems"][0]["pointer"] == pointer


def test_variants_stock_customers_and_tags_of_orders_are_written_many_at_a_time(api, make_order, make_customer):
    order_id = api.get(f"/api/v1/orders/{_public(make_order())}").json["id"]
    order = api.get(f"/api/v1/orders/{order_id}")
    product = api.post("/api/v1/products", written("Vase")).json
    variant = product["variants"][0]
    shown = api.get(f"/api/v1/variants/{variant['id']}")

    def one(path, **operation):
        answer = api.post(f"/api/v1{path}/bulk", {"operations": [operation]})
        assert answer.status_code == 207, answer.text
        return answer.json["results"][0]

    tags = one("/orders/tags", method="update", id=order_id, if_match=order.headers["ETag"], body={"tags": ["fair"]})
    price = one("/variants", method="update", id=variant["id"], if_match=shown.headers["ETag"], body={"price": 990})
    stock = one("/stock", method="update", id=variant["id"], body={"on_hand": 7})
    person = one("/customers", method="create", body={"email": "bulk@example.com", "name": "Bea Bulk"})

    assert (tags["status"], tags["body"]["tags"]) == (200, ["fair"])
    assert (price["status"], price["body"]["price"]) == (200, 990)
    assert (stock["status"], stock["body"]["on_hand"]) == (200, 7)
    assert (person["status"], person["body"]["email"]) == (201, "bulk@example.com")


def _public(order):
    return ids.to_public("ord", order.id)


def _revoke_all(app, shop):
    with app.app_context(), core.unit_of_work(shop.id):
        for key in queries.all_keys():
            service.revoke(key.id, by=system_actor())
