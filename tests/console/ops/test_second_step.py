"""The operator's second step: app, passkey, recovery codes, proof before what is dangerous, and sessions that end.

Each protection with its control: the same request goes through where the step is not asked for.
"""

import re
import uuid
from datetime import timedelta

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from app import settings
from app.console.ops import factors
from app.console.ops.commands import operators
from app.console.ops.models import ConsoleRule
from app.core import clock, db
from app.platform.tenancy import service as tenancy
from tests.platform.staff.devices import Device, code_of, codes_in

PASSWORD = "the operator's own words"


class Console:
    """One operator's account, and browsers in front of it."""

    def __init__(self, app):
        self.app, self.email = app, f"op-{uuid.uuid4().hex[:8]}@example.com"
        with app.app_context():
            tenancy.add_operator(self.email, PASSWORD, name="Olga Operator")
            db.checkpoint()

    def browser(self):
        """A browser that has not been here."""
        return self.app.test_client().at("localhost")

    def sign_in(self, browser=None):
        """The first step; the browser and where it is led."""
        browser = browser or self.browser()
        address = f"10.9.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}"
        fields = {"email": self.email, "password": PASSWORD, "next": "/console/plans"}
        answer = browser.post_form("/console/sign-in", fields, environ_overrides={"REMOTE_ADDR": address})
        return browser, answer.headers["Location"].partition("?")[0]

    def set_up_app(self, browser):
        """An app in this browser, and the recovery codes that it brought."""
        shown = browser.get("/console/sign-in/app").text
        phone = pyotp.TOTP(re.search(r'data-copy="([A-Z2-7]{32})"', shown)[1])
        return phone, codes_in(browser.post_form("/console/sign-in/app", {"code": code_of(phone)}).text)


@pytest.fixture
def console(app):
    """An operator with a password and nothing else; afterwards no rule is left."""
    yield Console(app)
    with app.app_context():
        db.catalogue.execute(delete(ConsoleRule))
        db.checkpoint()


def is_in(browser) -> bool:
    """Does the list of tenants open?"""
    return browser.get("/console").status_code == 200


def later(monkeypatch, **how_long):
    """Let time pass."""
    now = clock.now() + timedelta(**how_long)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_an_app_is_offered_at_the_first_sign_in_and_asked_for_from_then_on(console, monkeypatch):
    """The control comes first: before it is set up, the password alone opens the console."""
    browser, led_to = console.sign_in()
    assert led_to == "/console/sign-in/set-up" and "Not now" in browser.get(led_to).text
    assert is_in(browser), "offered, not forced"
    other, _ = console.sign_in()
    assert is_in(other)

    phone, codes = console.set_up_app(browser)
    assert len(codes) == 10 and is_in(browser)
    assert not is_in(other), "other browsers are signed out"
    later(monkeypatch, minutes=2)
    fresh, led_to = console.sign_in()
    assert led_to == "/console/sign-in/second" and not is_in(fresh)
    assert fresh.get("/console/sign-in").headers["Location"].startswith("/console/sign-in/second")
    assert fresh.post_form("/console/sign-in/second", {"code": "000000"}).status_code == 422 and not is_in(fresh)
    code = code_of(phone)
    assert fresh.post_form("/console/sign-in/second", {"code": code, "next": "/console/plans"}).location.endswith(
        "/console/plans"
    )
    assert is_in(fresh)
    again, _ = console.sign_in()
    assert again.post_form("/console/sign-in/second", {"code": code}).status_code == 422, "each code once"
    assert again.post_form("/console/sign-in/second", {"code": codes[0]}).status_code == 303 and is_in(again)
    third, _ = console.sign_in()
    assert third.post_form("/console/sign-in/second", {"code": codes[0]}).status_code == 422, "each paper code once"
    assert third.get("/console/sign-in/app").status_code == 303, "no second factor is made by a password alone"


def test_without_the_check_of_means_a_password_alone_would_open_the_console(console, monkeypatch):
    """The control of the test above: it would see an open door."""
    browser, _ = console.sign_in()
    console.set_up_app(browser)
    monkeypatch.setattr(factors, "is_enough", lambda operator, means: True)

    assert is_in(console.sign_in()[0])


def test_a_passkey_comes_in_alone_and_a_lying_one_does_not(console):
    browser, _ = console.sign_in()
    device = Device(origin(), "localhost")
    options = browser.post_form("/console/sign-in/passkeys/options").json
    made = browser.post_form("/console/sign-in/passkeys", {"credential": device.make(options), "title": "My phone"})
    assert len(codes_in(made.text)) == 10 and "My phone" in browser.get("/console/security").text

    for lies in ({"origin": "https://evil.example"}, {"flags": 0x01}):
        stranger = console.browser()
        assert sign(stranger, device, **lies).status_code == 422, lies
        assert not is_in(stranger)
    fresh = console.browser()
    assert sign(fresh, device).status_code == 303 and is_in(fresh)
    assert sign(console.browser(), device, ticks=0).status_code == 422, "a copy of the key counts no further"
    second, led_to = console.sign_in()
    assert led_to == "/console/sign-in/second"
    assert sign(second, device).status_code == 303 and is_in(second)
    another = Console(console.app)
    theirs, _ = another.sign_in()
    another.set_up_app(theirs)
    waiting, _ = another.sign_in()
    assert sign(waiting, device).status_code == 422, "somebody else's passkey is no second step"


