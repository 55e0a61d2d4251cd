"""Zones, rates, and what a parcel costs."""

from __future__ import annotations

import pytest

from app.core.access import system_actor
from app.core.errors import InvalidInput, NotFound
from app.shop.shipping import hooks, queries, service
from app.shop.shipping.errors import CountryStandsElsewhere, ProviderNotInstalled, UnknownCountry
from app.shop.shipping.models import EVERYWHERE
from app.shop.shipping.schemas import DeliveryZone, NewRate

BY = system_actor("tests")


def flat(amount, name="Flat", **settings):
    return NewRate(name, "flat", {"amount": amount, "free_from": None} | settings)


def test_a_new_shop_delivers_at_home_and_to_the_rest_of_the_world(in_shop):
    (home,), (away,) = queries.rates_for("IE", 500, 1000), queries.rates_for("JP", 500, 1000)

    assert (home.name, home.amount) == ("Standard delivery", 500)
    assert (away.name, away.amount) == ("International delivery", 1500)


def test_rates_come_cheapest_first_and_only_those_that_take_the_parcel(in_shop):
    heavy = NewRate("Post", "weight", {"steps": [{"up_to": 1000, "amount": 300}], "free_from": None})
    off = NewRate("Off", "flat", {"amount": 1, "free_from": None}, is_enabled=False)
    service.write_delivery([DeliveryZone("Home", ("IE",), (flat(900), heavy, off, flat(400, "Slow")))], by=BY)

    light, too_heavy = queries.rates_for("IE", 800, 0), queries.rates_for("IE", 1800, 0)

    assert [rate.name for rate in light] == ["Post", "Slow", "Flat"]
    assert [rate.name for rate in too_heavy] == ["Slow", "Flat"]


def test_a_named_country_wins_over_the_rest_of_the_world(in_shop):
    zones = [DeliveryZone("All", (EVERYWHERE,), (flat(2000),)), DeliveryZone("Home", ("IE", "GB"), (flat(500),))]
    service.write_delivery(zones, by=BY)

    assert [rate.amount for rate in queries.rates_for("GB", 0, 0)] == [500]
    assert [rate.amount for rate in queries.rates_for("FR", 0, 0)] == [2000]


def test_where_no_zone_reaches_nothing_is_offered(in_shop):
    service.write_delivery([DeliveryZone("Home", ("IE",), (flat(500),))], by=BY)

    assert queries.rates_for("FR", 0, 0) == []


def test_a_country_stands_in_one_zone(in_shop):
    with pytest.raises(CountryStandsElsewhere):
        service.save_zone(None, "Again", ["GB", "IE"], by=BY)

    assert len(queries.all_zones()) == 2


def test_a_rate_that_makes_no_sense_is_refused_with_the_field(in_shop):
    zone = queries.all_zones()[0]

    with pytest.raises(InvalidInput) as refused:
        service.add_rate(zone.id, flat(-1), by=BY)

    assert "amount" in refused.value.errors


def test_a_rate_of_a_plugin_that_is_not_installed_is_refused_and_not_offered(in_shop):
    zone = queries.all_zones()[0]

    with pytest.raises(ProviderNotInstalled):
        service.add_rate(zone.id, NewRate("Drone", "drone", {}), by=BY)


def test_a_provider_that_fails_takes_only_its_own_rate_away(in_shop):
    class Broken:
        code, title = "broken", "Broken"

        def price(self, parcel, settings):
            raise RuntimeError("no")

        def problems(self, settings):
            return {}

    hooks.register(Broken())
    try:
        service.write_delivery([DeliveryZone("Home", ("IE",), (flat(500), NewRate("B", "broken", {})))], by=BY)

        assert [rate.name for rate in queries.rates_for("IE", 0, 0)] == ["Flat"]
    finally:
        hooks._providers.pop("broken")


def test_delivery_can_be_read_and_written_back(in_shop):
    before = queries.delivery()

    service.write_delivery(before, by=BY)

    assert queries.delivery() == before


def test_countries_are_read_by_name_or_code(in_shop):
    assert queries.read_countries("Ireland, fr; Germany") == ["DE", "FR", "IE"]
    with pytest.raises(UnknownCountry):
        queries.read_countries("Ireland, Frnace")


def test_another_shops_zone_is_not_there(app, shop, other_shop):
    with app.app_context(), other_shop.entered():
        foreign = queries.all_zones()[0].id

    with app.app_context(), shop.entered(), pytest.raises(NotFound):
        service.remove_zone(foreign, by=BY)


def test_yen_start_with_a_sensible_rate(app, open_shop):
    shop = open_shop(country="JP", currency="JPY")

    with app.app_context(), shop.entered():
        assert [rate.amount for rate in queries.rates_for("JP", 0, 0)] == [500]


class Stubborn:
    """A provider that does what it was made with."""

    code, title, asks_outside = "stubborn", "Stubborn", True

    def __init__(self, answer):
        self.answer = answer

    def price(self, parcel, settings):
        return self.answer()

    def problems(self, settings):
        raise RuntimeError("no")


@pytest.fixture
def stubborn(in_shop):
    provider = Stubborn(lambda: hooks.DeliveryPrice(700))
    hooks.register(provider)
    rates = (flat(500), NewRate("Stubborn", "stubborn", {}))
    provider_problems, Stubborn.problems = Stubborn.problems, lambda self, settings: {}
    service.write_delivery([DeliveryZone("Home", ("IE",), rates)], by=BY)
    Stubborn.problems = provider_problems
    yield provider
    hooks._providers.pop("stubborn")


@pytest.mark.parametrize("answer", ["7.00", 7.5, {"price": 7}, hooks.DeliveryPrice("7"), hooks.DeliveryPrice(-1)])
def test_a_provider_that_answers_rubbish_takes_only_its_own_rate_away(stubborn, answer):
    stubborn.answer = lambda: answer

    assert [rate.name for rate in queries.rates_for("IE", 0, 0)] == ["Flat"]


def test_a_provider_outside_that_fails_is_taken_at_its_last_word_for_the_same_parcel(stubborn):
    assert [rate.amount for rate in queries.rates_for("IE", 100, 0)] == [500, 700]

    stubborn.answer = lambda: 1 / 0

    assert [rate.amount for rate in queries.rates_for("IE", 100, 0)] == [500, 700]
    assert [rate.amount for rate in queries.rates_for("IE", 101, 0)] == [500]


def test_settings_are_not_taken_while_a_provider_cannot_check_them(stubborn):
    with pytest.raises(InvalidInput):
        service.add_rate(queries.all_zones()[0].id, NewRate("Again", "stubborn", {}), by=BY)
