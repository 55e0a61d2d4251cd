"""The gateway: a payment is a Checkout Session, with a Payment Intent behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import stripe

from app.pluginapi import (
    Account,
    Callback,
    CallbackEvent,
    CallbackRefused,
    GatewayUnreachable,
    PaymentStatus,
    RefundRequest,
    RefundResult,
    Setting,
    Started,
    StartPayment,
    Status,
    mark,
    settings_of,
)
from livery_stripe.money import from_stripe, to_stripe
from livery_stripe.settings import Settings

API = "https://api.stripe.com"
SECONDS = (3.0, 8.0)
"""To connect and to answer: within the ten seconds that a payment may take to begin."""
TOLERANCE_SECONDS = 300
_FINISHED = "checkout.session."
_HEARD = {f"{_FINISHED}{name}" for name in ("completed", "async_payment_succeeded", "async_payment_failed", "expired")}
_http = stripe.RequestsClient(timeout=SECONDS)
_AWAY = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)


class StripeGateway:
    """Sends buyers to Stripe's page, and believes what Stripe answers or signs and nothing else."""

    code = "stripe"
    title = mark("Card or wallet")
    settings: tuple[Setting, ...] = ()
    has_secret = False
    pays_later = False
    starts_enabled = False
    gives_up_after: timedelta | None = timedelta(hours=24)

    def start(self, account: Account, payment: StartPayment) -> Started:
        """Open a session, once a key, and name its page."""
        currency = payment.currency.lower()
        product = {"name": payment.description[:250] or payment.key}
        price = {
            "currency": currency,
            "unit_amount": to_stripe(payment.amount, payment.currency),
            "product_data": product,
        }
        wanted: dict[str, Any] = {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": payment.return_url,
            "cancel_url": payment.return_url,
            "client_reference_id": payment.key,
            "payment_intent_data": {"description": product["name"], "metadata": {"payment": payment.key}},
            "metadata": {"payment": payment.key},
        }
        if payment.email:
            wanted["customer_email"] = payment.email
        session = _ask(lambda api: api.checkout.sessions.create(wanted, _once("start", payment.key)))  # type: ignore[arg-type]  # a dict of its shape
        return Started(session.id, session.url)

    def fetch(self, account: Account, reference: str) -> PaymentStatus:
        """How the session stands, with what became of its payment."""
        return status_of(_session(reference))

    def cancel(self, account: Account, reference: str) -> PaymentStatus:
        """Close the page, unless it was finished meanwhile."""
        session = _session(reference)
        if session.status == "open":
            try:
                session = _ask(lambda api: api.checkout.sessions.expire(reference, {"expand": ["payment_intent"]}))
            except stripe.InvalidRequestError:  # finished between the question and the answer
                session = _session(reference)
        return status_of(session)

    def refund(self, account: Account, refund: RefundRequest) -> RefundResult:
        """Send money back, once a key. What Stripe refuses for good is told with its reason."""
        intent = _session(refund.reference).payment_intent
        if intent is None:
            return RefundResult(False, reason=mark("Nothing was paid at Stripe."))
        wanted: dict[str, Any] = {
            "payment_intent": intent if isinstance(intent, str) else intent.id,
            "amount": to_stripe(refund.amount, refund.currency),
            "metadata": {"refund": refund.key},
        }
        try:
            made = _ask(lambda api: api.refunds.create(wanted, _once("refund", refund.key)))  # type: ignore[arg-type]  # as above
        except (stripe.InvalidRequestError, stripe.CardError) as refused:
            return RefundResult(False, reason=(refused.user_message or str(refused))[:200])
        has_failed = made.status in {"failed", "canceled"}
        return RefundResult(not has_failed, made.id, str(made.failure_reason or "") if has_failed else "")

    def verify_callback(self, account: Account, callback: Callback) -> CallbackEvent:
        """Check the signature by the shop's own secret, and read what became of a session."""
        secret = _settings().webhook_secret
        if not secret:
            raise CallbackRefused()
        headers = {name.lower(): value for name, value in callback.headers.items()}
        signature = headers.get("stripe-signature", "")
        try:
            event = stripe.Webhook.construct_event(callback.body, signature, secret, TOLERANCE_SECONDS)
            if event.type not in _HEARD:
                raise CallbackRefused()
            session: Any = event.data.object
            return CallbackEvent(event.id, session.id, status_of(session, event.type))
        except (ValueError, KeyError, AttributeError, TypeError, stripe.SignatureVerificationError) as unreadable:
            raise CallbackRefused() from unreadable


def status_of(session: Any, event: str = "") -> PaymentStatus:
    """A session in the port's words. A page that is finished and unpaid waits for a bank."""
    currency = str(session.currency).upper()
    amount = from_stripe(int(session.amount_total), currency)
    if session.payment_status == "paid":
        return PaymentStatus(Status.CAPTURED, amount, currency)
    if session.status == "expired":
        return PaymentStatus(Status.FAILED, amount, currency, mark("The payment was not finished in time."))
    intent = session.payment_intent
    waits_in_vain = session.status == "complete" and getattr(intent, "status", "") in _ENDED_UNPAID
    if waits_in_vain or event.endswith("async_payment_failed"):
        return PaymentStatus(Status.FAILED, amount, currency, mark("The bank did not pay."))
    return PaymentStatus(Status.PENDING, amount, currency)


_ENDED_UNPAID = {"requires_payment_method", "canceled"}


def check(settings: Settings) -> str:
    """Test connection: read the account's balance, which every key may that may take payments."""
    balance = _client(settings.api_key).balance.retrieve()
    return mark("Stripe answers, with live payments.") if balance.livemode else mark("Stripe answers, in test mode.")


def _session(reference: str) -> stripe.checkout.Session:
    return _ask(lambda api: api.checkout.sessions.retrieve(reference, {"expand": ["payment_intent"]}))


def _once(what: str, key: str) -> stripe.RequestOptions:
    return {"idempotency_key": f"{what}-{key}"}


def _ask(question: Any) -> Any:
    """Ask Stripe. Raises GatewayUnreachable where it does not answer; other errors are its own."""
    try:
        return question(_client(_settings().api_key))
    except _AWAY as away:
        raise GatewayUnreachable() from away


def _client(key: str) -> Any:
    return stripe.StripeClient(key, base_addresses={"api": API}, http_client=_http, max_network_retries=1).v1


def _settings() -> Settings:
    found: Settings = settings_of("stripe")
    return found
