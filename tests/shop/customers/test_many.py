"""Several customers at once, their tags, what they bought, their data and its erasure."""

from __future__ import annotations

import json
import re

import pytest

from app.core import access
from app.shop.customers import queries, service
from app.shop.customers.errors import NotThisCustomer, OrdersUnderWay
from tests.factories.orders import SYSTEM


def act(browser, action, *people, **fields):
    ids = [str(one.id) for one in people]
    return browser.post_form("/admin/customers/bulk", {"action": action, "customers": ids, **fields})


def reload(app, shop, customer):
    with app.app_context(), shop.entered():
        return queries.get(customer.id)


def names(page):
    return re.findall(r'class="who-name">([^<]+)<', page)


def test_a_tag_finds_its_customers_again_and_can_be_undone(staff_client, make_customer):
    ana, bea = make_customer(email="ana@example.com", name="Ana"), make_customer(email="bea@example.com", name="Bea")

    act(staff_client, "tag", ana, tag_name="Wholesale")

    page = staff_client.get("/admin/customers?tag=Wholesale").text
    assert names(page) == ["Ana"]
    assert act(staff_client, "tag", bea).status_code == 422
    staff_client.post_form(re.search(r'action="(/admin/undo/[^"]+)"', page)[1])
    assert names(staff_client.get("/admin/customers?tag=Wholesale").text) == []


def test_nobody_ticked_is_said(staff_client, make_customer):
    make_customer()

    answer = act(staff_client, "no_marketing")

    assert answer.status_code == 422
    assert "Tick the customers first." in answer.text


def test_consent_is_taken_away_by_the_dozen_but_never_given(staff_client, make_customer, app, shop):
    customer = make_customer()
    staff_client.post_form(f"/admin/customers/{customer.id}", {"name": "Ines", "accepts_marketing": "1"})
    agreed = reload(app, shop, customer)
    assert (agreed.accepts_marketing, agreed.consent_by) == (True, "Olive Owner")

    act(staff_client, "no_marketing", customer)

    now = reload(app, shop, customer)
    assert (now.accepts_marketing, now.consent_at > agreed.consent_at) == (False, True)
    assert act(staff_client, "marketing", customer).status_code == 422


def test_the_list_sorts_by_what_people_bought(staff_client, make_customer, make_order, run_jobs):
    ana, bea = make_customer(email="ana@example.com", name="Ana"), make_customer(email="bea@example.com", name="Bea")
    make_order("paid", customer_id=ana.id)
    make_order("paid", customer_id=bea.id)
    make_order("paid", customer_id=bea.id)
    run_jobs()

    page = staff_client.get("/admin/customers?sort=spent").text
    assert names(page) == ["Bea", "Ana"]
    assert "€106.00" in page
    assert names(staff_client.get("/admin/customers?sort=orders_up").text) == ["Ana", "Bea"]
    assert names(staff_client.get("/admin/customers?sort=name_down").text) == ["Bea", "Ana"]
    assert names(staff_client.get("/admin/customers?view=returning").text) == ["Bea"]


def test_a_cancelled_order_is_no_purchase(app, shop, make_customer, make_order, run_jobs):
    from app.shop.orders import service as orders

    customer = make_customer()
    order = make_order("paid", customer_id=customer.id)
    run_jobs()
    assert reload(app, shop, customer).spent == 5300
    with app.app_context(), shop.entered():
        orders.cancel(order.number, reason="", restock=True, by=SYSTEM)
    run_jobs()

    assert (reload(app, shop, customer).spent, reload(app, shop, customer).order_count) == (0, 0)


def test_customers_are_written_into_a_file(staff_client, make_customer):
    ana = make_customer(email="ana@example.com", name="=cmd()")
    make_customer(email="bea@example.com", name="Bea")

    one, all_of_them = act(staff_client, "export", ana), act(staff_client, "export", everything="1")

    assert "'=cmd()" in one.text
    assert "bea@example.com" not in one.text
    assert all_of_them.text.count("@example.com") == 2


