"""The gateway against a Stripe of our own, by the official client; and what every plugin must do."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

import pytest
import stripe
from livery_stripe import gateway, money, plugin
from livery_stripe.gateway import StripeGateway
from livery_stripe.settings import Settings

from app.pluginapi import (
    Account,
    Callback,
    CallbackRefused,
    GatewayUnreachable,
    RefundRequest,
    StartPayment,
    Status,
)
from app.pluginapi.testing import conformance


def beside(name: str):
    """A module of this folder, whatever the tests are run from."""
    spec = importlib.util.spec_from_file_location(f"livery_stripe_tests_{name}", Path(__file__).with_name(f"{name}.py"))
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


standin = beside("standin")
test_conformance = conformance(plugin)
HERE, ACCOUNT = StripeGateway(), Account()


@pytest.fixture
def bank(monkeypatch):
    """A Stripe, and a shop that has its keys."""
    keys = Settings(api_key=standin.KEY, webhook_secret=standin.SECRET)
    with standin.standing() as state:
        monkeypatch.setattr(gateway, "API", state.address)
        monkeypatch.setattr(gateway, "settings_of", lambda _: keys)
        yield state


def wanted(key: str = "p1", amount: int = 1250, currency: str = "EUR") -> StartPayment:
    return StartPayment(key, amount, currency, "https://shop.example/back", "Order 1001", "ines@example.com")


def told(bank, event, **how) -> Callback:
    return Callback(*bank.signed(event, **how))


def test_a_payment_begins_once_and_is_captured_when_the_buyer_paid(bank):
    started = HERE.start(ACCOUNT, wanted())

    assert HERE.start(ACCOUNT, wanted()) == started
    assert len(bank.sessions) == 1
    assert started.redirect_url.startswith("https://checkout.stripe.com/")
    assert HERE.fetch(ACCOUNT, started.reference).status is Status.PENDING
    bank.pay(started.reference)
    found = HERE.fetch(ACCOUNT, started.reference)
    assert (found.status, found.amount, found.currency) == (Status.CAPTURED, 1250, "EUR")


def test_a_bank_that_takes_its_time_leaves_it_pending_and_one_that_refuses_ends_it(bank):
    reference = HERE.start(ACCOUNT, wanted()).reference

    later = HERE.verify_callback(ACCOUNT, told(bank, bank.pay_later(reference)))
    assert later.status.status is HERE.fetch(ACCOUNT, reference).status is Status.PENDING
    refused = HERE.verify_callback(ACCOUNT, told(bank, bank.bank_refuses(reference)))
    assert refused.status.status is HERE.fetch(ACCOUNT, reference).status is Status.FAILED


def test_a_page_that_nobody_finished_is_closed_and_one_that_was_paid_is_not(bank):
    open_one, paid = (HERE.start(ACCOUNT, wanted(key)).reference for key in ("p1", "p2"))
    bank.pay(paid)

    for _ in range(2):
        assert HERE.cancel(ACCOUNT, open_one).status is Status.FAILED
        assert HERE.cancel(ACCOUNT, paid).status is Status.CAPTURED
    assert bank.sessions[open_one]["status"] == "expired"


def test_money_goes_back_in_parts_once_each_and_never_more_than_was_paid(bank):
    reference = HERE.start(ACCOUNT, wanted()).reference
    assert not HERE.refund(ACCOUNT, RefundRequest("r0", reference, 1, "EUR")).succeeded
    bank.pay(reference)

    first = HERE.refund(ACCOUNT, RefundRequest("r1", reference, 500, "EUR"))
    assert first.succeeded
    assert HERE.refund(ACCOUNT, RefundRequest("r1", reference, 500, "EUR")) == first
    too_much = HERE.refund(ACCOUNT, RefundRequest("r2", reference, 751, "EUR"))
    assert not too_much.succeeded
    assert "greater than unrefunded" in too_much.reason
    assert HERE.refund(ACCOUNT, RefundRequest("r3", reference, 750, "EUR")).succeeded
    assert [one["amount"] for one in bank.refunds] == [500, 750]


def test_a_webhook_needs_the_shops_own_secret_a_fresh_signature_and_a_kind_that_is_known(bank):
    reference = HERE.start(ACCOUNT, wanted()).reference
    event = bank.pay(reference)

    heard = HERE.verify_callback(ACCOUNT, told(bank, event))
    assert (heard.event_id, heard.reference, heard.status.status) == (event["id"], reference, Status.CAPTURED)
    assert heard.status.amount == 1250
    lower = Callback({name.lower(): value for name, value in bank.signed(event)[0].items()}, bank.signed(event)[1])
    assert HERE.verify_callback(ACCOUNT, lower) == heard
    headers, body = bank.signed(event)
    for forged in (
        told(bank, event, secret="whsec_of_another_shop"),
        told(bank, event, at=time.time() - 301),
        Callback(headers, body.replace(b"1250", b"9999")),
        Callback({}, body),
        told(bank, event | {"type": "customer.created"}),
        told(bank, event | {"data": {"object": {"id": "cs_1"}}}),
    ):
        with pytest.raises(CallbackRefused):
            HERE.verify_callback(ACCOUNT, forged)


def test_without_a_secret_no_webhook_is_believed(bank, monkeypatch):
    event = bank.pay(HERE.start(ACCOUNT, wanted()).reference)
    monkeypatch.setattr(gateway, "settings_of", lambda _: Settings(api_key=standin.KEY))

    with pytest.raises(CallbackRefused):
        HERE.verify_callback(ACCOUNT, told(bank, event, secret=""))


def test_a_stripe_that_is_away_is_unreachable_and_a_wrong_key_is_an_error_of_its_own(bank, monkeypatch):
    bank.is_away = True
    with pytest.raises(GatewayUnreachable):
        HERE.start(ACCOUNT, wanted())
    bank.is_away = False
    monkeypatch.setattr(gateway, "settings_of", lambda _: Settings(api_key="sk_test_wrong"))
    with pytest.raises(stripe.AuthenticationError):
        HERE.start(ACCOUNT, wanted())
    monkeypatch.setattr(gateway, "API", "http://127.0.0.1:9")
    with pytest.raises(GatewayUnreachable):
        HERE.fetch(ACCOUNT, "cs_1")


def test_the_connection_is_tried_with_the_key_that_is_typed(bank):
    assert gateway.check(Settings(api_key=standin.KEY)) == "Stripe answers, in test mode."
    with pytest.raises(stripe.AuthenticationError):
        gateway.check(Settings(api_key="sk_test_wrong"))
    assert set(Settings(api_key="pk_test", webhook_secret="sk_test").problems()) == {"api_key", "webhook_secret"}


@pytest.mark.parametrize(
    ("ours", "currency", "theirs"),
    [
        (1250, "EUR", 1250), (1250, "JPY", 1250), (1250, "KWD", 1250), (12, "ISK", 1200), (12, "UGX", 1200),
        (1200, "MGA", 12),
    ],
)  # fmt: skip
def test_amounts_are_counted_as_stripe_counts_them_and_back(ours, currency, theirs):
    assert money.to_stripe(ours, currency) == theirs
    assert money.from_stripe(theirs, currency) == ours


@pytest.mark.parametrize(("ours", "currency"), [(1251, "KWD"), (1250, "MGA")])
def test_an_amount_that_stripe_cannot_take_is_refused(ours, currency):
    with pytest.raises(money.AmountDoesNotFit):
        money.to_stripe(ours, currency)


def test_control_the_stand_in_refuses_what_the_librarys_types_do_not_name(bank):
    api = stripe.StripeClient(standin.KEY, base_addresses={"api": bank.address}).v1
    line = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 1, "colour": "red"}}

    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: colour"):
        api.checkout.sessions.create({"mode": "payment", "success_url": "https://x", "line_items": [line]})
    same_key = {"idempotency_key": "k"}
    good = {"mode": "payment", "success_url": "https://x"}
    price = {"currency": "eur", "unit_amount": 1, "product_data": {"name": "x"}}
    api.checkout.sessions.create(good | {"line_items": [{"quantity": 1, "price_data": price}]}, same_key)
    with pytest.raises(stripe.IdempotencyError):
        api.checkout.sessions.create(good | {"line_items": [{"quantity": 2, "price_data": price}]}, same_key)
