"""Staff write text pages and menus."""

from __future__ import annotations

import pytest

from app.core import db
from app.core.access import system_actor
from app.core.ids import new_id
from app.shop.pages import queries, service
from app.shop.pages.schemas import NewPage

BY = system_actor("tests")
PATHS = ["/admin/pages", "/admin/pages/new", "/admin/menus/main"]


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_sent_to_sign_in(client, shop, path):
    answer = client.get(path)

    assert answer.status_code == 303
    assert "/admin/sign-in" in answer.location


@pytest.mark.parametrize("path", PATHS)
def test_staff_see_the_page(staff_client, path):
    assert staff_client.get(path).status_code == 200


def test_a_page_is_written_and_then_read_in_the_shop(staff_client, shop):
    fields = {"title": "Size guide", "body": "**Measure** twice.", "status": "active", "handle": ""}

    answer = staff_client.post_form("/admin/pages", fields)

    assert answer.status_code == 303
    assert staff_client.get(answer.location).status_code == 200
    assert "<strong>Measure</strong>" in shop.browser().get("/pages/size-guide").text


def test_with_htmx_the_browser_is_sent_to_the_new_page(staff_client):
    answer = staff_client.post_form("/admin/pages", {"title": "Size guide"}, htmx=True)

    assert answer.headers["HX-Redirect"].startswith("/admin/pages/")


def test_a_page_without_a_title_is_refused_and_nothing_typed_is_lost(staff_client, in_shop):
    before = len(queries.pages())

    answer = staff_client.post_form("/admin/pages", {"title": "", "body": "Long text"})

    assert answer.status_code == 422
    assert "Long text" in answer.text
    assert len(queries.pages()) == before


def test_a_taken_address_is_told_in_a_sentence(staff_client):
    answer = staff_client.post_form("/admin/pages", {"title": "About", "body": "Mine"})

    assert answer.status_code == 409
    assert "There is a page at /pages/about already." in answer.text
    assert "Mine" in answer.text


def test_an_unknown_field_is_refused(staff_client):
    assert staff_client.post_form("/admin/pages", {"title": "A", "tenant_id": str(new_id())}).status_code == 422


def test_a_page_is_changed_and_deleted(staff_client, make_page):
    page = make_page(title="Journal", body="Old")

    saved = staff_client.post_form(f"/admin/pages/{page.id}", {"title": "Diary", "handle": "diary", "body": "New"})
    assert saved.status_code == 303
    assert "New" in staff_client.get("/pages/diary").text
    assert staff_client.get("/pages/journal").status_code == 404

    assert staff_client.post_form(f"/admin/pages/{page.id}/delete").status_code == 303
    assert staff_client.get("/pages/diary").status_code == 404


def test_another_shops_page_answers_like_one_that_never_was(staff_client, app, other_shop):
    with app.app_context(), other_shop.entered():
        foreign = service.create_page(NewPage("Theirs"), by=BY).id

    for one in (foreign, new_id()):
        assert staff_client.get(f"/admin/pages/{one}").status_code == 404
        assert staff_client.post_form(f"/admin/pages/{one}", {"title": "Mine"}).status_code == 404
        assert staff_client.post_form(f"/admin/pages/{one}/delete").status_code == 404
    assert other_shop.browser().get("/pages/theirs").status_code == 200


def test_the_preview_shows_the_text_as_shoppers_will_read_it(staff_client):
    answer = staff_client.post_form("/admin/pages/preview", {"body": "## Hello <b>x</b>", "title": "T"}, htmx=True)

    assert "<h2>Hello &lt;b&gt;x&lt;/b&gt;</h2>" in answer.text
    assert "<html" not in answer.text


def test_a_menu_is_changed_and_shown_in_the_shop(staff_client, shop):
    fields = {"entries-0-label": "News", "entries-0-href": "/pages/news", "entries-1-label": "", "entries-1-href": ""}

    answer = staff_client.post_form("/admin/menus/main", fields)

    assert answer.status_code == 303
    assert '<a href="/pages/news">News</a>' in shop.browser().get("/").text


def test_a_menu_link_that_leads_nowhere_is_told_beside_its_field(staff_client, in_shop):
    fields = {"entries-0-label": "News", "entries-0-href": "javascript:alert(1)"}

    answer = staff_client.post_form("/admin/menus/main", fields)

    assert answer.status_code == 422
    assert "Start with / for a page of this shop" in answer.text
    assert 'value="javascript:alert(1)"' in answer.text
    db.session.expire_all()
    assert [link.label for link in queries.menu("main")] == ["Shop all", "About", "Contact"]


def test_an_unknown_menu_is_not_found(staff_client):
    assert staff_client.get("/admin/menus/sidebar").status_code == 404
    assert staff_client.post_form("/admin/menus/sidebar", {}).status_code == 404
