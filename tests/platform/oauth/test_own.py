"""Everybody sees and takes back what they agreed to; our own docs page is an app; an app that asks too often waits."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from app.platform.oauth import api, docs_client, server
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from tests.platform.oauth.conftest import HOME, Integration


@pytest.fixture
def analyst(app, shop):
    """Somebody who may see orders and has nothing to say about apps."""
    with app.app_context(), shop.entered():
        member = staff_service.add_owner("ana@example.com", "Ana", "anas long password")
        owner = staff.actor_of(staff.staff_by_email(shop.owner_email))
        staff_service.change_role(member.id, "analyst", by=owner)
    browser = shop.browser()
    browser.post_form("/admin/sign-in", {"email": "ana@example.com", "password": "anas long password"})
    return browser


def test_a_person_sees_and_takes_back_their_own_consents_without_a_right_over_apps(
    app, shop, erp, analyst, staff_client
):
    held = erp.redeem(erp.agreed(analyst)["code"]).json
    owners = erp.redeem(erp.agreed(staff_client)["code"]).json
    assert analyst.get("/admin/developers/apps").status_code == 403
    listed = analyst.get("/admin/profile/apps")
    assert "Northwind ERP" in listed.text
    action = listed.text.split('action="/admin/profile/apps/')[1].split('"')[0]
    others = staff_client.get("/admin/profile/apps").text.split('action="/admin/profile/apps/')[1].split('"')[0]

    assert analyst.post_form(f"/admin/profile/apps/{others}").status_code == 404, "somebody else's is nobody's"
    assert erp.call(owners["access_token"]).status_code == 200
    assert analyst.post_form(f"/admin/profile/apps/{action}").status_code == 303

    assert "Northwind ERP" not in analyst.get("/admin/profile/apps").text
    assert erp.call(held["access_token"]).status_code == 401
    assert erp.refresh(held["refresh_token"]).json["error"] == "invalid_grant"


def test_the_docs_page_is_an_app_of_every_shop_that_comes_back_to_itself_only(app, shop, other_shop, staff_client):
    with app.app_context():
        with shop.entered():
            client_id = docs_client.docs_client_id()
        with other_shop.entered():
            assert docs_client.docs_client_id() != client_id
    docs = Integration(shop, client_id, "", shop.browser())
    home = shop.url("/api/docs/signed-in")
    page = shop.browser().get("/api/docs").text
    assert f'data-client="{client_id}"' in page and f'data-signed-in="{home}"' in page

    for wrong in (HOME, other_shop.url("/api/docs/signed-in"), home + "/", home + "?x=1"):
        assert docs.ask(staff_client, redirect_uri=wrong).status_code == 400
    answer = staff_client.post_form(docs.path(redirect_uri=home, scope="orders.read"), {"decision": "allow"})
    assert answer.location.startswith(home + "?"), answer.location
    code = parse_qs(urlsplit(answer.location).query)["code"][0]
    assert docs.redeem(code, redirect_uri=home, code_verifier=None).status_code == 400
    held = docs.redeem(code, redirect_uri=home).json
    assert set(held) == {"token_type", "access_token", "expires_in", "scope"}, "a page keeps no refresh token"
    assert docs.call(held["access_token"]).status_code == 200
    assert "API docs" not in staff_client.get("/admin/developers/apps").text
    assert "API docs" in staff_client.get("/admin/profile/apps").text
    at_b = Integration(other_shop, client_id, "", other_shop.browser())
    assert at_b.redeem(code, redirect_uri=home).json["error"] == "invalid_client"


def test_one_app_that_asks_too_often_waits_from_wherever_it_asks_and_others_do_not(erp, integrate, monkeypatch):
    monkeypatch.setattr(server, "TRIES_PER_APP", 2)
    other = integrate(kind="public")

    def ask(app, address):
        form = {"grant_type": "refresh_token", "refresh_token": "none", "client_id": app.client_id}
        form |= {"client_secret": app.secret} if app.secret else {}
        return app.browser.post("/oauth/token", data=form, environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [ask(erp, f"192.0.2.{number}") for number in range(4)] == [400, 400, 429, 429]
    assert ask(other, "192.0.2.0") == 400


def test_who_asks_too_often_hears_it_in_the_words_of_oauth(client, monkeypatch):
    """RFC 6749, 5.2: an OAuth library reads `error`, not a problem+json."""
    monkeypatch.setattr(api, "TRIES", 1)
    for path in ("token", "revoke", "introspect"):
        client.post(f"/oauth/{path}", data={"grant_type": "client_credentials"})
        answer = client.post(f"/oauth/{path}", data={"grant_type": "client_credentials"})

        assert (answer.status_code, answer.json["error"]) == (429, "temporarily_unavailable"), answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
