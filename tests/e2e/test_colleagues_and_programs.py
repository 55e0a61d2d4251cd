"""An owner lets a colleague and a program into the shop, in a real browser."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("installation")]
PASSWORD = "mugs dry upside down"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_colleague_is_invited_by_mail_and_comes_in(installation, visit, javascript):
    way = "js" if javascript else "plain"
    email = f"colleague-{way}@example.com"
    owner = visit(f"staff-owner-{way}", javascript=javascript)
    colleague = visit(f"staff-colleague-{way}", javascript=javascript)

    sign_in(owner, installation)
    owner.page.goto(installation.url("/admin/staff", "kiln"))
    owner.page.get_by_label("E-mail", exact=True).fill(email)
    owner.page.get_by_role("button", name="Send the invitation").click()
    expect(owner.page.get_by_role("cell", name=email)).to_be_visible()

    colleague.page.goto(link_in_letter(visit("staff-mailbox"), installation, email, "invitation"))
    colleague.look("invitation")
    colleague.page.get_by_label("Your name").fill("Cara Colleague")
    colleague.page.get_by_label("Choose a password").fill(PASSWORD)
    colleague.page.get_by_role("button", name="Join").click()
    expect(colleague.page).to_have_url(installation.url("/admin", "kiln"))
    colleague.page.goto(installation.url("/admin/profile", "kiln"))

    assert owner.complaints + colleague.complaints == []


def test_a_key_works_on_the_page_that_describes_the_api(installation, visit):
    owner = visit("api-owner")
    sign_in(owner, installation)
    page = owner.page

    page.goto(installation.url("/admin/developers", "kiln"))
    page.get_by_label("Name", exact=True).fill("Stock sync")
    page.get_by_label("See products", exact=False).check()
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("code", has_text=re.compile("^key_")).inner_text()
    owner.look("key")

    open_docs(page, installation)
    page.locator("#auth-bearer-value").fill(key)
    page.get_by_role("button", name="Apply credentials").click()
    expect(page.get_by_text("Copied.")).to_have_count(0)
    assert "200" in list_products(page)

    assert owner.complaints == []


def test_the_page_that_describes_the_api_is_let_in_by_oauth(installation, visit):
    """Somebody who is signed in says yes to the page's own app, and tries an operation with what it was given."""
    owner = visit("docs-owner")
    sign_in(owner, installation)
    page = owner.page
    open_docs(page, installation)
    assert "401" in list_products(page), "nobody is let in before"

    page.get_by_role("button", name="Authorize").first.click()
    oauth = page.locator(".auth-container").filter(has_text="authorizationCode")
    oauth.locator("label[for='products.read-authorizationCode-checkbox-oauth']").click()
    with page.expect_popup() as opened:
        oauth.get_by_role("button", name="Apply given OAuth2 credentials").click()
    consent = opened.value
    expect(consent.get_by_text("See products")).to_be_visible()
    owner.look("consent", consent)
    with consent.expect_event("close"):
        consent.get_by_role("button", name="Allow", exact=True).click()
    expect(oauth.get_by_role("button", name="Remove authorization")).to_be_visible()
    assert "200" in list_products(page)

    assert owner.complaints == []


def open_docs(page: Page, installation: Installation) -> None:
    """The shop's description of its API, with the box of ways to be let in."""
    page.goto(installation.url("/api/docs", "kiln"))
    expect(page.get_by_role("button", name="Authorize")).to_be_visible(timeout=60_000)  # a long description
    page.get_by_role("button", name="Authorize").click()


def list_products(page: Page) -> str:
    """Close the box, try the list of products out, and read the status of the answer."""
    page.locator(".modal-ux .close-modal").click()
    page.get_by_role("search").get_by_role("textbox").fill("products")
    products = page.locator("#operations-products-list_products")
    if not products.get_by_role("button", name="Execute").count():
        products.locator(".opblock-summary-control").click()
        products.get_by_role("button", name="Try it out").click()
    with page.expect_response(re.compile("/api/v1/products")) as answered:
        products.get_by_role("button", name="Execute").click()
    status = products.locator(".live-responses-table tbody .response-col_status").first
    expect(status).to_contain_text(str(answered.value.status))
    return status.inner_text()


def sign_in(owner: Visitor, installation: Installation) -> None:
    """By the form, with what the launcher printed."""
    email, password = installation.sign_in_of("Kiln")
    owner.page.goto(installation.url("/admin", "kiln"))
    owner.page.get_by_label("E-mail").fill(email)
    owner.page.get_by_label("Password").fill(password)
    owner.page.get_by_role("button", name="Sign in").click()
    expect(owner.page).to_have_url(installation.url("/admin", "kiln"))


def link_in_letter(reader: Visitor, installation: Installation, to: str, kind: str) -> str:
    """The link of a letter in the mailbox page, once the worker has written it."""
    page = reader.page
    deadline = time.monotonic() + 60
    page.goto(installation.url("/mailbox"))
    letter = page.get_by_role("row").filter(has_text=to).get_by_role("link").first
    while not letter.count():
        assert time.monotonic() < deadline, f"no letter to {to}"
        page.wait_for_timeout(500)
        page.reload()
    letter.click()
    page.wait_for_url(re.compile(r"/mailbox/[0-9a-f-]+$"))
    found = re.search(rf"http://[^\s\"'<]+/admin/{kind}/[^\s\"'<]+", page.content())
    assert found, page.content()
    return found[0]
