"""The settings pages of payments."""

from __future__ import annotations

import uuid

from app.core.access import Actor
from app.shop.payments import queries

PAGE = "/admin/settings/payments"


def test_staff_see_every_installed_gateway(staff_client):
    page = staff_client.get(PAGE).text

    assert "Test payment" in page
    assert "Bank transfer" in page


def test_a_stranger_is_asked_to_sign_in(client):
    assert "/admin/sign-in" in client.get(PAGE).headers["Location"]
    assert client.post_form(f"{PAGE}/testpay", {"title": "x"}).status_code == 303


def test_staff_without_the_permission_are_refused(staff_client, monkeypatch):
    monkeypatch.setattr("app.core.access.current_actor", lambda: Actor("staff", uuid.uuid4(), "Mo"))

    assert staff_client.get(PAGE).status_code == 403
    assert staff_client.get(f"{PAGE}/testpay").status_code == 403


def test_a_gateway_is_renamed_and_switched_off(staff_client, at_shop):
    answer = staff_client.post_form(f"{PAGE}/testpay", {"title": "Play money", "instructions": ""})

    assert answer.status_code == 303
    assert "Play money" in staff_client.get(PAGE).text
    assert [each.code for each in at_shop(queries.enabled_gateways)] == ["bank_transfer"]


def test_bank_details_are_written_for_buyers(staff_client, at_shop):
    fields = {"title": "Bank transfer", "instructions": "IBAN IE29 AIBK 9311 5212 3456 78", "is_enabled": "1"}

    staff_client.post_form(f"{PAGE}/bank_transfer", fields)

    assert at_shop(lambda: queries.offered("bank_transfer").instructions) == fields["instructions"]


def test_an_empty_secret_keeps_the_stored_one_and_none_is_ever_shown(staff_client, at_shop):
    before = at_shop(lambda: queries.account_of("testpay").secret)
    staff_client.post_form(f"{PAGE}/testpay", {"title": "T", "is_enabled": "1", "secret": ""})
    assert at_shop(lambda: queries.account_of("testpay").secret) == before

    staff_client.post_form(f"{PAGE}/testpay", {"title": "T", "is_enabled": "1", "secret": "shh-new"})

    assert at_shop(lambda: queries.account_of("testpay").secret) == "shh-new"
    assert "shh-new" not in staff_client.get(f"{PAGE}/testpay").text


def test_a_secret_that_was_typed_wrong_is_not_shown_again(staff_client):
    answer = staff_client.post_form(f"{PAGE}/testpay", {"title": "", "secret": "shh-new"})

    assert answer.status_code == 422
    assert "shh-new" not in answer.text


def test_two_shops_start_with_different_secrets(app, shop, other_shop, at_shop):
    with app.app_context(), other_shop.entered():
        foreign = queries.account_of("testpay").secret

    assert at_shop(lambda: queries.account_of("testpay").secret) != foreign
    assert len(foreign) >= 40


def test_settings_of_a_gateway_are_kept(staff_client, at_shop, gateway):
    fields = {"title": "Obedient", "is_enabled": "1", "settings-0-name": "account", "settings-0-value": "4711"}
    assert "Account number" in staff_client.get(f"{PAGE}/obedient").text

    staff_client.post_form(f"{PAGE}/obedient", fields)

    assert at_shop(lambda: queries.account_of("obedient").settings) == {"account": "4711"}


def test_gateways_that_do_not_exist_are_not_there(staff_client):
    assert staff_client.get(f"{PAGE}/nobody").status_code == 404
    assert staff_client.post_form(f"{PAGE}/nobody", {"title": "x"}).status_code == 404
