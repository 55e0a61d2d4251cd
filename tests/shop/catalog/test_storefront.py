"""What shoppers see of the catalogue: shelves, filters, search and the product page, as pages and as pieces."""

from __future__ import annotations

import pytest

from app.core import db
from app.shop.catalog import queries, service
from app.shop.catalog.schemas import VariantIn
from tests.factories.catalog import a_collection, a_product, titles

# --- shelves ----------------------------------------------------------------------------------------------------


def test_a_shelf_shows_its_products_in_the_merchants_order(client, make_product, make_collection):
    products = [make_product(title=title) for title in ("Apple", "Bowl", "Cup")]
    make_collection([products[2], products[0]], title="Table", description_html="<p>Set it.</p>")

    answer = client.get("/collections/table")

    assert answer.status_code == 200
    assert titles(answer) == ["Cup", "Apple"]
    assert "Set it." in answer.text


def test_everything_is_a_shelf_of_its_own(client, make_product):
    make_product(title="Apple")

    assert titles(client.get("/collections/all")) == ["Apple"]


def test_drafts_and_archived_products_stand_on_no_shelf(client, make_product, make_collection):
    hidden = [make_product(status="draft"), make_product(status="archived")]
    make_collection(hidden, title="Table")

    answer = client.get("/collections/table")

    assert titles(answer) == []
    assert "Nothing here yet" in answer.text


@pytest.mark.parametrize("handle", ["unknown", "draft"])
def test_an_unknown_shelf_and_a_draft_answer_alike(client, make_collection, handle):
    make_collection([], title="Draft", status="draft")

    assert client.get(f"/collections/{handle}").status_code == 404


def test_shelves_and_products_of_another_shop_are_not_found(client, other_shop, app):
    with app.app_context(), other_shop.entered():
        a_collection([a_product(handle="theirs")], title="Theirs")

    assert client.get("/collections/theirs").status_code == 404
    assert client.get("/products/theirs").status_code == 404
    assert titles(client.get("/collections/all")) == []
    assert other_shop.browser().get("/products/theirs").status_code == 200


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("price-up", ["Cheap", "Middle", "Dear"]),
        ("price-down", ["Dear", "Middle", "Cheap"]),
        ("title", ["Cheap", "Dear", "Middle"]),
        ("newest", ["Middle", "Cheap", "Dear"]),
        ("nonsense", ["Middle", "Cheap", "Dear"]),
    ],
)
def test_a_shelf_is_sorted_as_asked(client, make_product, sort, order):
    for title, price in (("Dear", 900), ("Cheap", 100), ("Middle", 500)):
        make_product(title=title, price=price)

    assert titles(client.get(f"/collections/all?sort={sort}")) == order


def test_best_sold_products_are_featured(client, make_product):
    first = make_product(title="Slow seller")
    make_product(title="New")
    service.count_sold([(first.id, 3)])
    db.checkpoint()

    assert titles(client.get("/collections/all")) == ["Slow seller", "New"]


def test_filters_narrow_by_option_brand_tag_price_and_stock(client, make_product):
    make_product(title="Vase", options={"Colour": ["Ink", "Cream"]}, vendor="Kiln", tags=["gift"], price=6400)
    make_product(title="Mug", options={"Colour": ["Ink"]}, vendor="Fire", price=2800, on_hand=0)
    make_product(title="Plate", vendor="Kiln", price=3400)

    def shown(query: str) -> list[str]:
        return sorted(titles(client.get(f"/collections/all?{query}")))

    assert shown("option=Colour:Ink") == ["Mug", "Vase"]
    assert shown("option=Colour:Cream") == ["Vase"]
    assert shown("option=Colour:Ink&vendor=Fire") == ["Mug"]
    assert shown("vendor=Fire&vendor=Kiln") == ["Mug", "Plate", "Vase"]
    assert shown("tag=gift") == ["Vase"]
    assert shown("price_min=30&price_max=35,00") == ["Plate"]
    assert shown("available=1") == ["Plate", "Vase"]
    assert shown("tag=nothing") == []


def test_each_filter_is_counted_under_the_others(client, make_product):
    make_product(options={"Colour": ["Ink"]}, vendor="Kiln")
    make_product(options={"Colour": ["Cream"]}, vendor="Kiln")
    make_product(options={"Colour": ["Ink"]}, vendor="Fire")

    found = queries.facets(queries.Narrowing(choices={"vendor": {"Kiln"}}))

    counts = {facet.name: {one.value: one.count for one in facet.values} for facet in found.groups}
    assert counts == {"option:Colour": {"Cream": 1, "Ink": 1}, "vendor": {"Fire": 1, "Kiln": 2}}
    assert (found.lowest, found.highest, found.available) == (2000, 2000, 2)


def test_a_filter_in_use_is_a_chip_that_leads_to_the_page_without_it(client, make_product):
    make_product(options={"Colour": ["Ink", "Cream"]}, vendor="Kiln")

    answer = client.get("/collections/all?vendor=Kiln&option=Colour:Ink&sort=title")

    assert 'href="/collections/all?sort=title&amp;option=Colour%3AInk"' in answer.text
    assert 'href="/collections/all?sort=title&amp;vendor=Kiln"' in answer.text
    assert "noindex" in answer.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("price_min=abc", "amount"), ("price_max=-1", "amount"), ("price_min=20&price_max=10", "below the lowest")],
)
def test_a_price_that_cannot_be_read_is_told_beside_the_field_and_kept(client, make_product, query, sentence):
    make_product(title="Vase")

    answer = client.get(f"/collections/all?{query}")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{query.rpartition("=")[2]}"' in answer.text


