"""The settings page of taxes."""

from __future__ import annotations

import uuid

import pytest

from app.core.access import Actor
from app.shop.pricing import queries

PAGE = "/admin/settings/taxes"


def rate_id(at_shop, country="IE"):
    return at_shop(lambda: queries.tax_rate_of(country).id)


def test_staff_see_the_rates_of_their_shop(staff_client):
    page = staff_client.get(PAGE)

    assert page.status_code == 200
    assert "Ireland" in page.text


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.get(PAGE)

    assert answer.status_code == 303
    assert "/admin/sign-in" in answer.headers["Location"]
    assert client.post_form(PAGE, {"country": "FR"}).status_code == 303


def test_a_country_without_a_percentage_gets_its_standard_rate(staff_client, at_shop):
    answer = staff_client.post_form(PAGE, {"country": "FR", "name": "", "percent": "", "taxes_delivery": "1"})

    assert answer.status_code == 303
    assert at_shop(lambda: queries.taxation_for("FR").rate) == 20_000


def test_htmx_gets_the_changed_list_and_not_a_page(staff_client):
    answer = staff_client.post_form(PAGE, {"country": "FR", "name": "TVA", "percent": "5,5"}, htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'value="5.5"' in answer.text


def test_a_rate_is_changed_in_its_row(staff_client, at_shop):
    answer = staff_client.post_form(f"{PAGE}/{rate_id(at_shop)}", {"name": "VAT", "percent": "13.5"})

    assert answer.status_code == 303
    assert at_shop(lambda: queries.taxation_for("IE").rate) == 13_500


@pytest.mark.parametrize("percent", ["", "ten", "101", "-1", "1.2345"])
def test_a_bad_percentage_gets_a_sentence_and_changes_nothing(staff_client, at_shop, percent):
    answer = staff_client.post_form(f"{PAGE}/{rate_id(at_shop)}", {"name": "VAT", "percent": percent})

    assert answer.status_code == 422
    assert at_shop(lambda: queries.taxation_for("IE").rate) == 23_000
    assert not percent or f'value="{percent}"' in answer.text


def test_a_country_that_has_a_rate_is_not_added_twice(staff_client):
    answer = staff_client.post_form(PAGE, {"country": "IE", "name": "VAT", "percent": "9"})

    assert answer.status_code == 409
    assert "has a rate already" in answer.text


def test_a_removed_rate_is_gone(staff_client, at_shop):
    answer = staff_client.post_form(f"{PAGE}/{rate_id(at_shop)}/remove")

    assert answer.status_code == 303
    assert at_shop(lambda: queries.taxation_for("IE").rate) == 0


def test_another_shops_rate_is_not_there(staff_client, app, other_shop):
    with app.app_context(), other_shop.entered():
        foreign = queries.tax_rate_of("IE").id

    fields = {"name": "VAT", "percent": "1"}
    answers = [staff_client.post_form(f"{PAGE}/{found}", fields) for found in (foreign, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    with app.app_context(), other_shop.entered():
        assert queries.taxation_for("IE").rate == 23_000


def test_a_manager_without_the_permission_is_refused(staff_client, monkeypatch):
    monkeypatch.setattr("app.core.access.current_actor", lambda: Actor("staff", uuid.uuid4(), "Mo"))

    assert staff_client.get(PAGE).status_code == 403
