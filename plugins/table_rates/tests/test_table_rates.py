"""The table: limits, gaps, rounding and what people mistype; and what every plugin must do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from livery_table_rates import plugin, table
from livery_table_rates.provider import TableRates

from app.pluginapi import Parcel
from app.pluginapi.testing import conformance

test_conformance = conformance(plugin)

PLAIN = """weight_from,weight_to,value_to,price,per_kg,percent
0,2000,,4.90,,
2000,30000,150,6.90,0.80,
2000,30000,,0,,
"""


def price(text: str, grams: int, subtotal: int = 100, currency: str = "EUR") -> int | None:
    found = TableRates().price(Parcel("DE", grams, subtotal, currency), {"table": text})
    return None if found is None else found.amount


def problem(text: str) -> str:
    return TableRates().problems({"table": text}).get("table", "")


@pytest.mark.parametrize(
    ("grams", "subtotal", "amount"),
    [
        (0, 100, 490),
        (1999, 100, 490),
        (2000, 100, 690 + 2 * 80),
        (2001, 100, 690 + 3 * 80),
        (29_999, 14_999, 690 + 30 * 80),
        (2000, 15_000, 0),
        (30_000, 100, None),
    ],
)
def test_the_first_line_that_fits_is_taken_and_the_rest_is_not_delivered(grams, subtotal, amount):
    assert price(PLAIN, grams, subtotal) == amount


@pytest.mark.parametrize(("currency", "amount"), [("EUR", 151), ("JPY", 2), ("KWD", 1505)])
def test_prices_are_rounded_a_half_upwards_to_the_currencys_own_digits(currency, amount):
    assert price("price\n1.505", 1, currency=currency) == amount


def test_a_part_of_the_value_is_added():
    assert price("price,percent\n1,2.5", 1, subtotal=10_000) == 100 + 250


@pytest.mark.parametrize(
    "text",
    ["price;weight_to\n4,90;2000", "weight_to\tprice\r\n2000\t4,90\r\n", 'PRICE , weight_to\n"4.90",2000\n\n,\n'],
)
def test_spreadsheets_of_all_kinds_are_read(text):
    assert price(text, 1) == 490


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1: The first line names the columns"),
        ("weight_to\n1", "Line 1: The first line"),
        ("price,colour\n1,red", "Line 1: The first line"),
        ("price,price\n1,2", "Line 1: The first line"),
        ("price\n", "Line 2: There is no line with a price."),
        ("price,weight_to\n1,2\n,5", "Line 3: It has no price"),
        ("price\n1\n1,2", "Line 3: It has more columns"),
        ("price,weight_from,weight_to\n1,5,5", "Line 2: Its upper limit"),
        ("price,value_to\n1,0", "Line 2: Its upper limit"),
        ('price,weight_to\n1,"5x\n2,6\n', "Line 2: “5x” is no number for weight_to."),
        ("price\n" + "1\n" * 1001, "A table has 1,000 lines at most."),
        ("price\n" + "x\n" * 7, "And 2 more."),
    ],
)
def test_each_line_that_cannot_be_read_is_named(text, said):
    assert said in problem(text)


@pytest.mark.parametrize("typed", ["-1", "1e99", "nan", "Infinity", "1_000", "١", "1.2.3", "0x10", "=1+1", "1,000.50"])
def test_what_is_no_amount_is_refused(typed):
    assert "is no number for price" in problem(f"price;weight_to\n{typed};5")


amounts = some.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100)
limits = some.none() | some.integers(0, 5000).map(Decimal)


@given(rows=some.lists(some.builds(table.Row, limits, limits, limits, limits, amounts, some.none() | amounts)),
       grams=some.integers(0, 6000), subtotal=some.integers(0, 600_000))  # fmt: skip
def test_a_price_is_that_of_some_line_that_fits_and_never_below_its_own(rows, grams, subtotal):
    found = table.priced(tuple(rows), grams, subtotal, 2)
    fitting = [row for row in rows if row.fits(grams, Decimal(subtotal) / 100)]

    assert (found is None) == (not fitting)
    assert found is None or found >= fitting[0].price * 100
