"""A request from host to commit."""

from __future__ import annotations

import pytest


def test_a_stranger_host_gets_a_neutral_421(app):
    answer = app.test_client().get("/", base_url="http://nobody.example")

    assert answer.status_code == 421
    assert "livery" not in answer.text.lower()


def test_the_shop_answers_on_its_own_host(client):
    answer = client.get("/")

    assert answer.status_code == 200


def test_the_platform_leads_to_its_front_page(platform_client):
    answer = platform_client.get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/welcome"


@pytest.mark.parametrize("path", ["/products/%00", "/collections/a%00b", "/pages/%00", "/admin/x%00", "/%00"])
def test_a_character_that_nothing_holds_names_nothing(client, path):
    assert client.get(path).status_code == 404
