"""Webhooks in the back office and in the API."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.core import db
from app.core.ids import new_id, to_public
from app.platform.webhooks import queries
from tests.conftest import sign_in_owner
from tests.platform.webhooks.conftest import happen, placed

FIELDS = {"url": "https://erp.example.com/news", "description": "Stock", "facts": ["orders.order_placed"]}


def test_from_an_empty_list_to_a_secret_that_is_shown_once(staff_client, in_shop):
    empty = staff_client.get("/admin/webhooks")
    assert "No endpoints yet" in empty.text
    assert "An order was placed" in empty.text

    made = staff_client.post_form("/admin/webhooks", FIELDS)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", made.text)
    assert secret

    (endpoint,) = queries.all_endpoints()
    page = staff_client.get(f"/admin/webhooks/{endpoint.id}")
    assert "erp.example.com" in page.text
    assert secret[0] not in page.text


def test_bad_input_comes_back_with_what_was_typed(staff_client, in_shop):
    answer = staff_client.post_form("/admin/webhooks", FIELDS | {"url": "http://10.0.0.1/", "description": "My ERP"})

    assert answer.status_code == 422
    assert "This address is not called from here." in answer.text
    assert "My ERP" in answer.text
    assert queries.all_endpoints() == []
    assert staff_client.post_form("/admin/webhooks", FIELDS | {"facts": []}).status_code == 422
    assert staff_client.post_form("/admin/webhooks", FIELDS | {"facts": ["mail.message_queued"]}).status_code == 422


def test_the_same_address_twice_is_refused(staff_client, in_shop):
    staff_client.post_form("/admin/webhooks", FIELDS)

    answer = staff_client.post_form("/admin/webhooks", FIELDS)

    assert answer.status_code in {409, 422}
    assert "already" in answer.text


def test_a_delivery_shows_what_was_sent_and_what_came_back(staff_client, endpoint, receiver, pump):
    receiver.status, receiver.answer = 500, b"<b>out of order</b>"
    order = new_id()
    happen(placed(order))
    pump.drain()

    log = staff_client.get(f"/admin/webhooks/{endpoint.id}?state=waiting")
    assert "An order was placed" in log.text
    link = re.search(r"/admin/webhooks/deliveries/[0-9a-f-]+", log.text)[0]
    page = staff_client.get(link)
    assert to_public("ord", order) in page.text
    assert "&lt;b&gt;out of order&lt;/b&gt;" in page.text
    assert "500" in page.text
    assert endpoint.text not in page.text


def test_test_pause_resume_rotate_replay_and_remove(staff_client, endpoint, receiver, pump):
    base = f"/admin/webhooks/{endpoint.id}"
    assert staff_client.post_form(f"{base}/test").status_code == 303
    pump.drain()
    assert receiver.types == ["webhooks.test"]

    assert staff_client.post_form(f"{base}/pause").status_code == 303
    assert "Paused" in staff_client.get(base).text
    assert staff_client.post_form(f"{base}/resume").status_code == 303
    assert "whsec_" in staff_client.post_form(f"{base}/secret").text
    assert (
        staff_client.post_form(f"{base}/replay", {"since": "2020-01-01T00:00", "until": "2019-01-01T00:00"}).status_code
        == 422
    )
    happen(placed(new_id()))
    pump.drain()
    assert staff_client.post_form(f"{base}/replay").status_code == 303
    pump.drain()
    assert receiver.types.count("orders.order_placed") == 2

    assert staff_client.post_form(f"{base}/remove").status_code == 303
    assert staff_client.get(base).status_code == 404


def test_another_shops_endpoint_is_unknown(endpoint, other_shop):
    stranger = sign_in_owner(other_shop)
    assert stranger.get(f"/admin/webhooks/{endpoint.id}").status_code == 404
    assert stranger.post_form(f"/admin/webhooks/{endpoint.id}/remove").status_code == 404
    assert stranger.get(f"/admin/webhooks/{new_id()}").status_code == 404


def test_a_program_manages_endpoints(program, opened, receiver, pump, in_shop):
    api = program("webhooks.read", "webhooks.write")
    made = api.post("/api/v1/webhooks", json={"url": receiver.url, "facts": ["orders.order_placed"]})
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    path = f"/api/v1/webhooks/{made.json['id']}"
    assert api.get(path).json["secret"] is None
    assert [one["id"] for one in api.get("/api/v1/webhooks").json["data"]] == [made.json["id"]]

    assert api.post(f"{path}/test").status_code == 202
    pump.drain()
    happen(placed(new_id()))
    pump.drain()
    listed = api.get(f"{path}/deliveries").json["data"]
    assert [(one["type"], one["state"]) for one in listed] == [
        ("orders.order_placed", "delivered"), ("webhooks.test", "delivered")
    ]  # fmt: skip
    again = api.post(f"/api/v1/webhook-deliveries/{listed[0]['id']}/redeliver")
    assert again.status_code == 202
    assert api.post(f"/api/v1/webhook-deliveries/{again.json['id']}/redeliver").json["code"] == "delivery_still_waiting"
    assert api.post(f"{path}/replay", json={"since": "2020-01-01T00:00:00Z"}).json == {"queued": 1}
    paid = {"url": receiver.url, "facts": ["orders.order_paid"]}
    assert api.put(path, json=paid).status_code == 428
    seen = api.get(path).headers["ETag"]
    assert api.put(path, json=paid, seen=seen).json["facts"] == ["orders.order_paid"]
    assert api.put(path, json=paid, seen=seen).status_code == 412
    assert api.post(f"{path}/pause").json["state"] == "paused"
    assert api.post(f"{path}/resume").json["state"] == "active"
    assert api.post(f"{path}/secret").json["secret"] != made.json["secret"]
    assert api.delete(path).status_code == 200
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/webhooks", "/api/v1/webhooks/hook_01h455vb4pex5vsknk084sn02q"])
def test_reading_takes_the_scope(program, path):
    assert program("products.read").get(path).status_code == 403


def test_a_secret_in_an_answer_that_may_be_asked_for_again_is_kept_encrypted(program, opened, receiver, in_shop):
    api = program("webhooks.read", "webhooks.write")
    body = {"url": receiver.url, "facts": ["orders.order_placed"]}
    made = api.post("/api/v1/webhooks", json=body, key="once")
    assert api.post("/api/v1/webhooks", json=body, key="once").json["secret"] == made.json["secret"]

    stored = db.session.execute(
        text("select body from api_answer where tenant_id = :t"), {"t": in_shop.id}
    ).scalar_one()
    assert made.json["secret"].encode() not in bytes(stored)