@pytest.mark.parametrize(
    "query", ["page=abc", "page=-3", "page=99999999999", "option=Colour", "option=:", "utm_source=x"]
)
def test_noise_in_the_address_changes_nothing_that_breaks(client, make_product, query):
    make_product(title="Vase")

    assert client.get(f"/collections/all?{query}").status_code == 200


def test_a_long_shelf_has_pages(client, make_product, make_collection):
    make_collection([make_product(title=f"Cup {number:02}") for number in range(26)], title="Cups")

    first, second = client.get("/collections/cups"), client.get("/collections/cups?page=2")

    assert (len(titles(first)), titles(second)) == (24, ["Cup 24", "Cup 25"])
    assert 'rel="next" href="/collections/cups?page=2"' in first.text
    assert 'rel="prev" href="/collections/cups"' in second.text
    assert "There is no such page" in client.get("/collections/cups?page=9").text


def test_filtering_with_htmx_answers_the_piece_and_its_address(client, make_product):
    make_product(title="Vase", vendor="Kiln")

    answer = client.get_fragment("/collections/all?vendor=Kiln&price_min=&price_max=&sort=featured")

    assert "<html" not in answer.text
    assert titles(answer) == ["Vase"]
    assert answer.headers["HX-Push-Url"] == "/collections/all?vendor=Kiln"
    assert "HX-Request" in answer.headers["Vary"]


def test_all_shelves_are_listed(client, make_product, make_collection):
    make_collection([make_product(image=True)], title="Vases")
    make_collection([], title="Hidden", status="draft")

    answer = client.get("/collections")

    assert "Vases" in answer.text
    assert "Hidden" not in answer.text


# --- cards ------------------------------------------------------------------------------------------------------


def test_a_card_offers_the_first_variant_that_can_be_bought(make_product):
    variants = [VariantIn(1000, ["S"], on_hand=0), VariantIn(1200, ["M"], on_hand=3, compare_at=1500)]
    make_product(title="Shirt", options={"Size": ["S", "M"]}, variants=variants)

    [card] = queries.newest_cards()

    assert (card.subtitle, card.price, card.percent_off, card.few_left, card.has_price_range) == (
        "M",
        1200,
        20,
        3,
        True,
    )
    assert card.variant_id is not None


def test_a_sold_out_product_is_shown_and_offers_no_button(client, make_product):
    make_product(title="Vase", on_hand=0)

    answer = client.get("/collections/all")

    assert "Sold out" in answer.text
    assert 'class="quick"' not in answer.text


def test_colours_are_shown_as_dots_when_all_are_known(make_product):
    make_product(title="Vase", options={"Colour": ["Cream", "Ink"]})
    make_product(title="Shirt", options={"Colour": ["Cream", "Zorblax"]})

    dots = {card.title: [swatch.name for swatch in card.swatches] for card in queries.newest_cards()}
    assert dots == {"Vase": ["Cream", "Ink"], "Shirt": []}


def test_a_filtered_card_shows_the_variant_that_was_asked_for(client, make_product):
    variants = [VariantIn(1000, ["Cream"]), VariantIn(1200, ["Ink"]), VariantIn(1400, ["Rust"], on_hand=0)]
    make_product(title="Mug", options={"Colour": ["Cream", "Ink", "Rust"]}, variants=variants)

    def subtitle(*ticked: str) -> str:
        return queries.listing(queries.Narrowing(choices={"option:Colour": set(ticked)})).cards[0].subtitle

    assert (subtitle("Ink"), subtitle("Rust"), subtitle("Rust", "Ink")) == ("Ink", "Rust", "Ink")


# --- search -----------------------------------------------------------------------------------------------------


def test_search_forgives_a_slip(client, make_product):
    make_product(title="Moon vase")

    answer = client.get("/search?q=vaes")

    assert titles(answer) == ["Moon vase"]
    assert 'value="vaes"' in answer.text


def test_search_results_can_be_filtered_and_sorted(client, make_product):
    make_product(title="Moon vase", vendor="Kiln", price=900)
    make_product(title="Sun vase", vendor="Fire", price=100)

    assert titles(client.get("/search?q=vase&sort=price-up")) == ["Sun vase", "Moon vase"]
    assert titles(client.get("/search?q=vase&vendor=Kiln")) == ["Moon vase"]


def test_a_search_without_results_says_so_and_offers_a_way_on(client, shop):
    answer = client.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "Nothing found for" in answer.text
    assert "<script>alert" not in answer.text
    assert client.get("/search").status_code == 200
    assert client.get(f"/search?q={'x' * 300}").status_code == 422


def test_suggestions_are_a_piece_with_links(client, make_product):
    make_product(title="Moon vase")

    answer = client.get_fragment("/search/suggest?q=mo")

    assert '<a href="/products/moon-vase">' in answer.text
    assert "<html" not in answer.text
    assert "Nothing found" in client.get_fragment("/search/suggest?q=zzzz").text
    assert "Nothing found" not in client.get_fragment("/search/suggest?q=").text
