"""A message is written in the transaction that wants it, once, and waits for the worker."""

import dataclasses

import pytest

from app import settings
from app.core.errors import NotFound
from app.core.ids import new_id
from app.platform.mail import queries, service


def send(key: str = "k", **values: str):
    known = {"subject": "Hello", "name": "Ines", "link": "http://x/y"} | values
    return service.send("staff/mail/reset", "ines@example.com", key=key, **known)


def test_a_message_is_html_in_the_shops_brand_and_text(in_shop):
    message = send()

    assert message.status == "queued"
    assert in_shop.name in message.html
    assert "background:#" in message.html
    assert "<" not in message.text
    assert "http://x/y" in message.text
    assert "\n\n\n" not in message.text


def test_what_people_typed_is_escaped_in_html(in_shop):
    message = send(name="<script>alert(1)</script>")

    assert "<script>" not in message.html
    assert "<script>alert(1)</script>" in message.text


def test_the_same_key_gives_the_first_message_and_sends_no_second(in_shop, outbox):
    first, second = send(), send(subject="Other")

    assert first.id == second.id
    assert second.subject == "Hello"


def test_the_same_key_at_another_shop_is_another_message(app, shop, other_shop):
    kept = []
    for place in (shop, other_shop):
        with app.app_context(), place.entered():
            kept.append(send().id)

    assert kept[0] != kept[1]


def test_a_transaction_that_fails_sends_nothing(app, shop, run_jobs, outbox):
    def send_and_fail() -> None:
        send()
        raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError), shop.entered():
        send_and_fail()

    run_jobs()

    assert len(outbox) == 0


def test_in_development_the_message_goes_to_the_mailbox(app, shop, other_shop, run_jobs, outbox):
    for place in (shop, other_shop):
        with app.app_context(), place.entered():
            send(subject=f"To {place.slug}")

    run_jobs()

    assert outbox[0].status == "sent"
    with app.app_context():
        shown = [message for message in queries.mailbox() if message.tenant_slug in {shop.slug, other_shop.slug}]
        assert {(message.tenant_slug, message.subject) for message in shown} == {
            (place.slug, f"To {place.slug}") for place in (shop, other_shop)
        }
        assert queries.mailbox_message(shown[0].id).html == shown[0].html
        with pytest.raises(NotFound):
            queries.mailbox_message(new_id())


def test_production_has_no_mailbox(app, configured):
    settings.use(dataclasses.replace(configured, environment="production"))
    try:
        with app.app_context(), pytest.raises(NotFound):
            queries.mailbox()
        with app.app_context(), pytest.raises(NotFound):
            queries.mailbox_message(new_id())
    finally:
        settings.use(configured)
