"""Export gives back what import takes."""

from __future__ import annotations

import csv
import io

import pytest

from app.core import db
from app.shop.catalog import exporting, queries
from app.shop.catalog.importing import queries as imports
from tests.shop.catalog.test_importing import SAMPLES, bring_in, closed_network  # noqa: F401 (an autouse fixture)


def test_an_export_brought_into_another_shop_exports_the_same(app, shop, other_shop):
    with app.app_context(), shop.entered():
        bring_in((SAMPLES / "own.csv").read_bytes())
        bring_in((SAMPLES / "shopify.csv").read_bytes())
        first = exporting.whole()
    with app.app_context(), other_shop.entered():
        row = bring_in(first)
        second = exporting.whole()

    assert row.total == first.count("\r\n") - 1
    assert second == first
    assert first.count("\r\n") == 7


def test_an_export_brought_back_into_its_own_shop_changes_nothing(in_shop, make_product):
    make_product(title="Cup", options={"Size": ["S", "L"]}, image=True, description_html="<p>Hi</p>", price=1999)

    row = bring_in(exporting.whole())

    assert set(imports.states(row.id)) == {"unchanged"}
    assert imports.pictures(row.id)["waiting"] == imports.pictures(row.id)["failed"] == 0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'=", "''+"])
def test_what_a_spreadsheet_would_run_is_quoted_and_comes_back(in_shop, make_product, start):
    title = f"{start}1+1" if start not in "\t\r" else "Tab"
    make_product(title=title, handle="risky", sku=f"{start}cmd" if start not in "\t\r" else "x", vendor="-5")
    text = exporting.whole()

    assert all(
        not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in csv.reader(io.StringIO(text)) for cell in row
    )
    queries.find_product("risky").title = "Changed"
    db.flush()
    bring_in(text)
    assert queries.find_product("risky").title == title
    assert exporting.whole() == text


def test_a_yen_has_no_digits_behind_the_point(app, open_shop):
    shop = open_shop(country="JP", currency="JPY")
    with app.app_context(), shop.entered():
        bring_in("handle,title,price\nfan,Fan,1200\n")
        bring_in("handle,title,price\nhat,Hat,12.50\n")

        assert queries.find_product("hat") is None
        assert ",1200," in exporting.whole()
