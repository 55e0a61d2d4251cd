"""What a timeline says: one sentence a code, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.core import money
from app.core.i18n import gettext, mark, mark_many, ngettext

Format = Callable[[int, str], str]
_ONE: dict[str, str] = {
    "received": mark("%(who)s ordered in the online shop."),
    "written": mark("The order of %(who)s was written by hand."),
    "confirmed": mark("The order is confirmed."),
    "paid": mark("%(amount)s arrived by payment."),
    "paid_by": mark("%(amount)s arrived by %(method)s."),
    "payment_failed": mark("The payment failed. %(reason)s"),
    "held_accepted": mark("%(amount)s was accepted instead of %(total)s."),
    "held_returned": mark("%(amount)s was not accepted and is sent back."),
    "given_up": mark("The order was given up. %(reason)s"),
    "cancelled": mark("The order was cancelled. %(reason)s"),
    "refund_asked": mark("A refund of %(amount)s was asked for."),
    "refunded": mark("%(amount)s went back to the customer."),
    "refunded_double": mark("%(amount)s that was paid twice went back to the customer."),
    "refunded_held": mark("%(amount)s that did not fit went back to the customer."),
    "mail_confirmation": mark("The order confirmation was sent to %(to)s."),
    "mail_payment_received": mark("A mail to %(to)s said that the payment arrived."),
    "mail_shipped": mark("The shipping mail was sent to %(to)s."),
    "mail_refunded": mark("The refund mail was sent to %(to)s."),
    "mail_cancelled": mark("The cancellation mail was sent to %(to)s."),
    "mail_status_link": mark("A link to this order's page was sent to %(to)s."),
    "looked_after": mark("Looked after: %(what)s"),
    "other_currency": mark("A payment in %(paid)s arrived for an order in %(wanted)s."),
    "other_amount": mark("%(amount)s was paid, but the total is %(total)s."),
    "paid_after_cancelling": mark("A payment arrived after this order was cancelled. Refund it."),
    "paid_and_gone": mark("A payment arrived after the time was up, and the goods are gone. Refund it."),
    "refund_failed": mark("The refund of %(amount)s failed. %(reason)s"),
    "payment_held": mark("The payment service reports %(amount)s instead of %(total)s. Accept it or send it back."),
}
_MANY: dict[str, tuple[str, str]] = {
    "sent": mark_many("%(num)s item sent.", "%(num)s items sent."),
    "sent_by": mark_many("%(num)s item sent by %(carrier)s.", "%(num)s items sent by %(carrier)s."),
}
# Reasons that we write ourselves; whatever people or gateways write stays as it is.
NO_PAYMENT_IN_TIME = mark("No payment arrived in time.")


def in_english(code: str, details: Mapping[str, Any], locale: str) -> str:
    """The sentence as it is stored, with amounts as the order's own language writes them."""
    shown = _shown(details, lambda amount, currency: money.format(amount, currency, locale))
    if code in _MANY:
        one, many = _MANY[code]
        return (one if details["num"] == 1 else many) % shown
    return (_ONE[code] % shown).strip()


def said(code: str, details: Mapping[str, Any], text: str, format_money: Format) -> str:
    """The sentence for the reader; `text` where it is a person's own words or of a code that is gone.

    Amounts are pairs of minor units and currency.
    """
    if code not in _MANY and code not in _ONE:
        return text
    shown = _shown(details, format_money)
    if "reason" in shown:
        shown["reason"] = gettext(shown["reason"]) if shown["reason"] else ""
    if code in _MANY:
        count = int(shown.pop("num"))
        return ngettext(*_MANY[code], count, **shown)
    return gettext(_ONE[code], **shown).strip()


def _shown(details: Mapping[str, Any], format_money: Format) -> dict[str, Any]:
    return {
        name: format_money(int(value[0]), str(value[1])) if isinstance(value, list | tuple) else value
        for name, value in details.items()
    }
