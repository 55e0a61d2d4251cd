"""Where people register apps, see who agreed, and take it back."""

import re
from dataclasses import replace

import pytest

from app.core.ids import new_id
from app.platform.oauth import queries, service
from app.platform.oauth.errors import ScopesBeyondYours
from app.platform.staff import queries as staff

APPS = "/admin/developers/apps"
GOOD = {
    "name": "Northwind ERP", "kind": "server", "scopes": ["orders.read"],
    "redirect_uris": "https://erp.example/back\nhttps://erp.example/too",
}  # fmt: skip


def apps(app, shop):
    with app.app_context(), shop.entered():
        return list(queries.all_apps())


def test_an_app_is_registered_and_its_secret_shown_once(app, shop, staff_client):
    empty = staff_client.get(APPS)
    answer = staff_client.post_form(APPS, GOOD)
    secret = re.search(r"secret_[\w-]{43}", answer.text)[0]
    one = apps(app, shop)[0]

    assert "No apps yet" in empty.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert one.redirect_uris == ["https://erp.example/back", "https://erp.example/too"]
    page = staff_client.get(f"{APPS}/{one.id}").text
    assert one.client_id in page and secret not in page
    assert "Nobody yet" in page


def test_an_app_without_people_needs_no_address_and_one_in_a_browser_no_secret(staff_client):
    alone = staff_client.post_form(APPS, GOOD | {"kind": "alone", "redirect_uris": ""})
    public = staff_client.post_form(APPS, GOOD | {"kind": "public"})

    assert "grant_type=client_credentials" in alone.text
    assert "keeps no secret" in public.text and "secret_" not in public.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_bad_form_is_a_sentence(app, shop, staff_client, htmx):
    for change, sentence in [
        ({"name": ""}, "fill this in"), ({"scopes": []}, "at least one"), ({"redirect_uris": ""}, "come back to"),
        ({"redirect_uris": "http://erp.example/"}, "not an https address"), ({"kind": "x"}, "offered values"),
    ]:  # fmt: skip
        answer = staff_client.post_form(APPS, GOOD | change, htmx=htmx)
        assert answer.status_code == 422, change
        assert sentence in answer.text
    assert apps(app, shop) == []


def test_nobody_registers_an_app_beyond_their_own_rights(app, shop, manager_client):
    for scope in ("settings.close", "staff.write", "no.such"):
        assert manager_client.post_form(APPS, GOOD | {"scopes": [scope]}).status_code == 403
    assert apps(app, shop) == []


@pytest.mark.parametrize("htmx", [False, True])
def test_a_consent_is_taken_back_and_an_app_removed(app, shop, erp, staff_client, tokens, htmx):
    one = apps(app, shop)[0]
    page = staff_client.get(f"{APPS}/{one.id}").text
    withdraw = re.search(r'action="([^"]+/withdraw)"', page)[1]

    assert "Olive Owner" in page
    assert staff_client.post_form(withdraw, htmx=htmx).status_code == (200 if htmx else 303)
    assert erp.call(tokens["access_token"]).status_code == 401
    assert "Nobody yet" in staff_client.get(f"{APPS}/{one.id}").text
    assert staff_client.post_form(f"{APPS}/{one.id}/remove").status_code == 303
    assert staff_client.get(f"{APPS}/{one.id}").status_code == 404
    assert apps(app, shop) == []


def test_a_new_secret_ends_the_old_one_and_the_key_is_changed_by_hand(app, shop, erp, staff_client, tokens):
    one = apps(app, shop)[0]
    answer = staff_client.post_form(f"{APPS}/{one.id}/secret")
    before = len(erp.browser.get("/oauth/jwks.json").json["keys"])

    assert re.search(r"secret_[\w-]{43}", answer.text)[0] != erp.secret
    assert erp.refresh(tokens["refresh_token"]).json["error"] == "invalid_client"
    assert staff_client.post_form("/admin/developers/signing-key").status_code == 303
    assert len(erp.browser.get("/oauth/jwks.json").json["keys"]) == before + 1


def test_an_app_of_another_shop_answers_like_none(app, shop, other_shop, integrate, staff_client):
    integrate(at=other_shop)
    foreign = apps(app, other_shop)[0].id

    for path in ("secret", "remove", f"grants/{new_id()}/withdraw"):
        answers = [staff_client.post_form(f"{APPS}/{one}/{path}") for one in (foreign, new_id())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data
    assert apps(app, other_shop)[0].is_active


def test_strangers_and_those_without_the_right_are_refused(app, shop, client, erp, make_member, staff_browser):
    colleague = staff_browser(make_member(role="catalogue"))
    one = apps(app, shop)[0].id

    assert client.get(APPS).status_code == 303
    assert client.post_form(f"{APPS}/{one}/remove").status_code == 303
    for path in (APPS, f"{APPS}/{one}"):
        assert colleague.get(path).status_code == 403
    for path in (APPS, f"{APPS}/{one}/secret", f"{APPS}/{one}/remove", "/admin/developers/signing-key"):
        assert colleague.post_form(path, GOOD if path == APPS else {}).status_code == 403
    assert apps(app, shop)[0].is_active


def test_a_secret_is_shown_to_nobody_who_may_less_than_the_app(app, shop, erp):
    """Whoever holds it may what the app may. The control: the owner gets it."""
    one = apps(app, shop)[0]
    with app.app_context(), shop.entered():
        owner = staff.actor_of(staff.staff_by_email(shop.owner_email))
        with pytest.raises(ScopesBeyondYours):
            service.new_secret(one.id, by=replace(owner, permissions=frozenset({"oauth.write"})))
        assert service.new_secret(one.id, by=owner)[1].startswith("secret_")
