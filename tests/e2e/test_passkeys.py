"""A shop asks its staff for more than a password, and a device of Chromium's own makes a passkey and
comes in with it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("installation")]
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}


def test_an_owner_is_led_to_make_a_passkey_and_comes_in_with_it_alone(installation, visit):
    owner = visit("passkey-owner")
    page = owner.page
    plug_in(page)
    password(owner, installation, "/admin/staff/sign-in")
    rule(page, "Everybody")
    expect(page).to_have_url(re.compile("/admin/sign-in/set-up"))
    owner.look("set-up")

    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    owner.look("codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page).to_have_url(re.compile("/admin/staff/sign-in"))

    page.goto(installation.url("/admin/security", "sundae"))
    owner.look("security")
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(installation.url("/admin", "sundae"))

    sign_out(page)
    password(owner, installation, "/admin/staff/sign-in", ends="/admin/sign-in/second")
    owner.look("second-step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/admin/staff/sign-in"))

    rule(page, "Nobody has to")
    page.goto(installation.url("/admin/security", "sundae"))
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("no longer works here")).to_be_visible()
    assert owner.complaints == []


def plug_in(page: Page) -> None:
    """Give this page's browser an authenticator that always finds the right finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = DEVICE | {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def password(owner: Visitor, installation: Installation, wanted: str, ends: str = "") -> None:
    """The first step."""
    email, secret = installation.sign_in_of("Sundae")
    owner.page.goto(installation.url(wanted, "sundae"))
    owner.page.get_by_label("E-mail").fill(email)
    owner.page.get_by_label("Password").fill(secret)
    owner.page.get_by_role("button", name="Sign in").click()
    expect(owner.page).to_have_url(re.compile(ends or wanted))


def rule(page: Page, who: str) -> None:
    """Change whom the shop asks for a second step."""
    page.get_by_label(who).check()
    page.get_by_role("button", name="Save the rules").click()


def sign_out(page: Page) -> None:
    """By the menu behind the first letter."""
    page.locator("button.avatar").click()
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    expect(page).to_have_url(re.compile("/admin/sign-in"))
