"""Money is an integer in minor units with its currency; this is where it meets decimals and people."""

import re
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, NumberPattern, is_currency, parse_decimal

from app.core.i18n import gettext, mark

# ISO 4217:2015 minor units other than two. CLDR's own counts differ for some (AFN, IRR): payment networks use ISO's.
_EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
_LARGEST = 10**9
_FIGURES = re.compile(r"[0-9.,’+-]+")
_LETTER_BEFORE_FIGURE = re.compile(r"(?<=[A-Z])(?=-?[0-9])")
_NOT_AN_AMOUNT = mark("Type an amount in figures, for example 12.50.")
_PLAIN_DECIMAL = re.compile(r"\d{1,12}[.,]\d{1,2}")


class CurrencyMismatch(TypeError):
    """Two currencies never add up; this is a mistake in the program, not in the input."""


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units (1250 is 12.50 EUR) that refuses to meet another currency."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """Add money of the same currency."""
        return Money(self.amount + self._same_currency(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Take money of the same currency away; the result may be negative."""
        return Money(self.amount - self._same_currency(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        """Take it a whole number of times; shares and percentages round, so they are written out where they happen."""
        if not isinstance(times, int):
            raise TypeError("Money is multiplied by whole numbers only.")
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__

    def _same_currency(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added.")
        return other.amount


def exponent(currency: str) -> int:
    """How many digits stand behind the point: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


def is_known(currency: str) -> bool:
    """Say whether this is a currency code of ISO 4217."""
    return bool(is_currency(currency))


def to_decimal(amount: int, currency: str) -> Decimal:
    """Minor units as an exact decimal, for files and partners that want 12.50."""
    return Decimal(amount).scaleb(-exponent(currency))


def parse(text: str, currency: str, locale: str) -> int:
    """Read what a person typed as an amount, in minor units.

    The locale's own spelling counts ("1.234,50" in German); so does a plain "12.50" or "12,50" anywhere. Raises
    ValueError with a sentence for the person: nothing is guessed and nothing is rounded.
    """
    cleaned = _without_currency(text, currency)
    decimal = _as_decimal(cleaned, _locale(locale))
    minor = decimal.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise ValueError(_too_precise(currency))
    if not 0 <= decimal <= _LARGEST:
        raise ValueError(gettext("Type an amount between zero and a thousand million."))
    return int(minor)


@lru_cache(maxsize=4096)
def format(amount: int, currency: str, locale: str) -> str:
    """Write an amount as this locale's readers expect it ("12,50 €"), with the currency's own number of digits."""
    pattern = _pattern(locale, currency)
    text = pattern.apply(to_decimal(amount, currency), _locale(locale), currency=currency, currency_digits=False)
    return _LETTER_BEFORE_FIGURE.sub("\N{NO-BREAK SPACE}", text)


def typed(amount: int, currency: str, locale: str) -> str:
    """Write an amount as one would type it into a field: no currency, no thousands separators ("1234,50")."""
    separator = _locale(locale).number_symbols["latn"]["decimal"]
    return str(to_decimal(amount, currency)).replace(".", separator)


@lru_cache(maxsize=256)
def _pattern(locale: str, currency: str) -> NumberPattern:
    pattern: NumberPattern = copy(_locale(locale).currency_formats["standard"])
    pattern.frac_prec = (exponent(currency), exponent(currency))
    return pattern


@lru_cache(maxsize=256)
def _locale(locale: str) -> Locale:
    """An unknown locale reads as English rather than failing a page."""
    try:
        return Locale.parse(locale.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _without_currency(text: str, currency: str) -> str:
    symbol = Locale.parse("en").currency_symbols.get(currency, currency)
    for sign in (currency, currency.lower(), symbol):
        text = text.replace(sign, "")
    return re.sub(r"\s", "", text).replace("'", "’")


def _as_decimal(text: str, locale: Locale) -> Decimal:
    if not _FIGURES.fullmatch(text):
        raise ValueError(_NOT_AN_AMOUNT)
    if _PLAIN_DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", "."))
    try:
        return parse_decimal(text, locale, strict=True)
    except NumberFormatError:
        raise ValueError(_NOT_AN_AMOUNT) from None


def _too_precise(currency: str) -> str:
    digits = exponent(currency)
    if not digits:
        return gettext("%(currency)s has no smaller unit: leave out what stands behind the point.", currency=currency)
    return gettext("%(currency)s has %(digits)s digits behind the point.", currency=currency, digits=digits)
