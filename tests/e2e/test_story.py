"""From a fresh installation to a branded shop that has sold something, with and without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("installation")]
CATALOGUE = Path(__file__).with_name("catalogue.csv")
PASSWORD = "ferns like damp corners"
COLOUR = "#2f6f4f"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_client_signs_up_imports_a_catalogue_and_sells(installation, visit, javascript):
    way = "js" if javascript else "plain"
    name, slug = f"Moss & Fern {way}", f"moss-fern-{way}"
    owner = visit(f"owner-{way}", javascript=javascript)
    buyer = visit(f"buyer-{way}", javascript=javascript)

    sign_up(owner, installation, name)
    assert owner.page.url.startswith(installation.url("/admin", slug))
    import_is_done(owner, installation, slug)
    shop_is_in_the_brand(buyer, installation, name, slug)
    number = buy(buyer, installation, slug)
    order_is_in_the_back_office(owner, installation, slug, number)
    mail_is_in_the_brand(visit(f"mail-{way}", javascript=javascript), installation, name, number)

    assert owner.complaints + buyer.complaints == []


def sign_up(owner: Visitor, installation: Installation, name: str) -> None:
    """The wizard: six pages; an own colour, an imported catalogue, the rest as offered."""
    page = owner.page
    page.goto(installation.url("/"))
    page.get_by_role("link", name="Open a shop").first.click()

    page.get_by_label("Name of the shop").fill(name)
    go_on(page)
    page.get_by_label("My own").check()
    page.locator("[name=colour]").last.fill(COLOUR)
    go_on(page)
    page.get_by_label("Country", exact=True).select_option("IE")
    go_on(page)
    page.get_by_label("A list from another shop", exact=False).first.check()
    page.locator("input[name=csv]").set_input_files(CATALOGUE)
    go_on(page)
    go_on(page)
    page.get_by_label("E-mail address").fill(f"owner@{re.sub('[^a-z]', '', name.lower())}.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the shop").click()
    page.wait_for_url(re.compile(r"/admin"))


def go_on(page: Page) -> None:
    """Press the button that continues."""
    heading = page.locator("h1").inner_text()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).not_to_have_text(heading)


def import_is_done(owner: Visitor, installation: Installation, slug: str) -> None:
    """The good rows are products; the bad one is named, and its picture that did not answer is not fatal."""
    page = owner.page
    until(
        page,
        installation.url("/admin/products", slug),
        lambda: page.get_by_role("link", name="Watering can").count() > 0,
    )
    assert page.get_by_role("link", name="Broken row").count() == 0
    page.get_by_role("link", name="Fern pot").first.click()


def until(page: Page, url: str, true: Callable[[], bool], seconds: int = 60) -> None:
    """Open a page again until it shows what the worker is doing meanwhile."""
    deadline = time.monotonic() + seconds
    page.goto(url)
    while not true():
        assert time.monotonic() < deadline, page.locator("body").inner_text()
        page.wait_for_timeout(300)
        page.goto(url)


def shop_is_in_the_brand(buyer: Visitor, installation: Installation, name: str, slug: str) -> None:
    """The name, the colour, and nobody else's name."""
    page = buyer.page
    page.goto(installation.url("/", slug))
    expect(page).to_have_title(re.compile(re.escape(name)))
    style = page.locator("link[rel=stylesheet][href*='_brand/']").get_attribute("href")
    assert style
    sheet = buyer.context.new_page()
    sheet.goto(installation.url(style, slug))
    assert COLOUR in sheet.content()
    sheet.close()
    assert not re.search(r"\blivery\b", page.content(), re.IGNORECASE)
    buyer.look("shop-home")
    page.goto(installation.url("/search?q=fren+pot", slug))
    expect(page.get_by_role("link", name="Fern pot").first).to_be_visible()
    buyer.look("search-with-a-typo")
    page.goto(installation.url("/collections/all", slug))
    buyer.look("collection")


def buy(buyer: Visitor, installation: Installation, slug: str) -> str:
    """From a product page to a paid order; returns its number."""
    page = buyer.page
    page.goto(installation.url("/products/fern-pot", slug))
    with page.expect_response(re.compile("/cart/lines")):
        page.get_by_role("button", name="Add to bag").first.click()
    page.wait_for_load_state()
    page.goto(installation.url("/cart", slug))
    expect(page.locator("main")).to_contain_text("Fern pot")
    page.get_by_role("link", name="Checkout").first.click()
    fill_in_checkout(buyer)
    page.get_by_role("button", name=re.compile("Place the order")).click()
    page.wait_for_url(re.compile("/payments/testpay/"))
    buyer.look("test-gateway")
    page.get_by_role("button", name=re.compile("Approve|Pay", re.IGNORECASE)).first.click()
    page.wait_for_url(re.compile(r"/orders/\d+/"))
    buyer.look("order-placed")
    return re.search(r"/orders/(\d+)/", page.url)[1]


def fill_in_checkout(buyer: Visitor) -> None:
    """Contact, address, delivery and payment."""
    page = buyer.page
    if buyer.javascript:  # else the browser itself holds an empty form back, and the shop never sees it
        page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
        page.get_by_role("button", name=re.compile("Place the order")).click()
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()
        buyer.look("checkout-with-mistakes")
    for label, text in {
        "E-mail": "ines@example.com", "Name": "Ines Duarte", "Street and house number": "12 Fade Street",
        "Postal code": "D02 N449", "Town or city": "Dublin",
    }.items():  # fmt: skip
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Country").select_option("IE")
    page.get_by_label("Test payment").check()
    if not buyer.javascript:
        page.get_by_role("button", name="Update delivery and total").click()
    page.wait_for_load_state("networkidle")
    page.locator("input[name=delivery]").first.check()
    page.wait_for_load_state("networkidle")
    buyer.look("checkout")


def order_is_in_the_back_office(owner: Visitor, installation: Installation, slug: str, number: str) -> None:
    """In the list and by itself; then it is sent."""
    page = owner.page
    page.goto(installation.url("/admin/orders", slug))
    expect(page.locator("main")).to_contain_text(number)
    page.get_by_role("link", name=re.compile(number)).first.click()
    expect(page.locator("main")).to_contain_text("Ines Duarte")


def mail_is_in_the_brand(reader: Visitor, installation: Installation, name: str, number: str) -> None:
    """The confirmation arrives, in the client's name."""
    page = reader.page
    until(page, installation.url("/mailbox"), lambda: page.get_by_role("link", name=re.compile(number)).count() > 0)
    page.get_by_role("link", name=re.compile(number)).first.click()
    expect(page.locator("main")).to_contain_text("ines@example.com")
    reader.look("confirmation")
    assert name in page.locator("main").inner_text()
    assert reader.complaints == []


def test_the_demo_owners_sign_in_with_what_the_screen_prints(installation, visit):
    for shop, slug in (("Kiln & Kin", "kiln"), ("Northfall", "north"), ("Sundae Bath", "sundae")):
        visitor = visit(f"demo-{slug}")
        email, password = installation.sign_in_of(shop)
        visitor.page.goto(installation.url("/admin", slug))
        visitor.page.get_by_label("E-mail").fill(email)
        visitor.page.get_by_label("Password").fill(password)
        visitor.page.get_by_role("button", name="Sign in").click()
        visitor.page.wait_for_url(re.compile(r"/admin$"))

        assert visitor.complaints == []
