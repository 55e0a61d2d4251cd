"""What staff do with one order: send, cancel, note, mark as paid, refund, print."""

from __future__ import annotations

import re
import uuid

import pytest

from app.shop.orders import queries, service
from app.shop.payments import service as payments
from app.shop.payments.schemas import NewPayment
from tests.factories.orders import SYSTEM


def reload(app, shop, order):
    with app.app_context(), shop.entered():
        found = queries.by_id(order.id)
        _ = found.fulfilments
        return found


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


def test_money_that_no_gateway_took_is_not_sent_back_by_one(staff_client, make_order, app, shop):
    order = make_order("paid")

    answer = staff_client.post_form(f"/admin/orders/{order.number}/refund", {"amount": "5.00", "key": "some-key-1"})

    assert answer.status_code == 409
    assert "Send it by hand" in answer.text
    assert reload(app, shop, order).refunded == 0
