"""Sessions, CSRF tokens, limits and passwords. The routes here are the tests' own."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from app import settings
from app.core import access, clock, cookies, db, login
from app.core.access import Actor, public, requires
from app.core.errors import TooManyRequests
from app.core.web import BackofficeDoor, StorefrontDoor
from app.factory import create_app
from tests.conftest import Browser

PERSON = uuid.uuid4()


@pytest.fixture(scope="module")
def small(configured) -> Flask:
    """An app with four more routes."""
    app = create_app(settings.current())
    app.test_client_class = Browser
    app.config["PROPAGATE_EXCEPTIONS"] = True
    for door in (_storefront(), _backoffice()):
        app.register_blueprint(door)
    from app.core import lifecycle

    lifecycle._doors.update({door: app.blueprints[door] for door in ("lamp_storefront", "lamp_backoffice")})
    return app


def _storefront() -> StorefrontDoor:
    door = StorefrontDoor("lamp")

    @door.post("/lamp/on")
    @public
    def on() -> str:
        return "on"

    @door.get("/lamp/forgotten")
    def forgotten() -> str:
        return "nobody said who may"

    return door


def _backoffice() -> BackofficeDoor:
    door = BackofficeDoor("lamp")

    @door.post("/lamp/in")
    @public
    def enter() -> str:
        login.sign_in("staff", PERSON)
        return "in"

    @door.post("/lamp/out")
    @public
    def leave() -> str:
        login.sign_out("staff")
        return "out"

    @door.get("/lamp")
    @requires("lamp.see")
    def see() -> str:
        return str(access.current_actor().id)

    return door


@pytest.fixture
def browser(small, shop, monkeypatch) -> Browser:
    monkeypatch.setitem(
        access._loaders, "staff", lambda subject: Actor("staff", subject, "Ada", frozenset({"lamp.see"}))
    )
    client = small.test_client()
    return client.at(shop.host, shop.id)


def cookie(browser: Browser, name: str) -> str:
    return browser.get_cookie(name, domain=browser.host).value


def test_signing_in_opens_the_door_and_signing_out_shuts_it(browser):
    assert browser.get("/admin/lamp").status_code in {303, 401}

    browser.post_form("/admin/lamp/in")
    assert browser.get("/admin/lamp").text == str(PERSON)

    browser.post_form("/admin/lamp/out")
    assert browser.get("/admin/lamp").status_code in {303, 401}


def test_a_session_gets_a_new_token_at_sign_in(browser):
    browser.set_cookie("staff", "chosen-by-an-attacker", domain=browser.host)

    browser.post_form("/admin/lamp/in")

    assert cookie(browser, "staff") != "chosen-by-an-attacker"


def test_a_session_of_one_tenant_is_nobody_at_another(small, browser, other_shop):
    browser.post_form("/admin/lamp/in")
    stranger = small.test_client().at(other_shop.host, other_shop.id)
    stranger.set_cookie("staff", cookie(browser, "staff"), domain=other_shop.host)

    assert stranger.get("/admin/lamp").status_code in {303, 401}


def test_the_session_row_holds_no_token(app, shop, browser):
    browser.post_form("/admin/lamp/in")
    token = cookie(browser, "staff")

    with app.app_context(), shop.entered():
        from sqlalchemy import select

        from app.core.sessions import WebSession

        row = db.session.scalars(select(WebSession)).one()
    assert token.encode() not in row.token_hash and row.subject_id == PERSON


def test_a_session_ends_by_itself(browser):
    browser.post_form("/admin/lamp/in")

    with clock.frozen(clock.now() + timedelta(hours=13)):
        assert browser.get("/admin/lamp").status_code in {303, 401}


def test_all_sessions_of_a_person_can_be_ended(small, app, shop, browser):
    browser.post_form("/admin/lamp/in")

    with app.app_context(), shop.entered():
        login.sign_out_everywhere("staff", PERSON)

    assert browser.get("/admin/lamp").status_code in {303, 401}


def test_a_form_without_its_token_is_refused(browser):
    assert browser.post_form("/lamp/on").text == "on"
    assert browser.post("/lamp/on").status_code == 403
    assert browser.post("/lamp/on", data={"_csrf": "0" * 64}).status_code == 403


def test_a_token_of_another_tenant_is_refused(small, browser, other_shop):
    stranger = small.test_client().at(other_shop.host, other_shop.id)

    assert browser.post("/lamp/on", data={"_csrf": stranger.csrf_token()}).status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_token(browser, header):
    assert browser.post_form("/lamp/on", headers=header).status_code == 403


def test_cookies_are_host_only_and_out_of_reach_of_scripts(browser):
    answer = browser.post_form("/admin/lamp/in")

    for line in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line and "Domain" not in line


def test_over_https_cookies_carry_the_host_prefix(small, browser, shop):
    with small.test_request_context("/", base_url=f"https://{shop.host}"):
        assert cookies.cookie_name("staff") == "__Host-staff"


def test_a_view_that_names_no_permission_does_not_answer(browser):
    with pytest.raises(RuntimeError, match="declares neither"):
        browser.get("/lamp/forgotten")


def test_a_limit_counts_and_says_when_to_come_back(app, shop):
    with app.app_context(), shop.entered(), clock.frozen(clock.now()):
        for _ in range(3):
            login.rate_limit("test", "ada", 3, 60)
        with pytest.raises(TooManyRequests) as refusal:
            login.rate_limit("test", "ada", 3, 60)

    assert 0 < refusal.value.params["seconds"] <= 60


def test_a_limit_of_one_tenant_is_not_anothers(app, shop, other_shop):
    with app.app_context(), shop.entered():
        login.rate_limit("test", "grace", 1, 600)
        with pytest.raises(TooManyRequests):
            login.rate_limit("test", "grace", 1, 600)
    with app.app_context(), other_shop.entered():
        login.rate_limit("test", "grace", 1, 600)
        with pytest.raises(TooManyRequests):
            login.rate_limit("test", "grace", 1, 600)


def test_a_password_is_checked_and_an_unknown_account_has_none(slow_passwords):
    stored = login.hash_password("correct horse")

    assert login.verify_password(stored, "correct horse")
    assert not login.verify_password(stored, "wrong horse")
    assert not login.verify_password(None, "correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
