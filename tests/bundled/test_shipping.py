"""Flat rates and weight tables."""

from __future__ import annotations

import pytest

from app.bundled.flat_shipping.provider import FlatRate
from app.bundled.weight_shipping.provider import WeightTable
from app.pluginapi import DeliveryPrice, Parcel

STEPS = [{"up_to": 1000, "amount": 490}, {"up_to": 5000, "amount": 990}]


def parcel(weight=500, subtotal=2000):
    return Parcel("IE", weight, subtotal, "EUR")


@pytest.mark.parametrize(("subtotal", "amount"), [(0, 490), (7999, 490), (8000, 0), (9000, 0)])
def test_a_flat_rate_is_free_from_its_value_on(subtotal, amount):
    assert FlatRate().price(parcel(subtotal=subtotal), {"amount": 490, "free_from": 8000}) == DeliveryPrice(amount)


def test_a_flat_rate_without_a_free_value_is_never_free():
    assert FlatRate().price(parcel(subtotal=10**9), {"amount": 490, "free_from": None}) == DeliveryPrice(490)


@pytest.mark.parametrize(("weight", "amount"), [(0, 490), (1000, 490), (1001, 990), (5000, 990)])
def test_a_weight_takes_the_first_step_that_carries_it(weight, amount):
    assert WeightTable().price(parcel(weight), {"steps": STEPS}) == DeliveryPrice(amount)


def test_a_parcel_that_is_too_heavy_is_not_taken():
    assert WeightTable().price(parcel(5001), {"steps": STEPS}) is None


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "steps"),
        ({"steps": [{"up_to": 0, "amount": 1}]}, "steps"),
        ({"steps": [{"up_to": 5, "amount": 1}, {"up_to": 5, "amount": 2}]}, "steps"),
        ({"steps": [{"up_to": 5, "amount": -1}]}, "steps"),
    ],
)
def test_a_weight_table_that_makes_no_sense_is_refused(settings, field):
    assert field in WeightTable().problems(settings)


@pytest.mark.parametrize("settings", [{}, {"amount": -1}, {"amount": None}, {"amount": 1, "free_from": -1}])
def test_a_flat_rate_that_makes_no_sense_is_refused(settings):
    assert FlatRate().problems(settings)


def test_sensible_settings_are_accepted():
    assert not FlatRate().problems({"amount": 0, "free_from": None})
    assert not WeightTable().problems({"steps": STEPS, "free_from": 8000})