def test_suspending_plans_and_visits_ask_for_a_fresh_proof(console, shop, monkeypatch):
    """The control: within ten minutes of a proof the same forms go through."""
    browser, _ = console.sign_in()
    tenant = f"/console/tenants/{shop.slug}"
    assert browser.post_form(f"{tenant}/suspend", {"because": "does not pay"}).location == "/console"
    assert browser.post_form(f"{tenant}/resume").location == "/console"
    later(monkeypatch, minutes=11)

    plan = {"name": f"P {uuid.uuid4().hex[:8]}"}
    visit = {"because": "a broken picture", "minutes": "15"}
    anything = uuid.uuid4()
    for path, fields in (
        (f"{tenant}/suspend", {"because": "does not pay"}),
        (f"{tenant}/resume", {}),
        (f"{tenant}/plan", {"plan": ""}),
        (f"{tenant}/support", visit),
        (f"{tenant}/support/{anything}/enter", {}),
        ("/console/plans", plan),
        (f"/console/plans/{anything}", plan),
        (f"/console/plans/{anything}/remove", {}),
        ("/console/security/rule", {"second_step": "1"}),
        ("/console/security/recovery-codes", {}),
    ):
        answer = browser.post_form(path, fields)
        assert answer.status_code == 303 and answer.location.startswith("/console/prove"), path
    assert is_in(browser), "looking goes on"
    assert shop.browser().get("/").status_code == 200, "nothing happened"
    assert plan["name"] not in browser.get("/console/plans").text
    assert browser.post_form("/console/prove", {"password": "not the words"}).status_code == 422
    assert browser.post_form(f"{tenant}/support", visit).location.startswith("/console/prove")
    assert browser.post_form("/console/prove", {"password": PASSWORD}).location == "/console"
    assert browser.post_form(f"{tenant}/support", visit).location == tenant


def test_with_an_app_the_proof_is_a_code_and_not_the_password(console, monkeypatch):
    browser, _ = console.sign_in()
    phone, _ = console.set_up_app(browser)
    later(monkeypatch, minutes=11)

    assert browser.post_form("/console/prove", {"password": PASSWORD}).status_code == 422
    assert browser.post_form("/console/security/app/remove").location.startswith("/console/prove")
    assert browser.post_form("/console/prove", {"code": code_of(phone)}).status_code == 303
    assert browser.post_form("/console/security/app/remove").location == "/console/security"
    assert is_in(console.sign_in()[0]), "by the password alone again"


def test_the_rule_keeps_everybody_out_until_they_have_a_second_step(console):
    """The control: without the rule the same browser is in."""
    browser, _ = console.sign_in()
    assert is_in(browser)
    assert browser.post_form("/console/security/rule", {"second_step": "1"}).status_code == 303

    assert not is_in(browser), "from the next request on"
    fresh, led_to = console.sign_in()
    assert led_to == "/console/sign-in/set-up" and "Not now" not in fresh.get(led_to).text
    assert not is_in(fresh)
    console.set_up_app(fresh)
    assert is_in(fresh)
    kept = fresh.post_form("/console/security/app/remove")
    assert kept.status_code == 409 and "asks for a second step" in kept.text


def test_sessions_are_listed_and_ended_one_by_one_and_all_others(console):
    browsers = [console.sign_in()[0] for _ in range(3)]
    shown = browsers[0].get("/console/security").text
    ends = re.findall(r"/console/security/sessions/([0-9a-f-]{36})/end", shown)
    assert len(ends) == 2 and all(is_in(one) for one in browsers)

    assert browsers[0].post_form(f"/console/security/sessions/{ends[0]}/end").status_code == 303
    assert sum(is_in(one) for one in browsers) == 2 and is_in(browsers[0])
    stranger, _ = Console(console.app).sign_in()
    assert stranger.post_form(f"/console/security/sessions/{ends[1]}/end").status_code == 404
    assert browsers[0].post_form("/console/security/sessions/end-others").status_code == 303
    assert [is_in(one) for one in browsers] == [True, False, False]


def test_a_locked_out_operator_is_helped_by_a_command(console):
    browser, _ = console.sign_in()
    console.set_up_app(browser)
    assert not is_in(console.sign_in()[0])
    ran, unknown = (run("reset-second-step", email, of=console) for email in (console.email, "nobody@example.com"))

    assert ran.exit_code == 0 and "signed out everywhere" in ran.output
    assert unknown.exit_code == 1 and "no operator" in unknown.output
    assert not is_in(browser)
    assert is_in(console.sign_in()[0])


def test_guessing_codes_is_counted(console):
    browser, _ = console.sign_in()
    console.set_up_app(browser)
    fresh, _ = console.sign_in()

    answers = [fresh.post_form("/console/sign-in/second", {"code": f"00000{n}"}).status_code for n in range(9)]
    assert answers[-1] == 429


def run(*words, of):
    """A command of the group, as ./livery runs it."""
    with of.app.app_context():
        return CliRunner().invoke(operators, words)


def origin() -> str:
    """What a browser signs as the place where it was asked."""
    return settings.current().public_origin("localhost")


def sign(browser, device, **lies):
    """Sign in, or do the second step, with a passkey; the answer."""
    options = browser.post_form("/console/sign-in/passkey/options").json
    return browser.post_form("/console/sign-in/passkey", {"credential": device.sign(options, **lies)})
