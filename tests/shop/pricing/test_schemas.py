"""The arithmetic of a basket: exact for every input."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import money
from app.shop.pricing.schemas import Basket, Taxation, add_up, parse_percent, percent_text, tax_of

VARIANT = UUID(int=1)
rates = st.integers(0, 100_000)
amounts = st.integers(0, 10**9)
baskets = st.builds(
    Basket,
    currency=st.sampled_from(["EUR", "JPY", "KWD", "USD"]),
    items=st.lists(st.tuples(st.just(VARIANT), st.integers(1, 99), amounts), max_size=20),
    shipping=amounts,
    prices_include_tax=st.booleans(),
    taxation=st.builds(Taxation, name=st.just("VAT"), rate=rates, taxes_delivery=st.booleans()),
)


@given(baskets)
def test_lines_delivery_and_tax_always_add_up_to_the_total(basket):
    totals = add_up(basket)

    added_tax = 0 if totals.prices_include_tax else totals.tax
    assert sum(line.amount for line in totals.lines) == totals.subtotal
    assert totals.subtotal + totals.shipping + added_tax == totals.total
    assert totals.net + totals.tax == totals.total
    assert sum(line.tax for line in totals.lines) + totals.shipping_tax == totals.tax
    assert sum(tax.amount for tax in totals.tax_lines) == totals.tax


@given(baskets)
def test_no_figure_is_ever_below_zero_and_contained_tax_never_exceeds_its_price(basket):
    totals = add_up(basket)

    assert min(totals.subtotal, totals.shipping, totals.tax, totals.total, totals.net) >= 0
    if totals.prices_include_tax:
        assert all(line.tax <= line.amount for line in totals.lines)


@given(amounts, rates, st.booleans())
def test_the_tax_of_a_line_is_the_exact_tax_rounded_half_up(amount, rate, included):
    base = Decimal(100_000 + rate if included else 100_000)
    exact = Decimal(amount) * rate / base

    assert tax_of(amount, rate, included=included) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(baskets)
def test_splitting_a_quantity_over_two_lines_moves_the_tax_by_one_unit_at_most_each(basket):
    split = [(variant, 1, price) for variant, quantity, price in basket.items for _ in range(quantity)][:200]
    whole = [(variant, quantity, price) for variant, quantity, price in basket.items]
    pieces = sum(quantity for _, quantity, _ in whole)
    if pieces > 200:
        return

    together = add_up(Basket("EUR", whole, 0, basket.prices_include_tax, basket.taxation))
    apart = add_up(Basket("EUR", split, 0, basket.prices_include_tax, basket.taxation))

    assert together.subtotal == apart.subtotal
    assert abs(together.tax - apart.tax) <= pieces


def test_half_a_cent_is_rounded_up():
    assert tax_of(50, 19_000, included=False) == 10  # 9.5
    assert tax_of(250, 5_000, included=False) == 13  # 12.5
    assert tax_of(49, 1_000, included=False) == 0  # 0.49


def test_irish_vat_is_taken_out_of_a_price_that_contains_it():
    totals = add_up(Basket("EUR", [(VARIANT, 1, 6400)], 500, True, Taxation("VAT", 23_000)))

    assert (totals.subtotal, totals.shipping, totals.total) == (6400, 500, 6900)
    assert totals.tax == 1197 + 93


def test_american_sales_tax_is_put_on_top_and_delivery_may_be_free_of_it():
    totals = add_up(Basket("USD", [(VARIANT, 3, 1999)], 795, False, Taxation("Sales tax", 8_875, taxes_delivery=False)))

    assert totals.tax == 532  # 59.97 x 8.875 % = 5.3223
    assert totals.total == 5997 + 795 + 532


def test_yen_have_no_smaller_unit_and_stay_whole():
    totals = add_up(Basket("JPY", [(VARIANT, 1, 1999)], 500, False, Taxation("消費税", 10_000)))

    assert totals.tax == 200 + 50
    assert money.format(totals.total, "JPY", "ja-JP") in {"￥2,749", "¥2,749"}


def test_kuwaiti_dinars_have_a_thousandth_and_lose_none():
    totals = add_up(Basket("KWD", [(VARIANT, 1, 1_999)], 1, True, Taxation("VAT", 5_000)))

    assert totals.total == 2_000
    assert totals.tax == 95
    assert "2.000" in money.format(totals.total, "KWD", "en-KW")


def test_a_basket_of_nothing_costs_nothing():
    totals = add_up(Basket("EUR", []))

    assert (totals.total, totals.tax, totals.tax_lines) == (0, 0, ())


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ("23", 23_000),
        ("8,1", 8_100),
        ("8.875 %", 8_875),
        ("0", 0),
        ("100", 100_000),
        *((nonsense, None) for nonsense in ("101", "-1", "", "1.2345", "ten", "1e1")),
    ],
)
def test_percentages_are_read_as_people_type_them(typed, rate):
    assert parse_percent(typed) == rate


@given(rates)
def test_a_percentage_survives_being_written_and_read(rate):
    assert parse_percent(percent_text(rate)) == rate
