"""Somebody pays at Stripe: by the way back, by a webhook that comes twice or forged, and by none at all."""

from __future__ import annotations

import importlib.util
import sys
from datetime import timedelta
from typing import Any

import pytest
from livery_stripe import gateway, plugin
from livery_stripe.settings import Settings
from sqlalchemy import select

from app.core import clock, db
from app.core.access import system_actor
from app.core.rest import PREFIX
from app.platform.plugins import service as plugins
from app.settings import ROOT
from app.shop.orders.models import Order
from app.shop.payments import jobs
from app.shop.payments import service as payments
from app.shop.payments.models import Payment
from tests.conftest import sign_in_owner
from tests.factories.checkout import Buyer

BY = system_actor("tests")
spec = importlib.util.spec_from_file_location("stripe_standin", ROOT / "plugins/stripe/tests/standin.py")
standin = sys.modules["stripe_standin"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(standin)


@pytest.fixture
def bank(monkeypatch):
    """A Stripe of our own."""
    with standin.standing() as state:
        monkeypatch.setattr(gateway, "API", state.address)
        yield state


@pytest.fixture
def offer(app, put_in):
    """Let a shop take payments by Stripe: `offer(shop, secret=...)`."""

    def one(shop: Any, secret: str = standin.SECRET) -> None:
        put_in(plugin, at=shop)
        with app.app_context(), shop.entered():
            plugins.write_settings("stripe", Settings(standin.KEY, secret), by=BY)
            payments.set_method("stripe", enabled=True, by=BY)
            db.checkpoint()

    return one


@pytest.fixture
def placed(shop, offer, bank, sell) -> tuple[Buyer, str]:
    """A buyer who was sent to Stripe's page, and the session there."""
    offer(shop)
    buyer = Buyer(shop.browser())
    buyer.put_in(sell(price=1250, on_hand=9))
    answer = buyer.place(payment="stripe")
    assert answer.status_code == 303, answer.text
    [session] = bank.sessions.values()
    assert answer.headers["Location"] == session["url"]
    return buyer, session["id"]


@pytest.fixture
def stands(at_shop):
    """How the newest order and its payment stand."""

    def look() -> tuple[str, str]:
        order = db.session.scalars(select(Order).order_by(Order.id.desc())).first()
        payment = db.session.scalars(select(Payment).order_by(Payment.id.desc())).first()
        return order.payment_status, payment.status

    return lambda: at_shop(look)


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def send(browser: Any, signed: tuple[dict[str, str], bytes]) -> int:
    headers, body = signed
    return browser.post("/payments/stripe/callback", data=body, headers=headers).status_code


def test_a_buyer_pays_and_comes_back(placed, bank, stands, run_jobs):
    buyer, session = placed
    bank.pay(session)

    back = buyer.browser.get(path(bank.sessions[session]["success_url"]))
    run_jobs()

    assert back.status_code == 303
    assert stands() == ("paid", "captured")
    sent = bank.sessions[session]
    assert (sent["amount_total"] > 1250, sent["currency"]) == (True, "eur"), "with its delivery"
    assert sent["customer_email"]


def test_a_webhook_captures_once_and_a_forged_one_never(placed, bank, stands, run_jobs, shop):
    _, session = placed
    machine = shop.browser()
    event = bank.pay(session)

    assert send(machine, bank.signed(event, secret="whsec_of_somebody")) == 400
    assert stands()[1] == "pending"
    for _ in range(2):
        assert send(machine, bank.signed(event)) == 200
    run_jobs()
    assert stands() == ("paid", "captured")


def test_control_with_a_check_of_the_signature_that_says_yes_the_forged_one_captures(
    placed, bank, stands, run_jobs, shop, monkeypatch
):
    _, session = placed
    monkeypatch.setattr(gateway.stripe.WebhookSignature, "verify_header", lambda *_, **__: True)

    assert send(shop.browser(), bank.signed(bank.pay(session), secret="whsec_of_somebody")) == 200
    run_jobs()
    assert stands() == ("paid", "captured")


def test_what_is_signed_for_one_shop_says_nothing_at_another(placed, bank, stands, shop, other_shop, offer):
    _, session = placed
    offer(other_shop, "whsec_of_the_other")
    event = bank.pay(session)

    assert send(other_shop.browser(), bank.signed(event)) == 400
    assert send(other_shop.browser(), bank.signed(event, secret="whsec_of_the_other")) == 200
    assert stands()[1] == "pending", "a session of another shop is one that nobody knows here"


def test_a_webhook_that_never_comes_is_made_up_for_by_asking(placed, bank, stands, app, shop, run_jobs):
    _, session = placed
    bank.pay(session)

    with clock.frozen(clock.now() + timedelta(minutes=5)):
        with app.app_context(), shop.entered():
            jobs.reconcile_shop()
            db.checkpoint()
        run_jobs()
    assert stands() == ("paid", "captured")


def test_a_page_that_nobody_finishes_is_closed_after_a_day(placed, bank, stands, app, shop, run_jobs):
    _, session = placed

    with clock.frozen(clock.now() + timedelta(hours=25)):
        with app.app_context(), shop.entered():
            jobs.reconcile_shop()
            db.checkpoint()
        run_jobs()
    assert bank.sessions[session]["status"] == "expired"
    assert stands()[1] in {"expired", "failed"}


def test_a_part_of_the_money_goes_back_once(placed, bank, stands, shop, run_jobs, program):
    _, session = placed
    send(shop.browser(), bank.signed(bank.pay(session)))
    run_jobs()
    api = program()
    order = api.get(f"{PREFIX}/orders").json["data"][0]["id"]

    for _ in range(2):
        told = api.post(f"{PREFIX}/orders/{order}/refunds", {"amount": 500, "key": "back-again"})
        assert told.status_code in {200, 202}, told.text
        run_jobs()
    assert [one["amount"] for one in bank.refunds] == [500]
    assert stands()[0] == "partially_refunded"


def test_while_stripe_is_away_the_buyer_reads_so_and_pays_later(shop, offer, bank, sell, stands):
    offer(shop)
    buyer = Buyer(shop.browser())
    buyer.put_in(sell(price=1250, on_hand=9))
    bank.is_away = True

    first = buyer.place(payment="stripe")
    assert first.status_code < 500 or first.status_code == 503
    assert not bank.sessions
    bank.is_away = False
    again = buyer.place(payment="stripe")
    assert again.headers["Location"].startswith("https://checkout.stripe.com/")
    assert len(bank.sessions) == 1


def test_staff_fill_in_keys_which_are_tried_and_never_shown(shop, bank, put_in):
    put_in(plugin, state="off")
    staff = sign_in_owner(shop)
    assert "stripe" not in staff.get("/admin/settings/payments").text, "a shop that has it off is not asked to use it"
    page = staff.get("/admin/plugins/stripe").text
    assert "Secret key" in page and "api.stripe.com" in page

    wrong = staff.post_form("/admin/plugins/stripe/test", {"api_key": "sk_test_wrong", "webhook_secret": ""})
    assert wrong.status_code == 422, "Stripe does not know this key"
    mixed = staff.post_form("/admin/plugins/stripe", {"api_key": "pk_test_1", "webhook_secret": ""})
    assert "A secret key begins with sk_ or rk_." in mixed.text
    keys = {"api_key": standin.KEY, "webhook_secret": standin.SECRET}
    assert staff.post_form("/admin/plugins/stripe/test", keys).status_code == 303
    assert staff.post_form("/admin/plugins/stripe/on").status_code == 303
    assert "stripe" in staff.get("/admin/settings/payments").text
    shown = staff.get("/admin/plugins/stripe").text
    assert standin.KEY not in shown and standin.SECRET not in shown
