"""Customers for tests, committed like a request would."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core import db
from app.shop.customers import links, queries, service
from app.shop.customers.models import Customer

PASSWORD = "a long enough phrase"


@pytest.fixture
def make_customer(app: Flask, shop: Any) -> Callable[..., Customer]:
    """Make a customer: `make_customer(email=.., name=.., password=None)`; a guest without a password."""

    def make(
        email: str = "", name: str = "Ines Duarte", password: str | None = PASSWORD, at: Any = None, **address: str
    ) -> Customer:
        email = email or f"shopper-{uuid.uuid4().hex[:8]}@example.com"
        with app.app_context(), (at or shop).entered():
            if password is not None:
                token = links.for_sign_up(email, name).rpartition("/")[2]
                service.choose_password(token, password)
            customer = service.remember(email, name, ADDRESS | address if address else None)
            db.flush()
            return queries.get(customer.id)

    return make


@pytest.fixture
def sign_in_shopper(shop: Any) -> Callable[..., Any]:
    """A browser in which a customer is signed in, by the form that people use."""

    def sign_in(customer: Customer, password: str = PASSWORD, at: Any = None) -> Any:
        browser = (at or shop).browser()
        answer = browser.post_form("/account/sign-in", {"email": customer.email, "password": password})
        assert answer.status_code == 303, answer.text
        return browser

    return sign_in


ADDRESS = {
    "name": "Ines Duarte",
    "company": "",
    "line1": "12 Fade Street",
    "line2": "",
    "postal_code": "D02 N449",
    "city": "Dublin",
    "region": "",
    "country": "IE",
    "phone": "",
}
