"""People who work in a shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.access import Actor
from app.platform.staff import credentials, queries, service
from app.platform.staff.models import StaffMember

PASSWORD = "a rather long sentence"


@pytest.fixture
def owner(app: Flask, shop: Any) -> Actor:
    """The shop's owner as somebody who acts."""
    with app.app_context(), shop.entered():
        return queries.actor_of(queries.staff_by_email(shop.owner_email))


@pytest.fixture
def make_member(app: Flask, shop: Any) -> Callable[..., StaffMember]:
    """Let somebody work in the shop: `make_member(role="manager", email=..., at=other_shop)`."""

    def make(*, role: str = "manager", email: str = "", name: str = "Mia Manager", at: Any = None) -> StaffMember:
        place = at or shop
        with app.app_context(), place.entered():
            account = credentials.account_for(email or f"second-{role}@{place.slug}.example")
            if account.password_hash is None:
                credentials.set_password(account, PASSWORD)
            return service._join(account, name, queries.lock_role_named(role))

    return make


@pytest.fixture
def staff_browser(app: Flask, shop: Any) -> Callable[..., Any]:
    """A browser in which this member is signed in, by a link that works once."""

    def browser_of(member: StaffMember, at: Any = None) -> Any:
        place = at or shop
        with app.app_context(), place.entered():
            link = service.entry_link(member.id)
        browser = place.browser()
        assert browser.get("/admin/" + link.partition("/admin/")[2]).status_code == 303
        return browser

    return browser_of


@pytest.fixture
def manager_client(make_member: Callable[..., StaffMember], staff_browser: Callable[..., Any]) -> Any:
    """A browser in which a manager is signed in."""
    return staff_browser(make_member())
