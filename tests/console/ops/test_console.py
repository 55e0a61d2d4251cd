"""The operator's pages and the mailbox."""

import uuid
from dataclasses import replace

import pytest

from app import settings
from app.console.ops import service
from app.core import db
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service

EMAIL, PASSWORD = "op@example.com", "the operator's own words"


@pytest.fixture
def operator(app, platform_client):
    """A browser in which the operator is signed in."""
    with app.app_context():
        tenancy_service.add_operator(EMAIL, PASSWORD, name="Olga Operator")
        db.checkpoint()
    answer = sign_in(platform_client)
    assert answer.headers["Location"] == "/console/sign-in/set-up"
    return platform_client


def sign_in(browser, password=PASSWORD, **fields):
    """Send the sign-in form, from an address of one's own so that limits do not meet."""
    address = f"10.8.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}"
    fields = {"email": EMAIL, "password": password, "next": "", **fields}
    return browser.post_form("/console/sign-in", fields, environ_overrides={"REMOTE_ADDR": address})


def test_the_list_wants_a_signed_in_operator(platform_client, shop):
    answers = [
        platform_client.get("/console"),
        platform_client.post_form(f"/console/tenants/{shop.slug}/suspend", {"because": ""}),
        platform_client.post_form("/console/sign-out"),
    ]

    assert {answer.headers["Location"].partition("?")[0] for answer in answers} == {"/console/sign-in"}
    assert shop.browser().get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_sound_the_same(operator, app):
    stranger = app.test_client().at("localhost")

    wrong = sign_in(stranger, "not the words")
    unknown = sign_in(stranger, email="nobody@example.com")

    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "do not go together" in answer.text


def test_signing_in_never_leads_to_another_site(operator, app):
    for place in ("https://evil.example", "//evil.example", "/\\evil.example"):
        assert sign_in(app.test_client().at("localhost"), next=place).headers["Location"] == "/console/sign-in/set-up"


def test_the_operator_sees_every_tenant_and_no_shop_of_them_from_inside(operator, shop):
    page = operator.get("/console")

    assert shop.slug in page.text
    browser = shop.browser()
    browser.set_cookie("operator", operator.get_cookie("operator").value, domain=shop.host)
    assert browser.get("/admin").status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
def test_a_tenant_is_suspended_and_resumed_from_the_list(operator, shop, htmx):
    suspended = operator.post_form(f"/console/tenants/{shop.slug}/suspend", {"because": "unpaid"}, htmx=htmx)
    closed = shop.browser().get("/")
    resumed = operator.post_form(f"/console/tenants/{shop.slug}/resume", htmx=htmx)

    assert suspended.status_code == resumed.status_code == (200 if htmx else 303)
    assert ("Resume" in suspended.text) == htmx
    assert closed.status_code == 503
    assert shop.browser().get("/").status_code == 200


def test_an_unknown_tenant_is_not_there(operator):
    assert operator.post_form("/console/tenants/nobody-here/suspend", {"because": "unpaid"}).status_code == 404


def test_a_field_that_the_form_does_not_have_is_refused(operator, shop, app):
    answer = operator.post_form(f"/console/tenants/{shop.slug}/suspend", {"because": "unpaid", "status": "closed"})

    assert answer.status_code == 422
    with app.app_context():
        assert tenancy.tenant_named(shop.slug).status == "open"


def test_after_signing_out_the_pages_are_closed(operator):
    operator.post_form("/console/sign-out")

    assert operator.get("/console").status_code == 303


def test_the_console_is_not_on_a_shops_host(client):
    assert client.get("/console").status_code == 404
    assert client.get("/mailbox").status_code == 404


def test_the_first_operator_is_made_once(app):
    with app.app_context():
        first = service.first_operator()
        again = service.first_operator()

    assert first is None or service.FIRST_OPERATOR in first
    assert again is None


def test_caught_mail_is_shown_in_a_frame_that_runs_nothing(platform_client, shop, run_jobs):
    shop.browser().post_form("/admin/forgotten-password", {"email": shop.owner_email})
    run_jobs()

    listed = platform_client.get("/mailbox").text
    row = next(row for row in listed.split("<tr>") if shop.owner_email in row)
    path = row.partition('href="')[2].partition('"')[0]
    message, body = platform_client.get(path), platform_client.get(f"{path}/body")

    assert shop.owner_email in message.text
    assert 'sandbox="allow-popups"' in message.text
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "script-src" not in body.headers["Content-Security-Policy"]


def test_there_is_no_mailbox_in_production(platform_client, monkeypatch):
    before = settings.current()
    monkeypatch.setattr(settings, "current", lambda: replace(before, environment="production"))

    assert platform_client.get("/mailbox", base_url="http://localhost:8000").status_code == 404
    assert platform_client.get(f"/mailbox/{uuid.uuid4()}", base_url="http://localhost:8000").status_code == 404


def test_a_message_that_is_not_there_is_not_found(platform_client):
    assert platform_client.get(f"/mailbox/{uuid.uuid4()}").status_code == 404
