"""The settings pages of delivery."""

from __future__ import annotations

import uuid

import pytest

from app.core.access import Actor
from app.shop.shipping import queries

PAGE = "/admin/settings/delivery"


def home_zone(at_shop):
    return at_shop(lambda: queries.zone_of("IE").id)


def home_rate(at_shop):
    return at_shop(lambda: queries.rates_of(queries.zone_of("IE").id)[0].id)


def amounts(at_shop, country="IE", weight=0):
    return at_shop(lambda: [rate.amount for rate in queries.rates_for(country, weight, 1000)])


def test_staff_see_zones_and_rates(staff_client):
    page = staff_client.get(PAGE).text

    assert "Standard delivery" in page
    assert "€5.00" in page
    assert "every country that no other zone names" in page


def test_a_stranger_is_asked_to_sign_in(client):
    assert "/admin/sign-in" in client.get(PAGE).headers["Location"]


def test_staff_without_the_permission_are_refused(staff_client, monkeypatch):
    monkeypatch.setattr("app.core.access.current_actor", lambda: Actor("staff", uuid.uuid4(), "Mo"))

    assert staff_client.get(PAGE).status_code == 403
    assert staff_client.post_form(f"{PAGE}/zones/new", {"name": "x", "countries": "FR"}).status_code == 403


def test_a_zone_is_added_with_names_of_countries(staff_client, at_shop):
    answer = staff_client.post_form(f"{PAGE}/zones/new", {"name": "Neighbours", "countries": "France, gb"})

    assert answer.status_code == 303
    assert at_shop(lambda: queries.zone_of("FR").name) == "Neighbours"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "countries": "FR"}, "fill this in"),
        ({"name": "X", "countries": ""}, "at least one country"),
        ({"name": "X", "countries": "Frnace"}, "Frnace"),
        ({"name": "X", "countries": "Ireland"}, "stands in the zone"),
        ({"name": "X", "countries": "FR", "surprise": "1"}, "not known"),
    ],
)
def test_a_bad_zone_gets_a_sentence_and_is_not_added(staff_client, at_shop, fields, sentence):
    answer = staff_client.post_form(f"{PAGE}/zones/new", fields)

    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert len(at_shop(queries.all_zones)) == 2


def test_a_zone_is_changed_and_shows_its_countries(staff_client, at_shop):
    zone = home_zone(at_shop)
    assert "Ireland" in staff_client.get(f"{PAGE}/zones/{zone}").text

    answer = staff_client.post_form(f"{PAGE}/zones/{zone}", {"name": "Isles", "countries": "IE, GB"})

    assert answer.status_code == 303
    assert at_shop(lambda: queries.zone_of("GB").name) == "Isles"


def test_a_removed_zone_takes_its_rates_along(staff_client, at_shop):
    answer = staff_client.post_form(f"{PAGE}/zones/{home_zone(at_shop)}/remove", htmx=True)

    assert answer.status_code == 200
    assert "Standard delivery" not in answer.text
    assert amounts(at_shop) == [1500]


def test_a_flat_rate_is_added(staff_client, at_shop):
    form = f"{PAGE}/zones/{home_zone(at_shop)}/rates/flat"
    assert staff_client.get(form).status_code == 200

    fields = {"name": "Courier", "provider": "flat", "amount": "12,50", "free_from": "", "is_enabled": "1"}
    answer = staff_client.post_form(form, fields | {"delivery_time": "tomorrow"})

    assert answer.status_code == 303
    assert amounts(at_shop) == [500, 1250]


def test_a_weight_table_is_added_and_empty_lines_are_left_out(staff_client, at_shop):
    form = f"{PAGE}/zones/{home_zone(at_shop)}/rates/weight"
    steps = {"steps-0-up_to": "1000", "steps-0-amount": "4.90", "steps-1-up_to": "5000", "steps-1-amount": "9.90"}
    empty = {"steps-2-up_to": "", "steps-2-amount": "", "free_from": ""}

    answer = staff_client.post_form(form, {"name": "Parcel", "provider": "weight", "is_enabled": "1"} | steps | empty)

    assert answer.status_code == 303
    assert amounts(at_shop, weight=800) == [490, 500]
    assert amounts(at_shop, weight=6000) == [500]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ({"steps-0-up_to": "1000", "steps-0-amount": ""}, "needs a weight and a price"),
        ({"steps-0-up_to": "0", "steps-0-amount": "1"}, "1 or more"),
        (
            {"steps-0-up_to": "9", "steps-0-amount": "1", "steps-1-up_to": "5", "steps-1-amount": "1"},
            "must rise",
        ),
        ({}, "at least one weight"),
    ],
)
def test_a_bad_weight_table_gets_a_sentence(staff_client, at_shop, steps, sentence):
    form = f"{PAGE}/zones/{home_zone(at_shop)}/rates/weight"

    answer = staff_client.post_form(form, {"name": "Parcel", "provider": "weight", "is_enabled": "1"} | steps)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert amounts(at_shop) == [500]


def test_a_rate_is_changed_and_switched_off(staff_client, at_shop):
    rate = home_rate(at_shop)
    assert 'value="5.00"' in staff_client.get(f"{PAGE}/rates/{rate}").text

    staff_client.post_form(f"{PAGE}/rates/{rate}", {"name": "Slow", "provider": "flat", "amount": "3"})

    assert at_shop(lambda: queries.rate_by_id(rate).is_enabled) is False
    assert amounts(at_shop) == []


def test_a_bad_price_keeps_what_was_typed(staff_client, at_shop):
    fields = {"name": "Slow boat", "provider": "flat", "amount": "three", "is_enabled": "1"}

    answer = staff_client.post_form(f"{PAGE}/rates/{home_rate(at_shop)}", fields)

    assert answer.status_code == 422
    assert 'value="three"' in answer.text
    assert "Slow boat" in answer.text
    assert amounts(at_shop) == [500]


def test_a_rate_is_removed(staff_client, at_shop):
    answer = staff_client.post_form(f"{PAGE}/rates/{home_rate(at_shop)}/remove")

    assert answer.status_code == 303
    assert amounts(at_shop) == []


def test_foreign_zones_and_rates_answer_like_unknown_ones(staff_client, app, other_shop):
    with app.app_context(), other_shop.entered():
        zone = queries.zone_of("IE").id
        rate = queries.rates_of(zone)[0].id

    for path in (f"zones/{zone}", f"zones/{uuid.uuid4()}", f"rates/{rate}", f"rates/{uuid.uuid4()}"):
        assert staff_client.get(f"{PAGE}/{path}").status_code == 404
        assert staff_client.post_form(f"{PAGE}/{path}/remove").status_code == 404
    with app.app_context(), other_shop.entered():
        assert queries.rate_by_id(rate).name == "Standard delivery"
