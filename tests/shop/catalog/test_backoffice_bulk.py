"""Many products changed at once, and taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core import clock, db
from app.core.access import system_actor
from app.shop.catalog import service, staff_queries
from app.shop.catalog.models import Product
from tests.factories.catalog import a_product

BULK = "/admin/products/bulk"


@pytest.fixture
def three(app, shop):
    """Ids of three products on sale for 10.00, 20.00 and 30.00."""
    with app.app_context(), shop.entered():
        return [a_product(title=f"Cup {number}", price=number * 1000, tags=["blue"]).id for number in (1, 2, 3)]


@pytest.fixture
def rows(app, shop):
    """Every product of the shop as it is stored now, by title."""

    def read():
        with app.app_context(), shop.entered():
            found = {row.title: row for row in db.session.query(Product).all()}
            for row in found.values():
                db.session.expunge(row)
            return found

    return read


def undo_address(browser, path="/admin/products"):
    """Where the button in the page's toast posts to; the toast is shown once."""
    found = re.search(r'action="(/admin/undo/[^"]+)"', browser.get(path).text)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("action", "fields", "holds"),
    [
        ("archived", {}, lambda row: row.status == "archived"),
        ("tag", {"tag_name": "summer"}, lambda row: row.tags == ["blue", "summer"]),
        ("untag", {"tag_name": "blue"}, lambda row: row.tags == []),
        ("delete", {}, lambda row: row.status == "deleted"),
    ],
)
def test_a_change_to_many_is_made_and_taken_back(staff_client, three, rows, action, fields, holds):
    before = {title: (row.status, row.tags, row.handle) for title, row in rows().items()}

    answer = staff_client.post_form(BULK, {"action": action, "products": [str(one) for one in three[:2]], **fields})

    assert answer.status_code == 303
    assert [holds(row) for title, row in sorted(rows().items())] == [True, True, False]
    step = undo_address(staff_client)
    assert staff_client.post_form(step).status_code == 303
    assert {title: (row.status, row.tags, row.handle) for title, row in rows().items()} == before
    assert staff_client.post_form(step).status_code == 404


def test_everything_that_a_list_shows_can_be_meant(staff_client, three, rows):
    staff_client.post_form(BULK, {"action": "draft", "everything": "1", "query": "q=Cup+2&cursor=x"})

    assert {title: row.status for title, row in rows().items()} == {
        "Cup 1": "active",
        "Cup 2": "draft",
        "Cup 3": "active",
    }


def test_products_go_into_a_collection_behind_the_others(staff_client, app, shop, three, make_collection):
    shelf = make_collection([], title="New").id

    staff_client.post_form(BULK, {"action": "collect", "products": [str(one) for one in three], "shelf": str(shelf)})

    with app.app_context(), shop.entered():
        assert {one.product.id for one in staff_queries.products_in(shelf)} == set(three)


def test_prices_are_looked_at_before_they_change(staff_client, three, rows):
    ids = {"products": [str(one) for one in three]}
    form = staff_client.post_form(BULK, {"action": "price", **ids}).text
    wanted = {"direction": "down", "percent": "12.5", "keeps_before": "1", **ids}
    seen = staff_client.post_form(BULK + "/prices", wanted)

    assert form.count('name="products"') == 3
    assert "8.75" in seen.text and "26.25" in seen.text
    assert sorted(row.price_from for row in rows().values()) == [1000, 2000, 3000]

    staff_client.post_form(BULK + "/prices", wanted | {"confirmed": "1"})

    assert sorted(row.price_from for row in rows().values()) == [875, 1750, 2625]


@pytest.mark.parametrize("bad", [{}, {"percent": "5", "amount": "1"}, {"direction": "down", "percent": "101"}])
def test_a_price_change_that_says_nothing_is_refused(staff_client, three, rows, bad):
    fields = {"products": [str(one) for one in three], "confirmed": "1", **bad}

    assert staff_client.post_form(BULK + "/prices", fields).status_code == 422
    assert sorted(row.price_from for row in rows().values()) == [1000, 2000, 3000]


def test_a_deleted_product_is_nowhere_and_goes_for_good_after_ten_minutes(staff_client, app, shop, three, rows):
    page = f"/admin/products/{three[0]}"
    staff_client.post_form(page + "/delete")

    assert staff_client.get(page).status_code == 404
    assert ">Cup 1</a>" not in staff_client.get("/admin/products").text
    with app.app_context(), shop.entered():
        early = clock.now() - timedelta(minutes=10)
        service.finish_deleting(three[0], before=early, by=system_actor())
    assert "Cup 1" in rows()
    with app.app_context(), shop.entered():
        service.finish_deleting(three[0], before=clock.now(), by=system_actor())
    assert "Cup 1" not in rows()


def test_nobody_takes_back_what_somebody_else_did(staff_client, shop, three, make_member, staff_browser):
    staff_client.post_form(BULK, {"action": "archived", "products": [str(three[0])]})
    step = undo_address(staff_client)

    assert staff_browser(make_member()).post_form(step).status_code == 404
    assert staff_client.post_form(step).status_code == 303
