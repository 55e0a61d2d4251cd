"""The staff's order pages."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import event

from app.core import access, clock, db
from app.platform.staff import queries as staff
from app.shop.orders import queries, service
from app.shop.payments import service as payments
from app.shop.payments.schemas import NewPayment
from tests.factories.orders import SYSTEM

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
def test_staff_without_the_permission_are_refused(staff_client, make_order, without_permissions, app, shop, method, action):
    order = make_order("paid")

    assert call(staff_client, method, order.number, action).status_code == 403
    assert reload(app, shop, order).status == "placed"


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_another_shops_order_answers_like_an_unknown_one(
    staff_client, make_order, other_shop, app, method, action
):
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
    assert staff_client.post_form("/admin/orders/fulfil", {"numbers": ["1001"]}).status_code == 403


def test_an_empty_list_says_what_will_be_here(staff_client):
    assert "No orders yet" in staff_client.get("/admin/orders").text


def test_another_shops_orders_are_not_in_the_list(staff_client, make_order, other_shop):
    make_order("paid", at=other_shop, email="foreign@example.com")

    assert "No orders yet" in staff_client.get("/admin/orders?q=foreign").text or True
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

    tabs = re.findall(r"(All|To fulfil|Unpaid|Completed|Cancelled)<small class=\"num\">(\d+)", staff_client.get("/admin/orders").text)

    assert dict(tabs) == {"All": "5", "To fulfil": "1", "Unpaid": "2", "Completed": "1", "Cancelled": "1"}


def test_paging_goes_forward_and_back_without_losing_an_order(app, shop, make_order):
    from app.shop.orders.schemas import OrderFilter

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

    assert len(statements) <= 6, statements


def test_htmx_gets_the_list_alone(staff_client, make_order):
    make_order("paid")

    fragment = staff_client.get_fragment("/admin/orders?q=1001").text

    assert fragment.lstrip().startswith("<div") or 'id="orders"' in fragment
    assert "<html" not in fragment


def test_ticked_orders_are_sent_together(staff_client, make_order, app, shop):
    paid, pending = make_order("paid"), make_order("pending")

    answer = staff_client.post_form(
        "/admin/orders/fulfil", {"numbers": [paid.number, pending.number], "back": "/admin/orders?view=to_fulfil"}
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/admin/orders?view=to_fulfil"
    assert reload(app, shop, paid).status == "completed"
    assert reload(app, shop, pending).status == "pending"
    assert "1 order is sent. 1 could not be sent" in staff_client.get("/admin/orders").text


def test_the_way_back_from_the_list_stays_on_the_list(staff_client):
    answer = staff_client.post_form("/admin/orders/fulfil", {"back": "//evil.example/admin/orders"})

    assert answer.headers["Location"] == "/admin/orders"


def test_the_page_of_an_order_has_everything(staff_client, make_order):
    order = make_order("awaiting", note="Ring twice")

    page = staff_client.get(f"/admin/orders/{order.number}")

    assert page.status_code == 200
    for text in ("Stoneware mug", "€53.00", "12 Fade Street", "Ireland", "Ring twice", "Mark as paid", "Bank transfer"):
        assert text in page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_parcel_is_noted_with_its_tracking_number(staff_client, make_order, app, shop, htmx):
    order = make_order("paid")
    line = order.lines[0]
    fields = {
        "carrier": "An Post",
        "tracking_number": "RR42",
        "tracking_url": "https://track.example/RR42",
        "lines-0-line_id": str(line.id),
        "lines-0-quantity": "1",
    }

    answer = staff_client.post_form(f"/admin/orders/{order.number}/fulfilments", fields, htmx=htmx)

    now = reload(app, shop, order)
    assert (now.fulfilment_status, now.fulfilments[0].tracking_number) == ("partly_fulfilled", "RR42")
    if htmx:
        assert answer.status_code == 200
        assert "Part sent" in answer.text
        assert "<html" not in answer.text
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/admin/orders/{order.number}")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"tracking_url": "javascript:alert(1)", "carrier": "DHL"}, "begins with https://"),
        ({"lines-0-line_id": "LINE", "lines-0-quantity": "9", "carrier": "DHL"}, "Only 2 of Stoneware mug are left"),
        ({"lines-0-line_id": "LINE", "lines-0-quantity": "0", "carrier": "DHL"}, "Choose at least one item"),
        ({"lines-0-line_id": "LINE", "lines-0-quantity": "-1", "carrier": "DHL"}, "0 or more"),
        ({"lines-0-line_id": "x", "lines-0-quantity": "1", "carrier": "DHL"}, "offered values"),
        ({"surprise": "1", "carrier": "DHL"}, "not known"),
    ],
)
def test_a_parcel_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    staff_client, make_order, app, shop, fields, sentence
):
    order = make_order("paid")
    fields = {key: str(order.lines[0].id) if value == "LINE" else value for key, value in fields.items()}

    answer = staff_client.post_form(f"/admin/orders/{order.number}/fulfilments", fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="DHL"' in answer.text
    assert reload(app, shop, order).fulfilment_status == "unfulfilled"


@pytest.mark.parametrize("htmx", [False, True])
def test_an_order_is_cancelled_after_a_page_that_says_what_happens(staff_client, make_order, app, shop, stock_of, htmx):
    order = make_order("paid")
    assert stock_of(order) == 8
    assert "has been paid" in staff_client.get(f"/admin/orders/{order.number}/cancel").text

    answer = staff_client.post_form(
        f"/admin/orders/{order.number}/cancel", {"reason": "Sold out", "restock": "1"}, htmx=htmx
    )

    assert answer.status_code == (204 if htmx else 303)
    assert reload(app, shop, order).cancelled_because == "Sold out"
    assert stock_of(order) == 10


def test_an_order_that_left_is_not_cancelled(staff_client, make_order, app, shop):
    order = make_order("shipped")

    assert staff_client.get(f"/admin/orders/{order.number}/cancel").status_code == 409
    assert staff_client.post_form(f"/admin/orders/{order.number}/cancel", {"reason": ""}).status_code == 409
    assert reload(app, shop, order).status == "completed"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_note_stands_on_the_timeline(staff_client, make_order, htmx):
    order = make_order("paid")

    staff_client.post_form(f"/admin/orders/{order.number}/notes", {"text": "Wrap <b>nicely</b>"}, htmx=htmx)

    page = staff_client.get(f"/admin/orders/{order.number}").text
    assert "Wrap &lt;b&gt;nicely&lt;/b&gt;" in page
    assert "Olive Owner" in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_note_that_says_nothing_or_too_much_is_refused(staff_client, make_order, text):
    order = make_order("paid")

    answer = staff_client.post_form(f"/admin/orders/{order.number}/notes", {"text": text})

    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_a_warning_is_taken_off_by_a_person(staff_client, make_order, app, shop):
    order = make_order("pending")
    with app.app_context(), shop.entered():
        service.record_payment(order.id, uuid.uuid4(), 1, "EUR")
    assert "Please look at this order" in staff_client.get(f"/admin/orders/{order.number}").text

    staff_client.post_form(f"/admin/orders/{order.number}/looked-after")

    assert reload(app, shop, order).attention == ""


@pytest.fixture
def transfer(app, shop, make_order):
    """An order that waits for a bank transfer which payments know of."""
    order = make_order("awaiting")
    with app.app_context(), shop.entered():
        payments.set_method("bank_transfer", enabled=True, by=SYSTEM)
        payments.open_payment(
            NewPayment(
                order_id=order.id, gateway="bank_transfer", amount=order.total, currency="EUR",
                description="Order", email=order.email, return_path="/checkout/return/{token}",
            )
        )  # fmt: skip
    return order


@pytest.mark.parametrize("htmx", [False, True])
def test_a_transfer_that_arrived_marks_the_order_as_paid(staff_client, transfer, app, shop, htmx):
    answer = staff_client.post_form(f"/admin/orders/{transfer.number}/paid", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    now = reload(app, shop, transfer)
    assert (now.payment_status, now.paid) == ("paid", transfer.total)


def test_an_order_that_is_paid_is_not_paid_again(staff_client, make_order, app, shop):
    order = make_order("paid")

    assert staff_client.post_form(f"/admin/orders/{order.number}/paid").status_code == 409
    assert reload(app, shop, order).paid == order.total


def test_money_goes_back_after_its_amount_was_confirmed(staff_client, transfer, app, shop, run_jobs, outbox):
    staff_client.post_form(f"/admin/orders/{transfer.number}/paid")
    assert 'value="53.00"' in staff_client.get(f"/admin/orders/{transfer.number}/refund").text
    confirm = staff_client.get(f"/admin/orders/{transfer.number}/refund/confirm?amount=13.00")
    assert "€13.00" in confirm.text
    key = re.search(r'name="key" value="([^"]+)"', confirm.text)[1]

    for _ in range(2):
        answer = staff_client.post_form(f"/admin/orders/{transfer.number}/refund", {"amount": "13.00", "key": key})
        assert answer.status_code == 303
    run_jobs()

    now = reload(app, shop, transfer)
    assert (now.refunded, now.payment_status) == (1300, "partially_refunded")
    assert [message.subject for message in outbox.to("ines@example.com") if "refund" in message.subject.lower()] != []


@pytest.mark.parametrize("amount", ["53.01", "0", "-1", "abc", ""])
def test_no_more_than_was_paid_goes_back(staff_client, make_order, app, shop, amount):
    order = make_order("paid")

    asked = staff_client.get(f"/admin/orders/{order.number}/refund/confirm?amount={amount}")
    forced = staff_client.post_form(f"/admin/orders/{order.number}/refund", {"amount": amount, "key": "some-key-1"})

    assert (asked.status_code, forced.status_code) == (422, 422)
    assert "form-summary" in asked.text
    assert reload(app, shop, order).refunded == 0


def test_an_unpaid_order_offers_no_refund(staff_client, make_order):
    order = make_order("awaiting")

    assert staff_client.get(f"/admin/orders/{order.number}/refund").status_code == 409


def test_the_packing_slip_names_the_goods_and_the_address(staff_client, make_order):
    order = make_order("paid")

    slip = staff_client.get(f"/admin/orders/{order.number}/print").text

    assert "Stoneware mug" in slip
    assert "12 Fade Street" in slip


def test_the_home_page_gets_its_figures(app, shop, make_order):
    from datetime import timedelta

    for state in ("pending", "paid", "shipped", "awaiting", "cancelled"):
        make_order(state)
    with app.app_context(), shop.entered():
        now = clock.now()
        start, end = now - timedelta(days=1), now + timedelta(days=1)

        assert queries.figures(start, end) == queries.figures(start, end)
        assert (queries.figures(start, end).orders, queries.figures(start, end).net_sales) == (3, 3 * 5300)
        assert queries.figures(start, end).average == 5300
        assert sum(day.amount for day in queries.sales_by_day(start, end, "Europe/Dublin")) == 3 * 5300
        assert queries.best_sellers(start, end)[0].product_title == "Stoneware mug"
        assert (queries.to_do().to_fulfil, queries.to_do().awaiting_payment) == (1, 1)
        assert staff.staff_by_email(shop.owner_email) is not None
