"""One action on many orders, tags and the archive."""

from __future__ import annotations

import re

import pytest

from app.core import access
from app.shop.orders import queries, service
from app.shop.orders.schemas import OrderFilter
from tests.factories.orders import SYSTEM


def reload(app, shop, order):
    with app.app_context(), shop.entered():
        return queries.by_id(order.id)


def act(browser, action, *orders, **fields):
    return browser.post_form(
        "/admin/orders/bulk", {"action": action, "numbers": [order.number for order in orders], **fields}
    )


def test_ticked_orders_are_sent_together_with_a_result_for_each(staff_client, make_order, app, shop):
    paid, pending = make_order("paid"), make_order("pending")

    answer = act(staff_client, "fulfil", paid, pending)

    assert answer.status_code == 303
    page = staff_client.get(answer.headers["Location"]).text
    assert "1 order done." in page
    assert "1 could not be changed." in page
    assert "is pending and cannot be changed" in page
    assert reload(app, shop, paid).status == "completed"
    assert reload(app, shop, pending).status == "pending"


def test_nothing_ticked_is_said_and_the_list_stays(staff_client, make_order):
    make_order("paid")

    answer = act(staff_client, "fulfil", query="view=to_fulfil")

    assert answer.status_code == 422
    assert "Tick the orders first." in answer.text
    assert 'name="view" value="to_fulfil"' in answer.text


def test_cancelling_many_asks_first(staff_client, make_order, app, shop):
    order = make_order("paid")

    asked = act(staff_client, "cancel", order)
    assert asked.status_code == 200
    assert "This cannot be undone" in asked.text
    assert reload(app, shop, order).status == "placed"

    act(staff_client, "cancel", order, confirmed="1", restock="1", reason="Flood")
    found = reload(app, shop, order)
    assert (found.status, found.cancelled_because) == ("cancelled", "Flood")


def test_the_archive_can_be_undone(staff_client, make_order, app, shop):
    done, open_one = make_order("shipped"), make_order("paid")

    answer = act(staff_client, "archive", done, open_one)

    assert reload(app, shop, done).is_archived
    assert not reload(app, shop, open_one).is_archived
    assert f"#{done.number}" not in staff_client.get("/admin/orders").text
    assert f"#{done.number}" in staff_client.get("/admin/orders?view=archived").text
    assert f"#{done.number}" in staff_client.get(f"/admin/orders?q={done.number}").text
    staff_client.post_form(answer.headers["Location"] + "/undo")
    assert not reload(app, shop, done).is_archived


def test_what_was_sent_cannot_be_undone(staff_client, make_order):
    answer = act(staff_client, "fulfil", make_order("paid"), make_order("pending"))

    assert "/undo" not in staff_client.get(answer.headers["Location"]).text
    assert staff_client.post_form(answer.headers["Location"] + "/undo").status_code == 409


def test_a_tag_finds_its_orders_again(staff_client, make_order, app, shop):
    one, other = make_order("paid"), make_order("paid")

    act(staff_client, "tag", one, tag_name="Gift wrap")

    way_back = re.search(r'action="(/admin/undo/[^"]+)"', staff_client.get("/admin/orders").text)[1]
    assert set(re.findall(r"#(\d{4})", staff_client.get("/admin/orders?tag=Gift+wrap").text)) == {one.number}
    assert "Gift wrap" in staff_client.get(f"/admin/orders/{one.number}").text
    assert act(staff_client, "tag", other).status_code == 422
    staff_client.post_form(way_back)
    assert "Gift wrap" not in staff_client.get(f"/admin/orders/{one.number}").text


@pytest.mark.parametrize("htmx", [False, True])
def test_one_order_is_tagged_and_put_away_on_its_page(staff_client, make_order, app, shop, htmx):
    order = make_order("shipped")
    path = f"/admin/orders/{order.number}"

    assert staff_client.post_form(f"{path}/tags", {"tag": "VIP"}, htmx=htmx).status_code == (200 if htmx else 303)
    assert "VIP" in staff_client.get(path).text
    staff_client.post_form(f"{path}/tags/remove", {"tag": "VIP"}, htmx=htmx)
    assert "VIP" not in staff_client.get(path).text
    staff_client.post_form(f"{path}/archive", htmx=htmx)
    assert reload(app, shop, order).is_archived
    staff_client.post_form(f"{path}/unarchive", htmx=htmx)
    assert not reload(app, shop, order).is_archived


