"""A buyer for tests: fills a bag, checks out and pays by the pages that people use."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.shop.catalog import queries
from tests.factories.catalog import a_product

ADDRESS = {
    "email": "ines@example.com",
    "name": "Ines Duarte",
    "line1": "Rua das Flores 1",
    "postal_code": "D02 X285",
    "city": "Dublin",
    "country": "IE",
}


class Fields(HTMLParser):
    """Reads what a browser would send of the form with an id: texts, chosen radios, ticks and selects."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.values, self.select = form_id, {}, ""
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a control."""
        given = dict(attrs)
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        if not self.is_inside:
            return
        if tag == "select":
            self.select = given["name"] or ""
        if tag == "option" and "selected" in given:
            self.values[self.select] = given["value"]
        is_chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given
        if tag == "input" and "name" in given and is_chosen:
            self.values[given["name"]] = given.get("value") or ""


def fields_of(page: str, form_id: str = "checkout") -> dict[str, str]:
    """What a browser would send of a form as it stands on the page, without its hidden token."""
    found = Fields(form_id)
    found.feed(page)
    return {name: value for name, value in found.values.items() if name != "_csrf"}


class Buyer:
    """Somebody with a browser at a shop."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def put_in(self, product: Any, quantity: int = 1) -> Any:
        """Add the first variant of a product (or a variant id) to the bag."""
        variant_id = getattr(product, "first_variant_id", product)
        return self.browser.post_form("/cart/lines", {"variant_id": str(variant_id), "quantity": quantity})

    def form(self, **changes: Any) -> dict[str, str]:
        """The checkout's form, filled in: first delivery, test payment."""
        page = self.browser.get("/checkout")
        assert page.status_code == 200, page.headers
        return fields_of(page.text) | ADDRESS | {"payment": "testpay"} | changes

    def place(self, **changes: Any) -> Any:
        """Press the button."""
        return self.browser.post_form("/checkout", self.form(**changes))

    def pay(self, placed: Any, choice: str = "approve") -> Any:
        """Choose an ending on the test bank's page, and come back to the shop; the answer of the return page."""
        bank = urlsplit(placed.headers["Location"]).path
        assert bank.startswith("/payments/testpay/"), bank
        chosen = self.browser.post_form(bank, {"choice": choice})
        assert chosen.status_code == 303, chosen.text
        return self.browser.get(path_of(chosen))

    def buy(self, **changes: Any) -> Any:
        """Order and pay; the answer of the return page."""
        return self.pay(self.place(**changes))


def path_of(answer: Any) -> str:
    """Path and query that an answer redirects to."""
    found = urlsplit(answer.headers["Location"])
    return found.path + (f"?{found.query}" if found.query else "")


def sentences(page: str) -> str:
    """A page's text without tags, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def buyer(client: Any) -> Buyer:
    """A buyer at the shop of this test."""
    return Buyer(client)


@pytest.fixture
def at_shop(app: Flask, shop: Any) -> Callable[[Callable[[], Any]], Any]:
    """Run a function in a fresh transaction of the shop, as another request would: `at_shop(lambda: ...)`."""

    def run(look: Callable[[], Any]) -> Any:
        with app.app_context(), shop.entered():
            return look()

    return run


@pytest.fixture
def sell(app: Flask, shop: Any) -> Callable[..., Any]:
    """Put a product on the shelf and answer its first variant's id."""

    def put(at: Any = None, **values: Any) -> Any:
        with app.app_context(), (at or shop).entered():
            product = a_product(**values)
            return queries.product_by_handle(product.handle).variants[0].id

    return put
