"""Social cards: drawn in the brand, kept under the name of their content, another shop's never."""

import io

import pytest
from PIL import Image

from app.core import access, storage
from app.platform.branding import queries, service
from app.ui import social
from app.ui.fonts import PAIRS
from app.ui.theme import BrandTokens, Theme

BY = access.system_actor("tests")


def size_of(data):
    return Image.open(io.BytesIO(data)).size


def test_a_shops_card_is_a_picture_of_the_usual_size_that_is_kept_for_ever(client, shop):
    with shop.app.app_context(), shop.entered():
        address = queries.published().social_card_url

    answer = client.get(address)

    assert size_of(answer.data) == (1200, 630)
    assert answer.content_type == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_card_changes_its_address_with_the_look(in_shop):
    before = queries.published().social_card_url

    service.publish_tokens(BrandTokens(colour="#a8492a"), by=BY)

    assert queries.published().social_card_url != before


def test_a_products_card_is_drawn_once(client, shop, make_product, monkeypatch):
    make_product(title="Moon vase", handle="moon-vase", image=True)
    with shop.app.app_context(), shop.entered():
        address = queries.published().card_url("products", "moon-vase")
    drawn = []
    monkeypatch.setattr(social, "card", lambda *a, original=social.card, **k: drawn.append(a) or original(*a, **k))

    first, second = client.get(address), client.get(address)

    assert size_of(first.data) == (1200, 630)
    assert first.data == second.data
    assert len(drawn) == 1


def test_a_card_whose_file_was_lost_is_drawn_again(client, shop, monkeypatch):
    with shop.app.app_context(), shop.entered():
        address = queries.published().social_card_url
    first = client.get(address)
    original, calls = storage.read, []

    def lost(key):
        calls.append(key)
        if len(calls) == 1:
            raise storage.NotFound()
        return original(key)

    monkeypatch.setattr(storage, "read", lost)

    assert client.get(address).data == first.data


@pytest.mark.parametrize("file", ["card-products-nothing.png", "card-secrets-x.png", "card-products-.png", "card.gif"])
def test_a_card_of_what_is_not_there_is_not_found(client, shop, file):
    assert client.get(f"/_brand/000000000000/{file}").status_code == 404


def test_another_shops_product_has_no_card_here(client, shop, other_shop):
    from tests.factories.catalog import a_product

    with shop.app.app_context(), other_shop.entered():
        a_product(title="Theirs", handle="theirs")

    assert client.get("/_brand/000000000000/card-products-theirs.png").status_code == 404
    assert other_shop.browser().get("/_brand/000000000000/card-products-theirs.png").status_code == 200


@pytest.mark.parametrize("pair", PAIRS)
def test_every_font_pair_can_be_drawn(pair):
    brand = Theme("Kiln & Kin", BrandTokens(font_pair=pair, hero_colour="#fbe0e9"))

    assert size_of(social.card(brand, "Clay with a quiet sense of occasion")) == (1200, 630)


@pytest.mark.parametrize("title", ["", "x" * 400, "word " * 80, "متجر", "陶器", "\u200f"])
def test_odd_names_give_a_card_too(title):
    assert size_of(social.card(Theme(title), title, line=title)) == (1200, 630)
