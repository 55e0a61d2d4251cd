"""What the palette finds, in which order, and for whom."""

import re

from app.core import access
from tests.factories.catalog import a_product


def labels(text):
    return re.findall(r'role="option"[^>]*data-href="([^"]+)"', text)


def test_pages_and_actions_of_this_role_are_offered_before_anything_is_typed(staff_client, monkeypatch):
    offered = labels(staff_client.get_fragment("/admin/search").text)
    assert {"/admin/orders", "/admin/products/new"} <= set(offered)

    few = frozenset({"home.read", "orders.read"})
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", subject, "Few", few))
    assert "/admin/products/new" not in labels(staff_client.get_fragment("/admin/search").text)
    assert "/admin/orders" in labels(staff_client.get_fragment("/admin/search").text)


def test_the_best_match_comes_first_and_other_words_find_it_too(staff_client):
    assert labels(staff_client.get_fragment("/admin/search?q=produ").text)[0] == "/admin/products"
    assert "/admin/products/imports" in labels(staff_client.get_fragment("/admin/search?q=csv").text)


def test_products_are_found_by_those_who_may_see_them(staff_client, app, shop, monkeypatch):
    with app.app_context(), shop.entered():
        product = a_product(title="Blue moon vase").id

    assert labels(staff_client.get_fragment("/admin/search?q=moon+vase").text) == [f"/admin/products/{product}"]
    few = frozenset({"home.read"})
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", subject, "Few", few))
    assert "Blue moon vase" not in staff_client.get_fragment("/admin/search?q=moon+vase").text


def test_without_javascript_the_same_stands_on_a_page(staff_client):
    page = staff_client.get("/admin/search?q=import").text

    assert 'href="/admin/products/imports"' in page
    assert "<html" in page


def test_a_form_is_checked_while_somebody_types_and_nothing_is_done(staff_client):
    check = {"headers": {"Check-Only": "1"}}

    bad = staff_client.post_form("/admin/products", {"title": "", "price": "1"}, **check)
    good = staff_client.post_form("/admin/products", {"title": "Ghost", "price": "1"}, **check)

    assert (bad.status_code, good.status_code) == (422, 204)
    assert "f-title-error" in bad.text
    assert "Ghost" not in staff_client.get("/admin/products").text