def test_a_copy_of_their_data_holds_everything(staff_client, make_customer, make_order):
    customer = make_customer()
    order = make_order("paid", customer_id=customer.id, note="Ring twice")
    staff_client.post_form(f"/admin/customers/{customer.id}/tags", {"tag": "VIP"})

    answer = staff_client.get(f"/admin/customers/{customer.id}/data.json")

    told = json.loads(answer.text)
    assert (told["customer"]["email"], told["tags"]) == (customer.email, ["VIP"])
    assert (told["orders"][0]["number"], told["orders"][0]["note"]) == (order.number, "Ring twice")
    assert "password" not in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]


def test_erasing_takes_everything_but_the_orders(staff_client, client, make_customer, make_order, app, shop):
    customer = make_customer()
    make_order("shipped", customer_id=customer.id)
    path = f"/admin/customers/{customer.id}"
    staff_client.post_form(f"{path}/tags", {"tag": "VIP"})
    assert "cannot be undone" in staff_client.get(f"{path}/erase").text

    assert staff_client.post_form(f"{path}/erase", {"email": "other@example.com"}).status_code == 422
    assert reload(app, shop, customer).erased_at is None
    assert staff_client.post_form(f"{path}/erase", {"email": customer.email}).status_code == 303

    now = reload(app, shop, customer)
    assert (now.name, now.phone, now.has_account, now.accepts_marketing) == ("", "", False, False)
    page = staff_client.get(path).text
    assert customer.email not in page.replace("/admin/orders", "")
    assert "VIP" not in page
    with app.app_context(), shop.entered():
        assert queries.addresses_of(customer.id) == []
        assert queries.by_email(customer.email) is None


def test_nobody_is_erased_while_an_order_waits(in_shop, app):
    customer = service.remember("ines@example.com", "Ines")

    with pytest.raises(NotThisCustomer):
        service.erase(customer.id, "tom@example.com", by=SYSTEM)
    assert customer.erased_at is None


def test_an_open_order_keeps_its_buyer(app, shop, make_customer, make_order):
    customer = make_customer()
    make_order("paid", customer_id=customer.id)

    with app.app_context(), shop.entered(), pytest.raises(OrdersUnderWay):
        service.erase(customer.id, customer.email, by=SYSTEM)

    assert reload(app, shop, customer).name == "Ines Duarte"


@pytest.mark.parametrize("path", ["/data.json", "/erase"])
def test_data_and_erasing_want_their_own_permission(staff_client, make_customer, app, shop, monkeypatch, path):
    customer = make_customer()
    reader = access.Actor("staff", name="R", permissions=frozenset({"customers.read", "customers.edit"}))
    monkeypatch.setitem(access._loaders, "staff", lambda subject: reader)

    assert staff_client.get(f"/admin/customers/{customer.id}{path}").status_code == 403
    assert act(staff_client, "export", customer).status_code == 403
    assert staff_client.post_form(f"/admin/customers/{customer.id}/erase", {"email": customer.email}).status_code == 403
    assert reload(app, shop, customer).erased_at is None


@pytest.mark.parametrize("action", ["tag", "no_marketing"])
def test_another_shops_customer_is_not_reached(staff_client, make_customer, other_shop, app, action):
    theirs = make_customer(at=other_shop)

    act(staff_client, action, theirs, tag_name="x")

    with app.app_context(), other_shop.entered():
        assert queries.tags_of([theirs.id]) == {}
    assert staff_client.get(f"/admin/customers/{theirs.id}/data.json").status_code == 404


@pytest.mark.parametrize(("query", "found"), [("due", []), ("DUA", ["Ines Duarte"]), ("ines@", ["Ines Duarte"]),
                                              ("example", ["Ines Duarte"]), ("_", [])])  # fmt: skip
def test_search_finds_beginnings_and_middles(staff_client, make_customer, query, found):
    make_customer(email="ines@example.com")

    assert names(staff_client.get("/admin/customers", query_string={"q": query}).text) == found
