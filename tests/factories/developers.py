"""Programs that use a shop's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.platform.developers import service
from app.platform.developers.schemas import NewKey
from app.platform.oauth import scopes
from app.platform.staff import queries as staff


@pytest.fixture
def make_key(app: Flask, shop: Any) -> Callable[..., str]:
    """Make a key of the owner and give its text: `make_key("orders.read", at=other_shop)`; all scopes by default."""

    def make(*wanted: str, at: Any = None, lasts: str = "90") -> str:
        place = at or shop
        with app.app_context(), place.entered():
            owner = staff.actor_of(staff.staff_by_email(place.owner_email))
            chosen = list(wanted) or list(scopes.offered_to(owner))
            return service.make_key(NewKey(name="Stock sync", scopes=chosen, lasts=lasts), by=owner)[1]

    return make


class Program:
    """Sends requests with a key, as an integrator's program does."""

    def __init__(self, browser: Any, key: str) -> None:
        self.browser, self.key = browser, key

    def get(self, path: str, headers: dict[str, str] | None = None, **options: Any) -> Any:
        """Read."""
        return self.browser.get(path, headers={"Authorization": f"Bearer {self.key}", **(headers or {})}, **options)

    def post(self, path: str, json: Any = None, *, key: str = "", prefer: str = "", **options: Any) -> Any:
        """Change something; once, when it names an Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self.key}"} | ({"Idempotency-Key": key} if key else {})
        headers |= {"Prefer": prefer} if prefer else {}
        return self.browser.post(path, json=json, headers=headers, **options)

    def put(self, path: str, json: Any = None, *, seen: str = "") -> Any:
        """Put something in the place of what is there; `seen` is the ETag of what was read."""
        headers = {"Authorization": f"Bearer {self.key}"} | ({"If-Match": seen} if seen else {})
        return self.browser.put(path, json=json, headers=headers)

    def delete(self, path: str) -> Any:
        """Remove something."""
        return self.browser.delete(path, headers={"Authorization": f"Bearer {self.key}"})


@pytest.fixture
def program(shop: Any, make_key: Callable[..., str]) -> Callable[..., Program]:
    """A program with these scopes: `program("orders.read")`."""
    return lambda *wanted: Program(shop.browser(), make_key(*wanted))


@pytest.fixture
def api(program: Callable[..., Program]) -> Program:
    """A program that may do everything a key can."""
    return program()
