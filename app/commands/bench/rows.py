"""The pages that are measured, what each is compared with, and what it has to reach (issue 3 on speed)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.commands.bench.browsing import Browser
from app.commands.bench.driving import Request
from app.commands.bench.filling import WHOLE_SHELF
from app.commands.bench.ground import PASSWORD, SHOP, Site
from app.core.trouble import Trouble

CARTS = 64
FORM = re.compile(r"<(?:input|option|select|textarea)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One line of the table: what is driven, beside which yardstick, and the least ratio and most statements."""

    name: str
    requests: Callable[[Site], list[Request]]
    against: str = ""
    least: float | None = None
    most_statements: int | None = None
    is_made_anew: bool = False
    """Driven at a web server that keeps no pages, so that each is made; what a process knows of a shop stays known."""


def yardstick_rows() -> list[Row]:
    """What the same machine does without us."""

    def one(path: str, method: str = "GET") -> Callable[[Site], list[Request]]:
        return lambda site: [Request(path, "localhost", method)]

    return [
        Row("bare Flask", one("/hello")),
        Row("yardstick: page", one("/page")),
        Row("yardstick: JSON", one("/json")),
        Row("yardstick: transaction", one("/transaction", "POST")),
    ]


def our_rows(key: str) -> list[Row]:
    """Our pages with what they have to reach at eight connections."""
    return [
        Row("cached page", _cached, "bare Flask", 1.2, 0),
        Row("collection page, not cached", _made_anew(f"/collections/{WHOLE_SHELF}"), "yardstick: page", 0.4, 4, True),
        Row("product page, not cached", _made_anew("/products/bench-{}"), "yardstick: page", 0.4, 4, True),
        Row("product list, API", lambda site: [_listed(site, key)], "yardstick: JSON", 0.5, 4),
        Row("add to cart", _add_to_cart, "yardstick: transaction", 0.4),
        Row("orders list, back office", lambda site: [staff_browser(site).request("/admin/orders")], "", None, 6),
    ]


def _cached(site: Site) -> list[Request]:
    browser = Browser(site.host(), site.port)
    browser.get(f"/collections/{WHOLE_SHELF}")
    return [Request(f"/collections/{WHOLE_SHELF}", site.host())]


def _made_anew(path: str) -> Callable[[Site], list[Request]]:
    """A shopper's page; `{}` takes the numbers of products."""
    numbers = range(1, 200, 7) if "{}" in path else range(1)
    return lambda site: [Request(path.format(number), site.host()) for number in numbers]


def _listed(site: Site, key: str) -> Request:
    return Request("/api/v1/products?limit=20", site.host(), headers={"Authorization": f"Bearer {key}"})


def _add_to_cart(site: Site) -> list[Request]:
    """Buyers with a bag each, who put one more thing in; never the same bag in two connections at once."""
    requests = []
    for number in itertools.islice(itertools.count(1), CARTS):
        browser = Browser(site.host(), site.port)
        page = browser.get(f"/products/bench-{number}")
        fields = {"variant_id": variant_on(page), "quantity": 1}
        browser.post("/cart/lines", fields)
        requests.append(
            browser.request("/cart/lines", fields, HX_Request="true", HX_Request_Type="partial", HX_Target="bag")
        )
    return requests


def variant_on(page: str) -> str:
    """The id of the variant that a product page would put into the bag."""
    found = fields_of(page, r'action="[^"]*/cart/lines"')
    if "variant_id" not in found:
        raise Trouble("The product page offers nothing to put into the bag.")
    return found["variant_id"]


def fields_of(page: str, form: str) -> dict[str, str]:
    """What a browser would send of the first form whose tag fits, without ticking anything."""
    start = re.search(rf"<form\b[^>]*{form}[^>]*>", page)
    if start is None:
        return {}
    inside = page[start.end() : page.find("</form>", start.end())]
    values: dict[str, str] = {}
    selected = ""
    for tag in FORM.findall(inside):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_chosen = given.get("type") not in {"radio", "checkbox"} or " checked" in tag
        if tag.startswith("<select"):
            selected = given.get("name", "")
        elif tag.startswith("<option") and " selected" in tag:
            values[selected] = given.get("value", "")
        elif "name" in given and is_chosen and not tag.startswith("<option"):
            values[given["name"]] = given.get("value", "").replace("&#39;", "'").replace("&amp;", "&")
    return {name: value for name, value in values.items() if name != "_csrf"}


def staff_browser(site: Site, slug: str = SHOP) -> Browser:
    """The owner of a shop, signed in."""
    browser = Browser(site.host(slug), site.port)
    browser.post("/admin/sign-in", {"email": f"owner@{slug}.example", "password": PASSWORD})
    return browser


ADDRESS: dict[str, Any] = {
    "email": "ann@example.com", "name": "Ann Buyer", "line1": "Main Street 1", "postal_code": "D02 X285",
    "city": "Dublin", "country": "IE",
}  # fmt: skip


def buy(site: Site, note: Callable[[str], None], number: int = 5) -> None:
    """The whole way of a guest, from the bag to the finished order; `note` is called after each step."""
    browser = Browser(site.host(), site.port)
    variant = variant_on(browser.get(f"/products/bench-{number}"))
    browser.post("/cart/lines", {"variant_id": variant, "quantity": 1})
    note("")
    page = browser.get("/checkout")
    note("checkout page")
    fields = fields_of(page, 'id="checkout"') | ADDRESS
    place, _ = browser.post("/checkout", fields)
    note("order placed")
    if "/payments/testpay/" in place:
        place, _ = browser.post(_path(place), {"choice": "approve"})
        note("")
        place, _ = browser._send("GET", _path(place), "", {})
        note("payment settled")
    if "/orders/" not in place:
        raise Trouble(f"The checkout leads to {place or 'nowhere'} and not to the order.")
    browser.get(_path(place))
    note("page of the order")


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)
