"""Whoever opens a shop learns nothing about other people's accounts, and gets into none before an address is proven."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlsplit

import pytest

from app.core import db, isolation
from app.platform.mail import queries as letters
from app.platform.staff import queries as staff
from app.platform.tenancy import queries as tenancy


@pytest.fixture
def slug():
    return f"w{uuid.uuid4().hex[:10]}"


def test_the_wizard_gives_one_answer_for_an_address_with_and_without_an_account(
    app, newcomer, other_newcomer, shop, slug, run_jobs
):
    """It opens in both cases, the new shop gets into no account of others, and only the letter tells."""
    answers = []
    for person, address, email in (
        (newcomer, slug, shop.owner_email), (other_newcomer, f"{slug}-2", f"nobody@{slug}.example"),
    ):  # fmt: skip
        person.answer_all(address)
        opened = person.open(email, "another long sentence")
        browser = walked_in(app, opened, address)
        told = browser.get("/admin").text
        browser.post_form("/admin/sign-out")
        again = browser.post_form("/admin/sign-in", {"email": email, "password": "another long sentence"})
        shops = browser.get("/admin/shops").text
        answers.append((opened.status_code, bool(told), again.status_code, again.location, shop.host in shops))
    assert answers[0] == answers[1] == (303, True, 303, "/admin", False)

    run_jobs()
    with app.app_context():
        first = tenancy.tenant_by_slug(slug)
    letter = confirmation(app, slug, shop.owner_email)
    mine = app.test_client().at(isolation.own_host(slug), first.id)
    assert mine.post_form(letter, {"password": "another long sentence"}).status_code == 422, "not by a stranger's"
    assert mine.post_form(letter, {"password": shop.owner_password}).status_code == 303
    assert shop.host in mine.get("/admin/shops").text, "now it is one person with two shops"
    assert mine.get(letter).status_code == 404


def test_an_address_is_confirmed_by_its_letter_and_the_password_of_the_shop(app, newcomer, slug, run_jobs):
    newcomer.answer_all(slug)
    newcomer.open(f"ann@{slug}.example", "another long sentence")
    run_jobs()
    with app.app_context():
        tenant = tenancy.tenant_by_slug(slug)
        assert staff.account_by_email(f"ann@{slug}.example") is None, "nobody has an address before it is proven"
    letter = confirmation(app, slug, f"ann@{slug}.example")
    browser = app.test_client().at(isolation.own_host(slug), tenant.id)

    assert browser.get(letter).status_code == 200
    assert browser.post_form(letter, {"password": "a guess of somebody"}).status_code == 422
    assert browser.post_form(letter, {"password": "another long sentence"}).status_code == 303
    with app.app_context():
        assert staff.account_by_email(f"ann@{slug}.example") is not None


def test_somebody_with_an_account_opens_a_second_shop_that_is_theirs_at_once_by_its_password(app, newcomer, shop, slug):
    newcomer.answer_all(slug)

    opened = newcomer.open(shop.owner_email, shop.owner_password)

    assert shop.host in walked_in(app, opened, slug).get("/admin/shops").text


def confirmation(app, slug, email):
    """The path in the letter that asks whoever opened this shop to confirm the address."""
    with app.app_context(), db.unit_of_work(tenancy.tenant_named(slug).id):
        letter = next(one for one in letters.recent(100) if one.to == email and "enter/address" in one.text)
    return re.search(r"http://[^/]+(/admin/enter/address/\S+)", letter.text)[1]


def walked_in(app, opened, slug):
    """The owner's browser behind the link that the wizard leads to."""
    with app.app_context():
        tenant = tenancy.tenant_by_slug(slug)
    browser = app.test_client().at(isolation.own_host(slug), tenant.id)
    assert browser.get(urlsplit(opened.location).path).status_code == 303
    return browser
