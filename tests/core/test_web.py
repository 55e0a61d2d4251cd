"""Answers of HTML doors: whole pages, pieces, redirects, refusals; and what every answer carries."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
import pytest
from flask import make_response

from app import settings
from app.core import lifecycle
from app.core.access import public
from app.core.errors import DomainError, NotFound
from app.core.web import StorefrontDoor, accepts, current_form, redirect_to, toast
from app.factory import create_app
from tests.conftest import Browser


class Greeting(msgspec.Struct):
    """The form of these tests."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=10)]


class NobodyHome(DomainError):
    """A refusal of these tests."""

    code, message = "nobody_home", "{name} is not at home."


@pytest.fixture(scope="module")
def app(configured):
    app = create_app(settings.current())
    app.test_client_class = Browser
    door = _door()
    app.register_blueprint(door)
    lifecycle._doors[door.name] = door
    return app


def _door() -> StorefrontDoor:
    door = StorefrontDoor("bell")

    @door.get("/bell")
    @public
    def form():
        state = current_form()
        return make_response(f"[{state.value('name')}|{state.error('name')}|{state.problem}]")

    @door.post("/bell")
    @public
    @accepts(Greeting, again=form)
    def ring(greeting: Greeting):
        if greeting.name == "Nobody":
            raise NobodyHome(name=greeting.name)
        return redirect_to("/bell", f"Hello {greeting.name}")

    @door.get("/bell/missing")
    @public
    def missing():
        raise NotFound()

    @door.get("/bell/broken")
    @public
    def broken():
        raise ZeroDivisionError

    @door.get("/bell/piece")
    @public
    def piece():
        return toast(make_response("<p>ding</p>"), "It rang")

    return door


def test_a_plain_form_is_answered_by_a_redirect_and_htmx_by_a_header(client):
    plain = client.post_form("/bell", {"name": "Ada"})
    by_htmx = client.post_form("/bell", {"name": "Ada"}, htmx=True)

    assert (plain.status_code, plain.headers["Location"]) == (303, "/bell")
    assert (by_htmx.status_code, by_htmx.headers["HX-Redirect"]) == (204, "/bell")


def test_a_bad_field_shows_the_page_again_with_its_sentence(client):
    answer = client.post_form("/bell", {"name": "Adalbertina"})

    assert answer.status_code == 422
    assert "[Adalbertina|Please write at most 10 characters.|Please check the marked fields.]" in answer.text


def test_a_refusal_of_the_business_shows_the_page_again(client):
    answer = client.post_form("/bell", {"name": "Nobody"})

    assert answer.status_code == 409
    assert "[Nobody||Nobody is not at home.]" in answer.text


def test_an_unknown_field_is_refused(client):
    assert client.post_form("/bell", {"name": "Ada", "is_admin": "1"}).status_code == 422


def test_a_missing_thing_is_a_branded_page(client, shop):
    answer = client.get("/bell/missing")

    assert answer.status_code == 404
    assert shop.name in answer.text and not re.search(r"\blivery\b", answer.text, re.IGNORECASE)


def test_an_error_to_htmx_is_a_toast_and_swaps_nothing(client):
    answer = client.get_fragment("/bell/missing")

    assert (answer.status_code, answer.headers["HX-Reswap"]) == (404, "none")
    assert "There is nothing here." in answer.headers["HX-Trigger"]


def test_a_crash_is_a_sentence_and_no_trace(client, app, shop):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = client.get("/bell/broken")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None

    assert answer.status_code == 500
    assert "Nothing was changed" in answer.text and "ZeroDivision" not in answer.text


def test_every_page_carries_the_strict_policy(client):
    headers = client.get("/bell").headers

    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "style-src 'self';" in policy and "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert {"HX-Request", "HX-Request-Type"} <= {part.strip() for part in headers["Vary"].split(",")}


def test_no_header_names_the_product(client):
    headers = str(client.get("/bell").headers).lower()

    assert "livery" not in headers and "flask" not in headers and "werkzeug" not in headers


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/products/x/y/z"])
def test_the_api_answers_with_problem_json(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.get_json()["code"] == "not_found"


@pytest.mark.parametrize(
    "host", ["", "evil.example", "t.localhost.evil.example", "a@localhost", "localhost, evil.example", "[::1]"]
)
def test_strange_hosts_are_misdirected(app, host):
    answer = app.test_client().open("/bell", base_url="http://localhost", environ_overrides={"HTTP_HOST": host})

    assert answer.status_code == 421


def test_a_forwarded_host_is_not_believed_without_a_proxy(app, shop, other_shop):
    answer = shop.browser().get(
        "/bell/missing", headers={"X-Forwarded-Host": other_shop.host, "X-Forwarded-For": "1.2.3.4"}
    )

    assert shop.name in answer.text and other_shop.name not in answer.text


def test_a_role_answers_its_own_doors_only(configured, shop):
    import dataclasses

    try:
        api = create_app(dataclasses.replace(configured, role="api"))
    finally:
        settings.use(configured)
    api.test_client_class = Browser
    browser = api.test_client().at(shop.host, shop.id)

    assert browser.get("/").status_code == 421
    assert browser.get("/admin/sign-in").status_code == 421
    assert browser.get("/api/v1/openapi.json").status_code == 200
    assert browser.get("/health/live").status_code == 200
