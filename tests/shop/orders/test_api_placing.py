"""Orders that programs write, and what they do with one or with many. The rules are the back office's own."""

from __future__ import annotations

import pytest

from app.core.ids import new_id, to_public
from tests.factories.orders import stocked_variant

SOMEBODY = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}


@pytest.fixture
def variant(app, shop):
    with app.app_context(), shop.entered():
        return to_public("var", stocked_variant(price=2400, on_hand=10).id)


def body(variant: str, quantity: int = 2, **values: object) -> dict:
    lines = [{"variant_id": variant, "quantity": quantity}]
    return {"lines": lines, "email": "ines@example.com", "shipping_address": SOMEBODY} | values


def test_a_program_writes_an_order_with_the_shops_prices_taxes_delivery_and_stock(api, variant):
    quoted = api.post("/api/v1/orders/quotes", {"lines": body(variant)["lines"], "country": "IE"}).json
    made = api.post("/api/v1/orders", body(variant, tags=["fair"], note="Stand 4"))

    assert made.status_code == 201, made.text
    order = made.json
    cheapest = quoted["rates"][0]
    assert (order["subtotal"], order["shipping"]) == (quoted["subtotal"], cheapest["amount"]) == (4800, 500)
    assert order["total"] == order["subtotal"] + order["shipping"]
    assert order["tax"] == sum(line["amount"] for line in order["tax_lines"]) > 0
    assert (order["status"], order["payment_status"], order["tags"]) == ("placed", "unpaid", ["fair"])
    assert order["lines"][0]["variant_id"] == variant
    assert api.get(f"/api/v1/variants/{variant}").json["on_hand"] == 8
    again = api.get(f"/api/v1/orders/{order['id']}")
    assert (again.json, again.headers["ETag"]) == (order, made.headers["ETag"])
    written = [entry for entry in api.get(f"/api/v1/orders/{order['id']}/timeline").json["data"] if entry["by"]]
    assert written[-1]["text"] == "The order of Ines Maur was written by hand."

    paid = api.post(f"/api/v1/orders/{order['id']}/paid")
    assert (paid.status_code, paid.json["payment_status"], paid.json["paid"]) == (200, "paid", order["total"])
    back = api.post(f"/api/v1/orders/{order['id']}/refunds", {"amount": 100, "key": "first-refund"})
    assert back.status_code == 202, back.text


def test_prices_and_delivery_can_be_agreed_otherwise_and_the_money_be_here(api, variant):
    lines = [{"variant_id": variant, "quantity": 3, "unit_price": 1000}]
    wanted = body(variant) | {"lines": lines, "payment": "paid", "delivery": {"name": "By hand", "amount": 0}}
    order = api.post("/api/v1/orders", wanted).json

    assert (order["total"], order["payment_status"], order["shipping_name"]) == (3000, "paid", "By hand")
    mine = body(variant) | {"email": "", "customer_id": order["customer_id"]}
    assert api.post("/api/v1/orders", mine).json["email"] == "ines@example.com"


def test_an_order_that_cannot_be_says_why_and_takes_no_stock(api, program, variant, app, shop, other_shop):
    with app.app_context(), other_shop.entered():
        theirs = to_public("var", stocked_variant().id)
    refused = {
        "out_of_stock": body(variant, 11),
        "unknown": body(to_public("var", new_id())),
        "foreign": body(theirs),
        "nobody": body(variant, email=""),
        "no_rate": body(variant, shipping_rate_id=to_public("rate", new_id())),
        "gateway": body(variant, payment_method="testpay"),
        "nothing": body(variant) | {"lines": []},
        "dear": body(variant) | {"lines": [{"variant_id": variant, "quantity": 100_000, "unit_price": 10**12}]},
    }
    answers = {name: api.post("/api/v1/orders", wanted) for name, wanted in refused.items()}

    assert answers["out_of_stock"].json["code"] == "out_of_stock"
    assert {answers[name].status_code for name in refused if name != "out_of_stock"} == {422}
    assert answers["foreign"].text == answers["unknown"].text
    assert answers["foreign"].json["problems"][0]["pointer"] == "/lines/0/variant_id"
    assert answers["gateway"].json["problems"][0]["pointer"] == "/payment_method"
    clerk = program("orders.create")
    assert clerk.post("/api/v1/orders", body(variant, payment="paid")).status_code == 403
    assert program("orders.read").post("/api/v1/orders", body(variant)).status_code == 403
    assert api.get(f"/api/v1/variants/{variant}").json["on_hand"] == 10
    assert clerk.post("/api/v1/orders", body(variant)).status_code == 201


def test_an_order_is_tagged_noted_sent_and_put_away(api, make_order):
    order = to_public("ord", make_order("paid").id)
    path = f"/api/v1/orders/{order}"
    seen = api.get(path).headers["ETag"]

    assert api.put(f"{path}/tags", {"tags": ["a", "b"]}).status_code == 428
    tagged = api.put(f"{path}/tags", {"tags": ["a", "b"]}, seen=seen)
    assert tagged.json["tags"] == ["a", "b"]
    assert api.put(f"{path}/tags", {"tags": ["c"]}, seen=seen).status_code == 412
    assert [one["id"] for one in api.get("/api/v1/orders?tag=a&archived=false").json["data"]] == [order]
    assert api.post(f"{path}/archive").json["code"] == "order_not_done_yet"
    sent = api.post(f"{path}/fulfilments", {"carrier": "An Post"})
    assert (sent.status_code, sent.json["status"]) == (201, "completed")
    assert sent.json["fulfilments"][0]["items"] == [{"line_id": sent.json["lines"][0]["id"], "quantity": 2}]
    assert api.post(f"{path}/archive").json["is_archived"] is True
    assert api.get("/api/v1/orders?archived=false").json["data"] == []
    assert api.post(f"{path}/unarchive").json["is_archived"] is False
    assert api.post(f"{path}/attention/settle").status_code == 200
    assert api.post(f"{path}/status-link").status_code == 202
    assert "2400" not in api.get(f"{path}/packing-slip").text
    assert "Stoneware mug" in api.get(f"{path}/invoice").text
    assert api.get("/api/v1/orders/export.csv").mimetype == "text/csv"


def test_one_action_on_many_orders_has_a_result_for_each(api, program, make_order):
    orders = [to_public("ord", make_order(state).id) for state in ("paid", "cancelled")]

    done = api.post("/api/v1/orders/actions", {"action": "fulfil", "order_ids": orders})
    assert (done.status_code, done.json["done"], done.json["refused"]) == (201, 1, 1), done.text
    assert api.get(f"/api/v1/orders/actions/{done.json['id']}").json == done.json
    tagged = api.post("/api/v1/orders/actions", {"action": "tag", "tag": "x", "order_ids": orders}).json
    undone = api.post(f"/api/v1/orders/actions/{tagged['id']}/undo")
    assert (undone.status_code, undone.json["done"]) == (201, 2)
    assert api.post(f"/api/v1/orders/actions/{done.json['id']}/undo").json["code"] == "cannot_be_undone"
    reader = program("orders.read")
    assert reader.post("/api/v1/orders/actions", {"action": "fulfil", "order_ids": orders}).status_code == 403
