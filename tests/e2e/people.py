"""People without a browser: they sign in and fill a bag by plain forms, and tell what a page answers to them."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.e2e.installation import Installation

TOKEN = re.compile(r'name="_csrf"\s+value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    kind: str
    text: str
    location: str = ""

    @property
    def is_page(self) -> bool:
        """A whole page, not a fragment, a picture or a list for programs."""
        return self.kind.startswith("text/html") and "<!doctype html" in self.text[:400].lower()


@dataclass
class Person:
    """Somebody's cookies on one host."""

    installation: Installation
    shop: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, host: str = "") -> Answer:
        """Ask for an address; what it would leave in the browser is forgotten."""
        return self._send("GET", path, host=host)[0]

    def submit(self, page: str, path: str, **fields: str) -> Answer:
        """Open a page and send a form with its token; keeps the cookies that come back."""
        found = TOKEN.search(self._keep("GET", page).text)
        return self._keep("POST", path, urlencode({"_csrf": found[1] if found else "", **fields}))

    def for_browser(self) -> list[dict[str, str]]:
        """The cookies as a browser's context takes them."""
        url = self.installation.url("/", self.shop)
        return [{"name": name, "value": value, "url": url} for name, value in self.cookies.items()]

    def _keep(self, method: str, path: str, body: str = "") -> Answer:
        answer, given = self._send(method, path, body)
        self.cookies |= given
        return answer

    def _send(self, method: str, path: str, body: str = "", host: str = "") -> tuple[Answer, dict[str, str]]:
        host = host or self.installation.host(self.shop)
        origin = f"http://{host}:{self.installation.port}"
        headers = {"Host": f"{host}:{self.installation.port}", "Origin": origin, "Sec-Fetch-Site": "same-origin"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=60)
        line.request(method, path, body=body or None, headers=headers)
        answer = line.getresponse()
        text = answer.read().decode(errors="replace")
        given = SimpleCookie("; ".join(part.split(";")[0] for part in answer.headers.get_all("Set-Cookie") or ()))
        line.close()
        return (
            Answer(answer.status, answer.headers.get("Content-Type", ""), text, answer.headers.get("Location", "")),
            {name: morsel.value for name, morsel in given.items()},
        )


def owner_of(installation: Installation, shop: str) -> Person:
    """The owner of a demo shop, signed in."""
    email, password = installation.known()[shop]
    owner = Person(installation, shop)
    signed_in = owner.submit("/admin/sign-in", "/admin/sign-in", email=email, password=password)
    assert signed_in.status == 303, signed_in
    return owner


def customer_of(installation: Installation, shop: str, email: str, password: str) -> Person:
    """A customer with an account, signed in."""
    customer = Person(installation, shop)
    signed_in = customer.submit("/account/sign-in", "/account/sign-in", email=email, password=password)
    assert signed_in.status == 303, signed_in
    return customer


def shopper_of(installation: Installation, shop: str) -> Person:
    """Somebody with a full bag and no name."""
    shopper = Person(installation, shop)
    for path in products_of(shopper)[:2]:
        variant = re.search(r'name="variant_id"[^>]*value="([^"]+)"', shopper.get(path).text)
        if variant:
            shopper.submit(path, "/cart/lines", variant_id=variant[1], quantity="2")
    return shopper


def products_of(person: Person) -> list[str]:
    """Addresses of what the shop sells, in the order of its shelf."""
    return list(dict.fromkeys(re.findall(r'href="(/products/[a-z0-9-]+)"', person.get("/collections/all").text)))


def founder_of(installation: Installation) -> Person:
    """Somebody in the middle of opening a shop."""
    founder = Person(installation)
    founder.submit("/start/shop", "/start/shop", name="Moss & Fern", slug="", then="next")
    return founder


def operator_of(installation: Installation) -> Person:
    """The operator, signed in."""
    email, password = installation.known()["operator"]
    operator = Person(installation)
    signed_in = operator.submit("/console/sign-in", "/console/sign-in", email=email, password=password)
    assert signed_in.status == 303, signed_in
    return operator
