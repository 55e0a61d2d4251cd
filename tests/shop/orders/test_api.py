"""Orders over the API."""

from __future__ import annotations

import pytest

from app.core.ids import new_id, to_public
from app.shop.orders import queries


def public(order):
    return to_public("ord", order.id)


def test_a_program_reads_orders_newest_first(program, make_order):
    first, second = make_order("paid"), make_order("awaiting")

    answer = program("orders.read").get("/api/v1/orders")

    assert answer.status_code == 200
    assert [order["number"] for order in answer.json["data"]] == [second.number, first.number]
    assert answer.json["next_cursor"] is None
    assert answer.json["data"][1]["total"] == 5300
    assert answer.json["data"][1]["lines"][0]["product_title"] == "Stoneware mug"


def test_a_cursor_opens_the_next_page(program, make_order):
    numbers = [make_order("pending").number for _ in range(3)]
    reader = program("orders.read")

    first = reader.get("/api/v1/orders?limit=2").json
    second = reader.get(f"/api/v1/orders?limit=2&cursor={first['next_cursor']}").json

    assert [order["number"] for order in first["data"] + second["data"]] == numbers[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=placed", {"1002", "1003"}),
        ("payment_status=unpaid", {"1003"}),
        ("created_from=2000-01-01T00:00:00Z", {"1001", "1002", "1003"}),
        ("created_before=2000-01-01T00:00:00Z", set()),
    ],
)
def test_filters_narrow_the_list(program, make_order, query, expected):
    for state in ("pending", "paid", "awaiting"):
        make_order(state)

    answer = program("orders.read").get(f"/api/v1/orders?{query}")

    assert {order["number"] for order in answer.json["data"]} == expected


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "cursor=garbage", "status=lost", "created_from=yesterday", "colour=red"]
)
def test_a_query_that_does_not_fit_is_refused_with_its_field(program, query):
    answer = program("orders.read").get(f"/api/v1/orders?{query}")

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["errors"]


def test_one_order_is_read_by_its_id(program, make_order):
    order = make_order("shipped")

    answer = program("orders.read").get(f"/api/v1/orders/{public(order)}")

    assert answer.json["id"] == public(order)
    assert answer.json["fulfilments"][0]["tracking_number"] == "RR1"


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "/cancel"), ("post", "/fulfilments")])
def test_a_foreign_order_answers_like_an_unknown_one(program, make_order, other_shop, method, path):
    theirs = make_order("paid", at=other_shop)
    mine = program("orders.read", "orders.cancel", "orders.fulfil")
    options = {"json": {}} if method == "post" else {}

    answers = [
        getattr(mine, method)(f"/api/v1/orders/{wanted}{path}", **options)
        for wanted in (public(theirs), to_public("ord", new_id()), "ord_x", to_public("prod", theirs.id))
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_no_key_and_a_key_without_the_scope_are_refused(client, program, make_order):
    order = make_order("paid")
    weak = program("products.read")

    assert client.get("/api/v1/orders").status_code == 401
    assert weak.get("/api/v1/orders").status_code == 403
    assert weak.post(f"/api/v1/orders/{public(order)}/cancel", json={}).status_code == 403
    assert weak.post(f"/api/v1/orders/{public(order)}/fulfilments", json={}).status_code == 403


def test_a_program_cancels_an_order(program, make_order, stock_of):
    order = make_order("paid")

    answer = program("orders.cancel").post(f"/api/v1/orders/{public(order)}/cancel", json={"reason": "Fraud"})

    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    assert stock_of(order) == 10


def test_a_program_notes_a_parcel(program, make_order):
    order = make_order("paid")
    body = {"carrier": "DHL", "items": [{"line_id": to_public("line", order.lines[0].id), "quantity": 1}]}

    answer = program("orders.fulfil").post(f"/api/v1/orders/{public(order)}/fulfilments", json=body)

    assert (answer.status_code, answer.json["fulfilment_status"]) == (201, "partly_fulfilled")


def test_what_cannot_be_done_is_a_problem_with_a_code(app, shop, program, make_order):
    order = make_order("shipped")
    writer = program("orders.cancel", "orders.fulfil")

    cancelled = writer.post(f"/api/v1/orders/{public(order)}/cancel", json={})
    sent = writer.post(f"/api/v1/orders/{public(order)}/fulfilments", json={})
    unknown = writer.post(f"/api/v1/orders/{public(order)}/cancel", json={"reasons": "typo"})

    assert (cancelled.status_code, sent.status_code, unknown.status_code) == (409, 409, 422)
    assert cancelled.json["code"] == "order_not_open"
    with app.app_context(), shop.entered():
        assert queries.by_id(order.id).status == "completed"


def test_a_program_notes_refunds_and_settles_by_the_rules_of_the_back_office(program, make_order):
    order = make_order("paid")
    clerk = program("orders.note", "orders.refund", "orders.pay")
    back = {"amount": 100, "key": "first-refund"}

    arrived = clerk.post(f"/api/v1/orders/{public(order)}/paid")
    noted = clerk.post(f"/api/v1/orders/{public(order)}/notes", json={"text": "Called"})
    asked = clerk.post(f"/api/v1/orders/{public(order)}/refunds", json=back)
    too_much = clerk.post(f"/api/v1/orders/{public(order)}/refunds", json={"amount": 10**9, "key": "another-refund"})

    assert (noted.status_code, noted.json["id"]) == (201, public(order))
    assert (asked.status_code, asked.json["code"]) == (409, "payment_elsewhere")  # it came by hand, it goes by hand
    assert (too_much.status_code, too_much.json["code"]) == (422, "refund_too_large")
    assert (arrived.status_code, arrived.json["code"]) == (409, "already_paid"), arrived.text
    assert program("orders.read").post(f"/api/v1/orders/{public(order)}/paid").status_code == 403
