"""The shop's news: asked for on a page, confirmed by mail, ended by one click; nobody learns who reads it."""

from __future__ import annotations

import re

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.mail.models import OutgoingMessage
from app.shop.pages import newsletter, queries, service
from app.shop.pages.models import Subscriber

EMAIL = "ana@example.com"


def rows(shop, table=Subscriber):
    with shop.app.app_context(), shop.entered():
        return db.session.query(table).filter(table.tenant_id == shop.id).all()


def link_of(shop):
    return re.search(r"/newsletter/[\w.~-]+", rows(shop, OutgoingMessage)[-1].text)[0]


def test_an_address_joins_the_list_when_its_owner_answers_the_mail(client, shop, run_jobs):
    answer = client.post_form("/newsletter", {"email": " Ana@Example.com"})
    run_jobs()

    assert "look into your mail" in answer.text
    assert [(one.email, one.status) for one in rows(shop)] == [(EMAIL, "asked")]
    link = link_of(shop)
    assert client.get(link).status_code == 200
    assert rows(shop)[0].status == "asked"

    assert "on the list" in client.post_form(link).text
    assert rows(shop)[0].status == "confirmed"
    assert "by e-mail" in rows(shop)[0].wording


def test_a_known_address_gets_the_same_answer_and_no_second_mail(client, shop, run_jobs):
    first = client.post_form("/newsletter", {"email": EMAIL})
    run_jobs()
    client.post_form(link_of(shop))

    second = client.post_form("/newsletter", {"email": EMAIL})
    run_jobs()

    assert first.text == second.text
    assert len(rows(shop)) == len(rows(shop, OutgoingMessage)) == 1
    assert rows(shop)[0].status == "confirmed"


def test_leaving_takes_one_click_and_asks_no_sign_in(client, shop, app):
    with app.app_context(), shop.entered():
        newsletter.ask(EMAIL, "News")
        queries.lock_subscriber(EMAIL).status = "confirmed"
        db.checkpoint()
        path = newsletter.leave_link(EMAIL).partition("/newsletter")[2]

    assert client.get(f"/newsletter{path}").status_code == 200
    assert "off the list" in client.post_form(f"/newsletter{path}").text
    assert rows(shop)[0].status == "left"


NO_ADDRESS = ["", "ana", "ana@", "@example.com", "ana@example", "a b@example.com", "a@b.c\nBcc: x@y.z"]


@pytest.mark.parametrize("email", NO_ADDRESS)
def test_what_is_no_address_gets_a_sentence(client, shop, email):
    assert client.post_form("/newsletter", {"email": email}).status_code == 422
    assert rows(shop) == []


def test_a_machine_that_fills_every_field_is_thanked_and_forgotten(client, shop):
    answer = client.post_form("/newsletter", {"email": EMAIL, "website": "https://spam.example"})

    assert "look into your mail" in answer.text
    assert rows(shop) == []


def test_nobody_floods_a_mailbox(client, shop):
    answers = [client.post_form("/newsletter", {"email": EMAIL}).status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]


def test_another_site_signs_nobody_up(client, shop):
    answer = client.post(
        "/newsletter", data={"email": EMAIL}, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert rows(shop) == []


def test_a_forged_or_foreign_link_is_not_found(client, shop, other_shop):
    with shop.app.app_context(), other_shop.entered():
        foreign = newsletter.sign(newsletter.YES, {"email": EMAIL}, 60)

    for token in ("nonsense", foreign):
        assert client.get(f"/newsletter/{token}").status_code == 404
        assert client.post_form(f"/newsletter/{token}").status_code == 404


def test_the_band_holds_a_form(client, in_shop):
    service.write_home([{"kind": "newsletter", "title": "Field notes"}], by=system_actor("tests"))
    db.checkpoint()

    page = client.get("/").text

    assert 'action="/newsletter"' in page
    assert "Field notes" in page
