"""Amounts as Stripe counts them, which is not ISO 4217 for every currency.

Source: Stripe's documentation of currencies, "zero-decimal", "three-decimal" and "special cases".
"""

from __future__ import annotations

from app.pluginapi import exponent

_WITHOUT_DIGITS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DIGITS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


class AmountDoesNotFit(ValueError):
    """An amount with more digits than Stripe takes of this currency."""


def digits_of(currency: str) -> int:
    """Digits behind the point in what Stripe is sent. ISK and UGX have two there and none in ISO 4217."""
    if currency in _WITHOUT_DIGITS:
        return 0
    return 3 if currency in _THREE_DIGITS else 2


def to_stripe(amount: int, currency: str) -> int:
    """The number that Stripe is sent. Raises AmountDoesNotFit."""
    shift = digits_of(currency) - exponent(currency)
    found, rest = divmod(amount * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    if rest or (currency in _THREE_DIGITS and found % 10):
        raise AmountDoesNotFit(f"{amount} {currency}")
    return found


def from_stripe(amount: int, currency: str) -> int:
    """Minor units of ISO 4217."""
    shift = exponent(currency) - digits_of(currency)
    return amount * 10 ** max(shift, 0) // 10 ** max(-shift, 0)