def test_an_order_that_still_needs_somebody_is_not_put_away(staff_client, make_order, app, shop):
    order = make_order("paid")

    assert staff_client.post_form(f"/admin/orders/{order.number}/archive").status_code == 409
    assert not reload(app, shop, order).is_archived


def test_all_that_match_are_done_slice_by_slice(staff_client, make_order, app, shop, monkeypatch, run_jobs):
    monkeypatch.setattr(service.bulk, "SLICE", 2)
    orders = [make_order("paid") for _ in range(5)]
    pending = make_order("pending")

    answer = act(staff_client, "fulfil", everything="1", query="view=to_fulfil")
    assert "Under way" in staff_client.get(answer.headers["Location"]).text
    run_jobs()

    assert "5 orders done." in staff_client.get(answer.headers["Location"]).text
    assert {reload(app, shop, order).status for order in orders} == {"completed"}
    assert reload(app, shop, pending).status == "pending"


def test_the_undo_of_many_is_done_slice_by_slice_too(app, shop, make_order, monkeypatch):
    monkeypatch.setattr(service.bulk, "SLICE", 2)
    orders = [make_order("shipped") for _ in range(5)]
    with app.app_context(), shop.entered():
        done = service.bulk.start("archive", [order.number for order in orders], OrderFilter(), by=SYSTEM)
        undone = service.bulk.undo(done.id, by=SYSTEM)
        while undone.state == "running":
            undone = service.bulk.go_on(undone.id)

        assert undone.done == 5
        assert service.bulk.go_on(undone.id).done == 5
    assert not any(reload(app, shop, order).is_archived for order in orders)


def test_orders_are_written_into_a_file_that_a_spreadsheet_does_not_run(staff_client, make_order):
    order = make_order("paid", note="=1+1")
    make_order("paid", email="other@example.com")

    one = act(staff_client, "export", order)
    everything = act(staff_client, "export", everything="1")

    assert one.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "other@example.com" not in one.text
    assert "'=1+1" in one.text
    assert "53.00" in one.text
    assert everything.text.count("\r\n") == 3


def test_ticked_orders_are_printed_on_a_sheet_each(staff_client, make_order):
    orders = make_order("paid"), make_order("paid")

    assert act(staff_client, "print", *orders).text.count('<article class="slip">') == 2
    assert "€53.00" in staff_client.get(f"/admin/orders/{orders[0].number}/invoice").text


@pytest.mark.parametrize("action", ["fulfil", "cancel", "archive", "tag", "export"])
def test_an_action_wants_its_own_permission(staff_client, make_order, app, shop, monkeypatch, action):
    order = make_order("paid")
    reader = access.Actor("staff", name="Reader", permissions=frozenset({"orders.read"}))
    monkeypatch.setitem(access._loaders, "staff", lambda subject: reader)

    assert act(staff_client, action, order, tag_name="x", confirmed="1").status_code == 403
    assert reload(app, shop, order).status == "placed"


def test_another_shops_orders_are_not_reached(staff_client, make_order, other_shop, app):
    theirs = make_order("paid", at=other_shop)

    answer = act(staff_client, "fulfil", theirs)

    assert "0 orders done." in staff_client.get(answer.headers["Location"]).text
    assert reload(app, other_shop, theirs).status == "placed"


@pytest.mark.parametrize(("query", "found"), [("dua", True), ("ines d", True), ("INES@EX", True), ("example.com", True),
                                              ("duarte ines", True), ("xyz", False), ("%", False)])  # fmt: skip
def test_search_finds_beginnings_by_index_and_middles_among_the_newest(staff_client, make_order, query, found):
    order = make_order("paid")

    page = staff_client.get("/admin/orders", query_string={"q": query}).text

    assert (f"#{order.number}" in page) is found
