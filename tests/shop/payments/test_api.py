"""Payments and ways to pay for programs, as in the back office."""

from __future__ import annotations

import pytest

from app.core.ids import new_id, to_public
from tests.factories.orders import stocked_variant

HOME = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}


@pytest.fixture
def written_order(app, shop, api):
    """Writes an order that is paid already, and gives its id."""

    def write() -> str:
        with app.app_context(), shop.entered():
            lines = [{"variant_id": to_public("var", stocked_variant().id), "quantity": 2}]
        body = {"lines": lines, "email": "ines@example.com", "shipping_address": HOME, "payment": "paid"}
        return api.post("/api/v1/orders", body).json["id"]

    return write


def test_payments_are_listed_with_their_refunds(api, written_order):
    order = written_order()
    paid = api.get(f"/api/v1/payments?order_id={order}&status=captured").json["data"]
    assert [(one["gateway"], one["captured"]) for one in paid] == [("bank_transfer", 5300)]
    api.post(f"/api/v1/orders/{order}/refunds", {"amount": 300, "key": "first-refund"})

    shown = api.get(f"/api/v1/payments/{paid[0]['id']}").json
    assert [(one["amount"], one["key"]) for one in shown["refunds"]] == [(300, "first-refund")]
    assert shown["refunded"] == 300
    assert api.get("/api/v1/payments?status=held").json["data"] == []
    assert api.get(f"/api/v1/payments?order_id={to_public('ord', new_id())}").json["data"] == []
    assert api.get(f"/api/v1/payments/{to_public('pay', new_id())}").status_code == 404
    other = written_order()
    first = api.get("/api/v1/payments?limit=1").json
    rest = api.get(f"/api/v1/payments?cursor={first['next_cursor']}").json
    assert [one["order_id"] for one in first["data"] + rest["data"]] == [other, order]
    assert [one["order_id"] for one in api.get("/api/v1/payments?sort=created_at").json["data"]] == [order, other]


def test_ways_to_pay_are_read_and_written_and_no_secret_is_told(api, program):
    methods = {one["code"]: one for one in api.get("/api/v1/payment-methods").json["data"]}
    assert methods["bank_transfer"]["pays_later"] is True
    path = "/api/v1/payment-methods/testpay"
    seen = api.get(path).headers["ETag"]
    wanted = {"title": "Play money", "is_enabled": False, "secret": "hush-hush-hush"}

    assert api.put(path, wanted).status_code == 428
    answer = api.put(path, wanted, seen=seen)
    assert (answer.json["title"], answer.json["is_enabled"]) == ("Play money", False)
    assert "hush" not in answer.text + api.get(path).text
    assert api.put(path, wanted, seen=seen).status_code == 412
    assert api.get("/api/v1/payment-methods/nothing").status_code == 404
    assert program("orders.read").get(path).status_code == 403
