"""The staff's orders list, and who may open an order."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from app.core import access, db
from app.shop.orders import queries
from app.shop.orders.schemas import OrderFilter

ACTIONS = [
    ("get", ""),
    ("get", "/cancel"),
    ("get", "/refund"),
    ("get", "/refund/confirm?amount=1.00"),
    ("get", "/print"),
    ("post", "/fulfilments"),
    ("post", "/cancel"),
    ("post", "/refund"),
    ("post", "/paid"),
    ("post", "/notes"),
    ("post", "/looked-after"),
]
FIELDS = {
    "/notes": {"text": "hello"},
    "/refund": {"amount": "1.00", "key": "key-of-this-test"},
    "/fulfilments": {"carrier": "An Post"},
    "/cancel": {"reason": "changed mind"},
}


def call(browser, method, number, action, **options):
    path = f"/admin/orders/{number}{action}"
    if method == "get":
        return browser.get(path)
    return browser.post_form(path, FIELDS.get(action, {}), **options)


def reload(app, shop, order):
    with app.app_context(), shop.entered():
        found = queries.by_id(order.id)
        _ = found.fulfilments
        return found


@pytest.fixture
def without_permissions(monkeypatch):
    """Whoever is signed in may do nothing."""
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", id=subject, name="Nobody"))


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_a_stranger_is_asked_to_sign_in(client, make_order, app, shop, method, action):
    order = make_order("paid")

    answer = call(client, method, order.number, action)

    assert answer.status_code == 303
    assert "/admin/sign-in" in answer.headers["Location"]
    assert reload(app, shop, order).status == "placed"


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_staff_without_the_permission_are_refused(
    staff_client, make_order, without_permissions, app, shop, method, action
):
    order = make_order("paid")

    assert call(staff_client, method, order.number, action).status_code == 403
    assert reload(app, shop, order).status == "placed"


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_another_shops_order_answers_like_an_unknown_one(staff_client, make_order, other_shop, app, method, action):
    theirs = [make_order("paid", at=other_shop) for _ in range(3)][-1]

    foreign = call(staff_client, method, theirs.number, action)
    unknown = call(staff_client, method, "9999", action)

    assert foreign.status_code == unknown.status_code == 404
    assert reload(app, other_shop, theirs).status == "placed"


def test_the_list_shows_who_ordered_what(staff_client, make_order):
    order = make_order("paid", email="mei@example.com")

    page = staff_client.get("/admin/orders")

    assert page.status_code == 200
    assert f"#{order.number}" in page.text
    assert "Ines Duarte" in page.text
    assert "€53.00" in page.text


def test_the_list_needs_a_sign_in_and_a_permission(client, staff_client, monkeypatch):
    assert client.get("/admin/orders").status_code == 303
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", id=subject, name="Nobody"))
    assert staff_client.get("/admin/orders").status_code == 403
    assert staff_client.post_form("/admin/orders/bulk", {"action": "fulfil", "numbers": ["1"]}).status_code == 403


def test_an_empty_list_says_what_will_be_here(staff_client):
    assert "No orders yet" in staff_client.get("/admin/orders").text


def test_another_shops_orders_are_not_in_the_list(staff_client, make_order, other_shop):
    make_order("paid", at=other_shop, email="foreign@example.com")

    assert "foreign@example.com" not in staff_client.get("/admin/orders").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("view=to_fulfil", {"1002"}),
        ("view=unpaid", {"1001", "1003"}),
        ("view=completed", {"1004"}),
        ("view=cancelled", {"1005"}),
        ("payment=paid", {"1002", "1004"}),
        ("fulfilment=fulfilled", {"1004"}),
        ("q=1003", {"1003"}),
        ("q=%231003", {"1003"}),
        ("q=TOM@", {"1002"}),
        ("q=duárte", {"1001", "1002", "1003", "1004", "1005"}),
        ("q=nobody", set()),
        ("since=today", {"1001", "1002", "1003", "1004", "1005"}),
        ("view=cancelled&payment=paid", set()),
        ("view=nonsense", {"1001", "1002", "1003", "1004", "1005"}),
    ],
)
def test_views_filters_and_search_choose_orders(staff_client, make_order, query, expected):
    for state in ("pending", "paid", "awaiting", "shipped", "cancelled"):
        make_order(state, email="tom@example.com" if state == "paid" else "ines@example.com")

    answer = staff_client.get(f"/admin/orders?{query}")

    assert set(re.findall(r"#(\d{4})", answer.text)) == expected
    assert answer.status_code == (422 if "nonsense" in query else 200)


def test_the_tabs_count(staff_client, make_order):
    for state in ("pending", "paid", "awaiting", "shipped", "cancelled"):
        make_order(state)

    tabs = re.findall(
        r"(All|To fulfil|Unpaid|Completed|Cancelled)<small class=\"num\">(\d+)", staff_client.get("/admin/orders").text
    )

    assert dict(tabs) == {"All": "5", "To fulfil": "1", "Unpaid": "2", "Completed": "1", "Cancelled": "1"}


def test_paging_goes_forward_and_back_without_losing_an_order(app, shop, make_order):
    numbers = [make_order("pending").number for _ in range(5)]
    with app.app_context(), shop.entered():
        for sort in ("newest", "oldest", "total_high", "total_low"):
            first = queries.listing(OrderFilter(sort=sort), size=2)
            second = queries.listing(OrderFilter(sort=sort, cursor=first.next), size=2)
            third = queries.listing(OrderFilter(sort=sort, cursor=second.next), size=2)
            back = queries.listing(OrderFilter(sort=sort, cursor=third.previous), size=2)

            seen = [order.number for page in (first, second, third) for order in page.rows]
            assert sorted(seen) == numbers
            assert (first.previous, third.next) == ("", "")
            assert [order.number for order in back.rows] == [order.number for order in second.rows]


def test_a_spoilt_cursor_shows_the_first_page(staff_client, make_order):
    make_order("paid")

    assert "#1001" in staff_client.get("/admin/orders?cursor=garbage").text


def test_the_list_takes_few_statements(app, shop, staff_client, make_order):
    for _ in range(3):
        make_order("paid")
    staff_client.get("/admin/orders")
    statements = []
    with app.app_context():
        engine = db.db.engines[None]

    def count(connection, cursor, statement, *rest):
        if not statement.startswith(("SET", "select pg_notify")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        staff_client.get("/admin/orders")
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert len(statements) <= 6, "\n".join(statements)


def test_htmx_gets_the_list_alone(staff_client, make_order):
    make_order("paid")

    fragment = staff_client.get_fragment("/admin/orders?q=1001").text

    assert fragment.lstrip().startswith("<div") or 'id="orders"' in fragment
    assert "<html" not in fragment
