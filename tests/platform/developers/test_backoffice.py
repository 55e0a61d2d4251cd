"""The page where people make and revoke keys."""

import re

import pytest

from app.core.ids import new_id
from app.platform.developers import queries

GOOD = {"name": "Stock sync", "scopes": ["orders.read", "products.read"], "lasts": "30"}


def keys(app, shop):
    with app.app_context(), shop.entered():
        return list(queries.all_keys())


def test_a_page_without_keys_says_what_they_are(staff_client):
    answer = staff_client.get("/admin/developers")

    assert answer.status_code == 200
    assert "No keys yet" in answer.text


def test_a_key_is_shown_once_and_works(app, shop, staff_client):
    answer = staff_client.post_form("/admin/developers/keys", GOOD)
    text = re.search(r"key_[\w-]{43}", answer.text)[0]

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert text not in staff_client.get("/admin/developers").text
    assert text[:12] in staff_client.get("/admin/developers").text
    with app.app_context(), shop.entered():
        assert queries.all_keys()[0].scopes == ["orders.read", "products.read"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"name": ""}, "fill this in"), ({"scopes": []}, "at least one"), ({"lasts": "forever"}, "offered values")],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_bad_form_is_a_sentence_and_loses_nothing(app, shop, staff_client, change, sentence, htmx):
    answer = staff_client.post_form("/admin/developers/keys", GOOD | change, htmx=htmx)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Stock sync"' in answer.text or "name" in change
    assert answer.text.count(" checked") == (0 if "scopes" in change else 2)
    assert keys(app, shop) == []


def test_an_unknown_field_is_refused(app, shop, staff_client):
    assert staff_client.post_form("/admin/developers/keys", GOOD | {"made_by": "me"}).status_code == 422
    assert keys(app, shop) == []


@pytest.mark.parametrize("scope", ["staff.write", "no.such", "settings.close"])
def test_a_manager_gives_no_scope_beyond_their_own(app, shop, manager_client, scope):
    assert manager_client.post_form("/admin/developers/keys", GOOD | {"scopes": [scope]}).status_code == 403
    assert keys(app, shop) == []


@pytest.mark.parametrize("htmx", [False, True])
def test_a_key_is_revoked(app, shop, staff_client, make_key, htmx):
    make_key("orders.read")

    answer = staff_client.post_form(f"/admin/developers/keys/{keys(app, shop)[0].id}/revoke", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert keys(app, shop)[0].state == "revoked"
    again = staff_client.post_form(f"/admin/developers/keys/{keys(app, shop)[0].id}/revoke")
    assert again.status_code == 404 or "revoked already" in again.text


def test_a_key_of_another_shop_answers_like_none(app, other_shop, staff_client, make_key):
    make_key("orders.read", at=other_shop)
    foreign = keys(app, other_shop)[0]

    answers = [staff_client.post_form(f"/admin/developers/keys/{one}/revoke") for one in (foreign.id, new_id())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert keys(app, other_shop)[0].state == "active"


@pytest.mark.parametrize("path", ["keys", "keys/{id}/revoke"])
def test_a_stranger_is_asked_to_sign_in(app, shop, client, make_key, path):
    make_key("orders.read")

    answer = client.post_form(f"/admin/developers/{path.format(id=keys(app, shop)[0].id)}", GOOD)

    assert answer.status_code == 303
    assert answer.location == "/admin/sign-in"
    assert [key.state for key in keys(app, shop)] == ["active"]


def test_somebody_without_the_permission_is_refused(app, shop, make_member, staff_browser, make_key):
    browser = staff_browser(make_member(role="catalogue"))
    make_key("orders.read")

    assert browser.get("/admin/developers").status_code == 403
    assert browser.post_form("/admin/developers/keys", GOOD).status_code == 403
    assert browser.post_form(f"/admin/developers/keys/{keys(app, shop)[0].id}/revoke").status_code == 403
    assert [key.state for key in keys(app, shop)] == ["active"]
