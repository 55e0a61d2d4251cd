"""What scripts add to pages that work without them: keys, the palette, dragging, guards, suggestions, a way back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e import chromium as chromiums
from tests.e2e import people
from tests.e2e.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("installation")]
SHOP = "kiln"


class Desk:
    """A tab of the owner, and what was wrong on the way."""

    def __init__(self, context: BrowserContext, installation: Installation) -> None:
        self.installation = installation
        self.complaints: list[str] = []
        self.page = context.new_page()
        chromiums.listen(self.page, self.complaints)

    def open(self, path: str) -> Page:
        """A page of the shop."""
        self.page.goto(self.installation.url(path, SHOP))
        return self.page

    def titles(self) -> list[str]:
        """What the list that can be put in order says, from top to bottom."""
        return self.page.locator("[data-sort-key] a.id").all_inner_texts()


@pytest.fixture(scope="module")
def owners_browser(chromium: Browser, installation: Installation) -> Iterator[BrowserContext]:
    """One browser for the file; the owner is signed in without a form."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-IE", reduced_motion="reduce")
    context.add_cookies(people.owner_of(installation, SHOP).for_browser())
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def desk(owners_browser: BrowserContext, installation: Installation) -> Iterator[Desk]:
    one = Desk(owners_browser, installation)
    yield one
    one.page.close()
    assert one.complaints == []


def test_the_palette_opens_by_a_key_and_goes_where_the_arrows_point(desk):
    page = desk.open("/admin")

    page.keyboard.press("Control+k")
    page.keyboard.type("or")
    options = page.locator("#palette-found [role=option]")
    expect(options.first).to_contain_text("Orders")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    assert page.locator("#palette-field").get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert chromiums.violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/admin/orders"))

    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_single_keys_walk_through_a_list_and_stay_quiet_in_a_field(desk):
    page = desk.open("/admin")

    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url(re.compile("/admin/products"))
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    first = page.locator(".bulk-form tbody tr").first
    expect(first).to_have_class(re.compile(r"\bhere\b"))
    expect(first.locator("input[type=checkbox]")).to_be_checked()
    page.keyboard.press("/")
    page.keyboard.type("gox?")
    assert page.locator(".filters input[type=search]").input_value() == "gox?"
    assert "/admin/products" in page.url
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_shelf_moves_by_dragging_and_goes_back_by_escape(desk):
    page = desk.open("/admin/collections")
    before = desk.titles()

    drag(page, 0, 1, end="Escape")
    assert desk.titles() == before
    with page.expect_response(re.compile("/collections/")) as kept:
        drag(page, 0, 1)
    assert kept.value.ok
    moved = [before[1], before[0], *before[2:]]
    assert desk.titles() == moved
    expect(page.locator("#spoken")).to_have_text(f"{before[0]} is now at place 2 of {len(before)}.")
    desk.open("/admin/collections")
    assert desk.titles() == moved


def test_a_shelf_moves_by_keys_and_the_button_keeps_the_focus(desk):
    page = desk.open("/admin/collections")
    before = desk.titles()

    button = page.get_by_role("button", name=f"{before[0]} down")
    button.focus()
    with page.expect_response(re.compile("/collections/")) as kept:
        page.keyboard.press("Enter")
    assert kept.value.ok
    expect(button).to_be_focused()
    expect(page.locator("#spoken")).to_contain_text("place 2")
    desk.open("/admin/collections")
    assert desk.titles() == [before[1], before[0], *before[2:]]


def drag(page: Page, item: int, onto: int, end: str = "") -> None:
    """Take an item by its handle over another one; let go, or press a key first."""
    handle = page.locator("[data-sort-key] [data-sort-handle]").nth(item).bounding_box()
    goal = page.locator("[data-sort-key]").nth(onto).bounding_box()
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(goal["x"] + 40, goal["y"] + goal["height"] / 2, steps=6)
    if end:
        page.keyboard.press(end)
    page.mouse.up()


def test_leaving_with_unsaved_changes_asks_and_saving_ends_the_question(desk):
    page = desk.open("/admin/collections")
    page.locator("[data-sort-key] a.id").first.click()
    page.wait_for_load_state("load")
    asked: list[str] = []
    page.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    title, here = page.get_by_label("Title", exact=True), page.url

    page.get_by_role("link", name="Orders", exact=True).first.click()
    page.wait_for_url(re.compile("/admin/orders"))
    assert asked == []  # nothing was changed
    page.goto(here)
    written = title.input_value()
    title.focus()
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.evaluate("location.assign('/admin/orders')")
    page.wait_for_timeout(300)
    assert (asked, page.url, title.input_value()) == (["beforeunload"], here, f"{written}!")
    title.fill(written)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    desk.open("/admin/orders")
    assert asked == ["beforeunload"]


def test_what_was_deleted_comes_back_by_the_button_of_its_message(desk):
    page = desk.open("/admin/collections")
    before = desk.titles()
    page.locator("[data-sort-key] a.id").first.click()
    page.get_by_role("button", name="Delete the collection").click()
    toast = page.locator("form.toast")

    expect(toast).to_be_visible()
    assert before[0] not in desk.titles()
    toast.get_by_role("button", name="Undo").click()
    page.wait_for_load_state("load")
    desk.open("/admin/collections")

    assert desk.titles() == before


def test_arrows_lead_through_the_suggestions_of_the_search(desk):
    page = desk.open("/search")
    field = page.locator("form:has(#suggestions) input[type=search]").first
    links = page.locator("#suggestions a")

    field.press_sequentially("mu", delay=30)
    expect(links.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(links).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/admin/products/new", "product"),
        ("/admin/settings", "Save"),
        ("/account/sign-in", "Sign in"),
        ("/orders/track", "Send"),
    ],
)
def test_a_form_that_came_back_with_mistakes_reads_well(desk, path, button):
    page = desk.open(path)
    page.evaluate("""() => document.querySelectorAll("main form").forEach(form => {
        form.noValidate = true;
        form.querySelectorAll("input:is([type=text], [type=email], :not([type]))").forEach(one => { one.value = "" });
    })""")

    page.locator("main").get_by_role("button", name=re.compile(button)).first.click()
    page.wait_for_load_state("load")

    expect(page.locator("[aria-invalid=true], [role=alert], .form-summary").first).to_be_visible()
    assert chromiums.violations(page) == []
    assert chromiums.sideways(page) == 0


def test_an_order_is_printed_without_the_furniture_of_the_screen(desk):
    page = desk.open("/admin/orders")
    page.locator("tbody a.id").first.click()
    page.wait_for_load_state("load")

    page.emulate_media(media="print")
    shown = "sel => [...document.querySelectorAll(sel)].filter(one => one.checkVisibility()).length"
    furniture = {
        sel: page.evaluate(shown, sel) for sel in (".side, aside.nav, .sidebar", ".toasts p", "main form .btn")
    }
    page.emulate_media(media="screen")

    assert set(furniture.values()) == {0}, furniture
