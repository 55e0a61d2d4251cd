"""The three great ways through the product, without touching a pointer."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.keyboard import Keyboard

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("installation")]


def test_a_shop_is_opened_by_keyboard(installation, visit):
    owner = visit("keyboard-owner")
    page, keys = owner.page, Keyboard(owner.page)
    page.goto(installation.url("/"))

    skips_to_the_content(keys)
    keys.enter("Open a shop")
    keys.write("Name of the shop", f"Keys & Co {os.getpid()}")
    keys.enter("Continue")
    keys.enter("Continue")
    keys.write("^Country", "Irel")
    keys.enter("Continue")
    keys.reach("", "input")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    keys.enter("Continue")
    keys.enter("Continue")
    keys.write("E-mail address", "keys@example.com")
    keys.write("Password", "ferns like damp corners")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin"))

    assert keys.faults + owner.complaints == []


def test_something_is_bought_by_keyboard_and_sent_by_keyboard(installation, visit):
    buyer = visit("keyboard-buyer")
    page, keys = buyer.page, Keyboard(buyer.page)
    page.goto(installation.url("/collections/all", "kiln"))

    skips_to_the_content(keys)
    keys.enter("Everyday mug", "a")
    keys.reach("^Add to bag", "button")
    with page.expect_response(re.compile("/cart/lines")):
        page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.goto(installation.url("/cart", "kiln"))
    keys.enter("Checkout", "a")
    fill_in(keys)
    keys.reach("Place the order", "button")
    with page.expect_navigation(url=re.compile("/payments/testpay/")):
        page.keyboard.press("Enter")
    keys.reach("^Pay ", "button")
    with page.expect_navigation(url=re.compile(r"/orders/\d+/")):
        page.keyboard.press("Enter")
    number = re.search(r"/orders/(\d+)/", page.url)[1]

    send(installation, visit, number)
    assert keys.faults + buyer.complaints == []


def skips_to_the_content(keys: Keyboard) -> None:
    """The first stop leads past the menus."""
    first = keys.tab()
    assert "Skip" in first["name"], first
    keys.press("Enter")
    assert keys.page.evaluate("document.activeElement.id") == "main"


def fill_in(keys: Keyboard) -> None:
    """Contact, address, delivery, payment; the arrows choose among radio buttons."""
    page = keys.page
    keys.write("^E-mail", "keys.buyer@example.com")
    keys.write("^Name", "Ines Duarte")
    keys.write("^Street", "12 Fade Street")
    keys.write("^Postal code", "D02 N449")
    keys.write("^Town", "Dublin")
    if page.get_by_label("Country").input_value() != "IE":
        keys.write("^Country", "Irel")
    page.wait_for_load_state("networkidle")
    choose(keys, "delivery")
    page.wait_for_load_state("networkidle")
    choose(keys, "payment", "Test payment")
    page.wait_for_load_state("networkidle")


def choose(keys: Keyboard, group: str, words: str = "") -> None:
    """Come to a group of radio buttons, and go down in it to the wanted one."""
    page = keys.page
    for _ in range(40):
        keys.tab()
        if page.evaluate("document.activeElement.name").startswith(group):
            break
    page.keyboard.press("Space")
    for _ in range(6):
        if re.search(words, keys.focused()["name"]):
            return
        page.keyboard.press("ArrowDown")
        page.wait_for_load_state("networkidle")
    raise AssertionError(f"{words!r} cannot be chosen")


def send(installation, visit, number: str) -> None:
    """The owner signs in, finds the order and sends it."""
    owner = visit("keyboard-seller")
    page, keys = owner.page, Keyboard(owner.page)
    email, password = installation.known()["kiln"]
    page.goto(installation.url("/admin/sign-in", "kiln"))
    keys.write("E-mail", email)
    keys.write("Password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin$"))
    page.goto(installation.url("/admin/orders", "kiln"))
    keys.enter(number, "a")
    keys.reach("^(Mark as sent|Send|Fulfil|Ship)", "button")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(re.compile("Sent|Shipped|Fulfilled"))
    assert keys.faults + owner.complaints == []
