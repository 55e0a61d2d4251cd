"""Customers sign in by a mailed link: once, soon, at one shop; and nobody learns who has an account."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.core import clock, db
from app.shop.customers import queries, service
from tests.factories.customers import PASSWORD


@pytest.fixture
def asked(run_jobs, outbox):
    """Ask for a link; the path in the letter."""

    def ask(browser, email, **fields):
        answer = browser.post_form("/account/link", {"email": email, **fields})
        assert (answer.status_code, answer.location) == (303, "/account/look-in-your-mail")
        run_jobs()
        return re.search(r"http://[^/]+(/account/link/\S+)", outbox.to(email.lower())[-1].text)[1]

    return ask


def is_in(browser):
    return browser.get("/account").status_code == 200


def test_the_link_signs_in_once_and_only_by_its_button(app, shop, make_customer, asked, outbox):
    ines = make_customer()
    path = asked(shop.browser(), ines.email.upper(), next="/account/orders")
    letter = outbox.to(ines.email)[-1]
    assert shop.name in letter.text and "fifteen minutes" in letter.text
    token = path.partition("?")[0].rpartition("/")[2]
    with app.app_context(), shop.entered():
        stored = db.session.connection().exec_driver_sql(
            "select token_hash from customer_entry_link where tenant_id = %s", (shop.id,)
        )
        assert token.encode() not in stored.scalar_one(), "a copy of the database signs nobody in"

    scanner, phone = shop.browser(), shop.browser()
    for _ in range(3):
        assert scanner.get(path).status_code == 200
    assert not is_in(scanner), "whoever only opens the link, such as a mail scanner, is not in"
    assert 'value="/account/orders"' in phone.get(path).text
    came = phone.post_form(path, {"next": "/account/orders"})
    assert (came.status_code, came.location) == (303, "/account/orders") and is_in(phone)

    assert scanner.get(path).status_code == 410
    assert shop.browser().post_form(path).status_code == 410


def test_the_link_ends_after_a_quarter_of_an_hour_and_with_every_change_of_the_password(
    app, shop, make_customer, asked
):
    ines = make_customer()
    path = asked(shop.browser(), ines.email)
    with clock.frozen(clock.now() + timedelta(minutes=15, seconds=1)):
        assert shop.browser().post_form(path).status_code == 410
    second = asked(shop.browser(), ines.email)
    with app.app_context(), shop.entered():
        service.change_password(ines.id, PASSWORD, "another long phrase")

    assert shop.browser().post_form(path).status_code == 410
    assert shop.browser().post_form(second).status_code == 410
    third, fourth = asked(shop.browser(), ines.email), asked(shop.browser(), ines.email)
    assert shop.browser().post_form(fourth, {"next": "//evil.example"}).location == "/account", "never to a stranger"
    assert shop.browser().post_form(third).status_code == 410, "one that is used takes the others along"


def test_customers_of_one_shop_are_strangers_to_another(app, shop, other_shop, make_customer, sign_in_shopper, asked):
    """The same address in two shops is two people: neither link, nor session, nor password of one opens the other."""
    here = make_customer("same@example.com")
    there = make_customer("same@example.com", password="the phrase of the other", at=other_shop)
    path = asked(shop.browser(), here.email)

    assert other_shop.browser().get(path).status_code == 410
    assert other_shop.browser().post_form(path).status_code == 410
    signed_in = sign_in_shopper(here)
    stolen = other_shop.browser()
    stolen.set_cookie("shopper", signed_in.get_cookie("shopper", domain=shop.host).value, domain=other_shop.host)
    assert is_in(signed_in) and not is_in(stolen)
    wrong = other_shop.browser().post_form("/account/sign-in", {"email": here.email, "password": PASSWORD})
    assert wrong.status_code == 422
    assert shop.browser().post_form(path).status_code == 303, "where it belongs, it works"
    with app.app_context(), other_shop.entered():
        assert queries.by_id(here.id) is None and queries.by_id(there.id) is not None


@contextmanager
def counted(app):
    """How many statements ran, by their text without values."""
    found = []
    with app.app_context():
        engines = set(db.db.engines.values())
    listen = lambda _c, _k, text, *_: found.append(text)  # noqa: E731 - one line, used twice
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/link", {}),
        ("/account/forgot", {}),
        ("/account/sign-up", {"name": "Ines"}),
        ("/account/sign-in", {"password": "not the password"}),
    ],
)
def test_a_known_and_an_unknown_address_get_the_same_answer_by_the_same_work_until_both_are_locked_out(
    app, shop, make_customer, path, fields
):
    """Lock-out without enumeration: status, headers, body, statements and the moment of the lock are equal."""
    known = make_customer().email
    unknown = known.replace("shopper-", "stranger")
    shop.browser().post_form(path, fields | {"email": "warm@example.com"})

    def told(email, visitor):
        browser, answers, work = shop.browser(), [], []
        for _ in range(11):
            with counted(app) as statements:
                answer = browser.post_form(path, fields | {"email": email}, environ_overrides={"REMOTE_ADDR": visitor})
            body = re.sub(r"wait \d+ seconds", "", answer.text.replace(email, ""))
            answers.append((answer.status_code, answer.location, re.sub(r"[\w.-]{30,}|\d{2,}", "", body)))
            work.append(statements)
        return answers, work

    known_answers, known_work = told(known, "192.0.2.1")
    unknown_answers, unknown_work = told(unknown, "192.0.2.2")

    assert known_answers == unknown_answers
    assert known_work == unknown_work
    assert known_answers[0][0] != 429 and known_answers[-1][0] == 429, "and somewhere in between it ended"
