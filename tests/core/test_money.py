"""Money is exact, knows its currency and reads what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import money
from app.core.money import CurrencyMismatch, Money

NBSP = "\N{NO-BREAK SPACE}"


def test_money_adds_subtracts_and_multiplies_exactly():
    assert Money(1250, "EUR") + Money(50, "EUR") - Money(100, "EUR") == Money(1200, "EUR")
    assert 3 * Money(1250, "EUR") == Money(3750, "EUR")


def test_two_currencies_never_add_up():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


def test_money_is_not_multiplied_by_a_fraction():
    with pytest.raises(TypeError):
        Money(100, "EUR") * 0.5


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        (125000, "EUR", "en-IE", "€1,250.00"),
        (125000, "EUR", "de-DE", f"1.250,00{NBSP}€"),
        (1250, "JPY", "en-US", "¥1,250"),
        (1250, "KWD", "en-GB", f"KWD{NBSP}1.250"),
        (-5, "GBP", "en-GB", "-£0.05"),
        (100, "EUR", "qq-QQ", "€1.00"),
    ],
)
def test_an_amount_is_written_as_its_reader_expects(amount, currency, locale, text):
    assert money.format(amount, currency, locale) == text


@pytest.mark.parametrize(
    ("text", "currency", "locale", "amount"),
    [
        ("12,50", "EUR", "en-IE", 1250),
        ("12.50", "EUR", "de", 1250),
        ("1.234,50", "EUR", "de", 123450),
        ("1,234.5", "EUR", "en", 123450),
        ("€ 12", "EUR", "en", 1200),
        ("12 EUR", "EUR", "en", 1200),
        ("1.234", "EUR", "de", 123400),
        ("1'234.50", "CHF", "de-CH", 123450),
        ("1 234,50", "EUR", "fr", 123450),
        ("12", "JPY", "en", 12),
        ("1.250", "KWD", "en", 1250),
    ],
)
def test_what_people_type_becomes_minor_units(text, currency, locale, amount):
    assert money.parse(text, currency, locale) == amount


@pytest.mark.parametrize(
    "text", ["", "abc", "NaN", "Infinity", "1e5", "12.345", "-1", "１２", "9" * 30, "1,2,3", "--1"]
)
def test_anything_unclear_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$"):
        money.parse(text, "EUR", "en")


def test_a_currency_without_minor_units_takes_whole_numbers_only():
    with pytest.raises(ValueError, match="no smaller unit"):
        money.parse("1.5", "JPY", "en")


@given(st.integers(0, 10**11), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(["en", "de", "fr", "de-CH"]))
def test_what_a_field_shows_is_read_back_as_the_same_amount(amount, currency, locale):
    amount = min(amount, 10**9)

    assert money.parse(money.typed(amount, currency, locale), currency, locale) == amount
