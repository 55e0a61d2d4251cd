"""The staff's customer pages."""

from __future__ import annotations

import pytest

from app.core import access
from app.core.ids import new_id
from app.shop.customers import queries


@pytest.fixture
def without_permissions(monkeypatch):
    """Whoever is signed in may do nothing."""
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", id=subject, name="Nobody"))


def paths(customer):
    return ["/admin/customers", f"/admin/customers/{customer.id}"]


def test_a_stranger_is_asked_to_sign_in(client, make_customer):
    customer = make_customer()

    for path in paths(customer):
        assert "/admin/sign-in" in client.get(path).headers["Location"]
    assert client.post_form(f"/admin/customers/{customer.id}", {"name": "X"}).status_code == 303


def test_a_shopper_is_no_staff(make_customer, sign_in_shopper):
    customer = make_customer()
    browser = sign_in_shopper(customer)

    for path in paths(customer):
        assert "/admin/sign-in" in browser.get(path).headers["Location"]


def test_staff_without_the_permission_are_refused(app, shop, staff_client, make_customer, without_permissions):
    customer = make_customer()

    for path in paths(customer):
        assert staff_client.get(path).status_code == 403
    assert staff_client.post_form(f"/admin/customers/{customer.id}", {"name": "X"}).status_code == 403
    with app.app_context(), shop.entered():
        assert queries.get(customer.id).name == "Ines Duarte"


def test_another_shops_customer_answers_like_an_unknown_one(app, staff_client, make_customer, other_shop):
    theirs = make_customer(at=other_shop)

    for wanted in (theirs.id, new_id()):
        assert staff_client.get(f"/admin/customers/{wanted}").status_code == 404
        assert staff_client.post_form(f"/admin/customers/{wanted}", {"name": "X"}).status_code == 404
    assert theirs.email not in staff_client.get("/admin/customers").text


def test_an_empty_list_says_who_will_be_here(staff_client):
    assert "No customers yet" in staff_client.get("/admin/customers").text


@pytest.mark.parametrize(
    ("query", "found"),
    [("", {"ana", "bea"}), ("q=ANA", {"ana"}), ("q=bea@", {"bea"}), ("q=nobody", set()),
     ("view=accounts", {"ana"}), ("view=guests", {"bea"}), ("view=marketing", set()), ("view=x", {"ana", "bea"})],
)  # fmt: skip
def test_views_and_search_choose_customers(staff_client, make_customer, query, found):
    make_customer(email="ana@example.com", name="Ana")
    make_customer(email="bea@example.com", name="Bea", password=None)

    page = staff_client.get(f"/admin/customers?{query}").text

    assert {name for name in ("ana", "bea") if f"{name}@example.com</td>" in page} == found


def test_htmx_gets_the_list_alone(staff_client, make_customer):
    make_customer()

    assert "<html" not in staff_client.get_fragment("/admin/customers?q=ines").text


def test_a_customers_page_tells_what_they_bought(staff_client, make_customer, make_order):
    customer = make_customer(email="ines@example.com")
    order = make_order("paid", customer_id=customer.id)
    make_order("pending", customer_id=customer.id)

    page = staff_client.get(f"/admin/customers/{customer.id}").text

    assert f"/admin/orders/{order.number}" in page
    assert "€53.00" in page
    assert "€106.00" not in page


@pytest.mark.parametrize("htmx", [False, True])
def test_staff_keep_a_note_about_a_customer(app, shop, staff_client, make_customer, htmx):
    customer = make_customer()

    answer = staff_client.post_form(
        f"/admin/customers/{customer.id}", {"name": "Ines D.", "note": "Likes blue"}, htmx=htmx
    )

    assert answer.status_code == (200 if htmx else 303)
    with app.app_context(), shop.entered():
        now = queries.get(customer.id)
        assert (now.name, now.note, now.email) == ("Ines D.", "Likes blue", customer.email)


@pytest.mark.parametrize("wrong", [{"email": "steal@example.com"}, {"name": "x" * 121}, {"note": "x" * 4001}])
def test_what_does_not_fit_is_shown_again(app, shop, staff_client, make_customer, wrong):
    customer = make_customer()

    answer = staff_client.post_form(f"/admin/customers/{customer.id}", {"name": "Ines", "note": "kept"} | wrong)

    assert answer.status_code == 422
    assert "form-summary" in answer.text
    with app.app_context(), shop.entered():
        assert queries.get(customer.id).note == ""
