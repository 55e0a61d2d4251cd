"""The page of one product: picker, stock, pictures, and what search engines read."""

from __future__ import annotations

import json
import re

import pytest

from app.shop.catalog import queries
from app.shop.catalog.schemas import VariantIn
from tests.factories.catalog import titles


@pytest.fixture
def vase(make_product):
    """A vase in two colours and two heights; the tall ink one is sold out."""
    variants = [
        VariantIn(4800, ["Cream", "18 cm"], sku="V-C-18", on_hand=9),
        VariantIn(6400, ["Cream", "26 cm"], compare_at=8000, on_hand=2),
        VariantIn(4800, ["Ink", "18 cm"], on_hand=9),
        VariantIn(6400, ["Ink", "26 cm"], on_hand=0),
    ]
    return make_product(
        title="Moon vase",
        options={"Colour": ["Cream", "Ink"], "Height": ["18 cm", "26 cm"]},
        variants=variants,
        description_html="<p>Thrown in <b>one</b> piece.</p>",
        image=True,
    )


def variant_ids(product) -> list:
    """Ids of the variants in the order of the picker."""
    return [variant.id for variant in queries.product_by_id(product.id).variants]


def test_a_product_page_shows_the_first_variant_and_posts_it_to_the_bag(client, vase):
    answer = client.get("/products/moon-vase")

    assert answer.status_code == 200
    assert "€48" in answer.text
    assert f'name="variant_id" value="{variant_ids(vase)[0]}"' in answer.text
    assert 'action="/cart/lines"' in answer.text
    assert 'name="_csrf"' in answer.text
    assert "Thrown in <b>one</b> piece." in answer.text


def test_a_chosen_variant_has_its_address_price_and_stock(client, vase):
    answer = client.get(f"/products/moon-vase?variant={variant_ids(vase)[1]}")

    assert "€64" in answer.text
    assert "€80" in answer.text
    assert "Only 2 left" in answer.text
    assert 'max="2"' in answer.text


def test_a_sold_out_variant_is_shown_struck_and_cannot_be_added(client, vase):
    sold_out = variant_ids(vase)[3]

    page = client.get(f"/products/moon-vase?variant={variant_ids(vase)[2]}")
    assert f'class="opt is-sold-out" href="/products/moon-vase?variant={sold_out}"' in page.text

    chosen = client.get(f"/products/moon-vase?variant={sold_out}")
    assert "Sold out" in chosen.text
    assert f'name="variant_id" value="{sold_out}"' not in chosen.text


def test_choosing_a_value_keeps_the_other_choices(client, vase):
    ids = variant_ids(vase)

    answer = client.get(f"/products/moon-vase?variant={ids[1]}")

    links = re.findall(r'class="opt[^"]*" href="/products/moon-vase\?variant=([0-9a-f-]+)"', answer.text)
    assert links == [str(one) for one in (ids[1], ids[3], ids[0], ids[1])]


def test_choosing_with_htmx_answers_the_piece_that_changes(client, vase):
    answer = client.get_fragment(f"/products/moon-vase?variant={variant_ids(vase)[1]}")

    assert "<html" not in answer.text
    assert answer.text.lstrip().startswith('<div class="pdp" id="product">')


@pytest.mark.parametrize("variant", ["nonsense", "", "01890a5d-ac96-774b-bcce-b302099a8057"])
def test_an_unknown_variant_shows_the_first_that_can_be_bought(client, vase, variant):
    answer = client.get(f"/products/moon-vase?variant={variant}")

    assert answer.status_code == 200
    assert f'name="variant_id" value="{variant_ids(vase)[0]}"' in answer.text


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_a_product_that_is_not_active_answers_like_an_unknown_one(client, make_product, status):
    make_product(handle="hidden", status=status)

    assert client.get("/products/hidden").status_code == client.get("/products/unknown").status_code == 404


def test_search_engines_read_prices_and_stock(client, vase):
    answer = client.get("/products/moon-vase")

    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text)[1])
    assert data["name"] == "Moon vase"
    assert data["description"] == "Thrown in one piece."
    offers = data["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"]) == ("AggregateOffer", "48.00", "64.00")
    assert (offers["offerCount"], offers["priceCurrency"]) == (4, "EUR")
    assert offers["availability"].endswith("InStock")
    assert [offer["price"] for offer in offers["offers"]] == ["48.00", "64.00", "48.00", "64.00"]
    assert offers["offers"][3]["availability"].endswith("OutOfStock")
    assert f'<link rel="canonical" href="{data["url"]}">' in answer.text


def test_a_product_with_one_price_is_one_offer_without_a_range(client, make_product):
    make_product(title="Jug", handle="jug")

    answer = client.get("/products/jug")

    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text)[1])
    assert [offer["@type"] for offer in data["offers"]] == ["Offer"]


def test_a_title_cannot_break_out_of_the_structured_data(client, make_product):
    make_product(title="</script><script>alert(1)</script>", handle="bad")

    answer = client.get("/products/bad")

    assert "<script>alert" not in answer.text


def test_own_words_for_search_engines_come_first(client, make_product):
    make_product(handle="vase", seo_title="Handmade vases", seo_description="Made in Porto.")

    answer = client.get("/products/vase")

    assert "<title>Handmade vases" in answer.text
    assert '<meta name="description" content="Made in Porto.">' in answer.text


def test_pictures_come_in_several_sizes_and_formats(client, vase):
    answer = client.get("/products/moon-vase")

    assert '<source type="image/avif"' in answer.text
    assert "360w" in answer.text
    assert "720w" in answer.text


def test_related_products_share_most_first(client, make_product):
    make_product(title="Vase", handle="vase", tags=["a", "b"], vendor="Kiln")
    make_product(title="Cousin", tags=["a"])
    make_product(title="Stranger")
    make_product(title="Twin", tags=["a", "b"], vendor="Kiln")

    answer = client.get("/products/vase")

    assert titles(answer) == ["Twin", "Cousin", "Stranger"]
