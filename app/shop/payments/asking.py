"""Asking gateways: each question with its time, and answers that are looked at before money moves by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from app.platform.plugins import places
from app.platform.plugins.calling import Failed, call
from app.shop.payments import hooks
from app.shop.payments.errors import CallbackRefused, GatewayNotOffered, GatewayUnreachable

Answer = TypeVar("Answer")
_LONGEST_NAME = 255


def gateway_of(code: str) -> hooks.PaymentGateway:
    """The installed gateway of this code. Raises GatewayNotOffered."""
    found = hooks.gateway(code)
    if found is None:
        raise GatewayNotOffered()
    return found


def start(code: str, account: hooks.Account, wanted: hooks.StartPayment) -> hooks.Started:
    """Tell the gateway about a payment. Raises GatewayUnreachable, also when it names no address of the web."""
    started = _ask(code, places.PAYMENT_START, gateway_of(code).start, account, wanted, answers=hooks.Started)
    address = urlsplit(started.redirect_url or "https://-")
    if not 0 < len(started.reference) <= _LONGEST_NAME or address.scheme not in {"https", "http"} or not address.netloc:
        raise GatewayUnreachable()
    return started


def fetch(code: str, account: hooks.Account, reference: str | None) -> hooks.PaymentStatus:
    """How a payment stands. Raises GatewayUnreachable."""
    work = gateway_of(code).fetch
    return _ask(code, places.PAYMENT_FETCH, work, account, reference, answers=hooks.PaymentStatus)


def cancel(code: str, account: hooks.Account, reference: str | None) -> hooks.PaymentStatus:
    """Close a payment at its gateway. Raises GatewayUnreachable."""
    work = gateway_of(code).cancel
    return _ask(code, places.PAYMENT_CANCEL, work, account, reference, answers=hooks.PaymentStatus)


def refund(code: str, account: hooks.Account, wanted: hooks.RefundRequest) -> hooks.RefundResult:
    """Send money back. Raises GatewayUnreachable."""
    work = gateway_of(code).refund
    return _ask(code, places.PAYMENT_REFUND, work, account, wanted, answers=hooks.RefundResult)


def verify(code: str, account: hooks.Account, callback: hooks.Callback) -> hooks.CallbackEvent:
    """What a signed message says. Raises CallbackRefused, GatewayNotOffered; GatewayUnreachable for a broken gateway.

    The sender of a message that could not be read for our own reasons gets a 503, and sends it again.
    """
    work = gateway_of(code).verify_callback
    event = _ask(
        code, places.PAYMENT_CALLBACK, work, account, callback,
        answers=hooks.CallbackEvent, expected=(CallbackRefused,),
    )  # fmt: skip
    if not 0 < len(event.event_id) <= _LONGEST_NAME or not event.reference:
        raise CallbackRefused()
    return event


def _ask(
    code: str, place: places.Place, work: Callable[..., Answer], account: hooks.Account, *given: object,
    answers: type[Answer], expected: tuple[type[Exception], ...] = (),
) -> Answer:  # fmt: skip
    """Whatever goes wrong in there is a gateway that does not answer."""
    try:
        answer: Answer = call(
            hooks.plugin_of(code), place, work, account, *given,
            answers=answers, expected=(GatewayUnreachable, *expected), hide=(account.secret,),
        )  # fmt: skip
    except Failed as failure:
        raise GatewayUnreachable() from failure
    return answer
