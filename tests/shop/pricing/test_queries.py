"""Which tax applies where, and prices from the catalogue only."""

from __future__ import annotations

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.tenancy.queries import lock_shop
from app.shop.catalog import queries as catalog
from app.shop.pricing import queries, service
from app.shop.pricing.errors import NoStandardRate, RateStandsAlready
from app.shop.pricing.schemas import Line, Taxation
from tests.factories.catalog import a_product

BY = system_actor("tests")


def first_variant(product):
    return catalog.product_by_handle(product.handle).variants[0].id


def test_a_new_irish_shop_charges_irish_vat_at_home(in_shop):
    assert queries.taxation_for("IE") == Taxation("VAT", 23_000)


def test_members_of_the_union_without_a_rate_pay_the_home_rate(in_shop):
    assert queries.taxation_for("FR").rate == 23_000


def test_a_rate_of_the_country_itself_wins(in_shop):
    service.set_tax_rate("FR", Taxation("TVA", 20_000), by=BY)

    assert queries.taxation_for("FR") == Taxation("TVA", 20_000)


def test_exports_are_not_taxed(in_shop):
    assert queries.taxation_for("US") == Taxation()


def test_a_shop_outside_the_union_gives_its_rate_to_nobody_else(app, open_shop):
    shop = open_shop(country="CH", currency="CHF")

    with app.app_context(), shop.entered():
        assert queries.taxation_for("CH").rate == 8_100
        assert queries.taxation_for("DE") == Taxation()


def test_a_quote_takes_prices_from_the_catalogue_and_from_nowhere_else(in_shop):
    mug, vase = a_product(price=2400), a_product(price=6400)
    lines = [Line(first_variant(mug), 2), Line(first_variant(vase), 1)]

    totals = queries.quote(lines, "IE", 500)

    assert (totals.subtotal, totals.shipping, totals.total) == (11_200, 500, 11_700)
    assert totals.prices_include_tax


def test_prices_without_tax_get_it_on_top(in_shop):
    lock_shop().prices_include_tax = False
    mug = a_product(price=1000)

    totals = queries.quote([Line(first_variant(mug), 1)], "IE", 0)

    assert (totals.subtotal, totals.tax, totals.total) == (1000, 230, 1230)


def test_a_country_has_one_rate(in_shop):
    with pytest.raises(RateStandsAlready):
        service.add_tax_rate("IE", Taxation("VAT", 1), by=BY)

    assert queries.taxation_for("IE").rate == 23_000


def test_an_unknown_standard_rate_is_said_and_not_guessed():
    with pytest.raises(NoStandardRate):
        service.standard_taxation("TD")


def test_every_standard_rate_is_a_rate_and_every_member_state_has_one():
    standard = queries.standard_rates()

    assert len(queries.european_union()) == 27
    assert queries.european_union() <= standard.keys()
    assert all(0 <= rate.rate <= 30_000 and rate.name for rate in standard.values())
    assert standard["FI"].rate == 25_500


def test_one_shops_rates_are_not_anothers(app, shop, other_shop):
    with app.app_context(), shop.entered():
        service.set_tax_rate("NO", Taxation("MVA", 25_000), by=BY)

    with app.app_context(), other_shop.entered():
        assert queries.tax_rate_of("NO") is None
        db.session.rollback()
