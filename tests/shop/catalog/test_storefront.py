"""What shoppers see of the catalogue: shelves, filters, search and the product page, as pages and as pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.core import db
from app.core.ids import new_id
from app.shop.catalog import queries, service
from app.shop.catalog.schemas import VariantIn
from tests.factories.catalog import a_collection, a_product


def titles(answer) -> list[str]:
    """The products of a grid, in order."""
    main = answer.text.partition('class="listing-main"')[2] or answer.text
    return re.findall(r'<h3><a href="/products/[^"]*">([^<]*)</a></h3>', main)


@contextmanager
def counted_statements(app) -> Iterator[list[str]]:
    """Every statement that reaches the database, transaction control left out."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(" ".join(statement.split()))

    with app.app_context():
        engines = list({id(engine): engine for engine in db.db.engines.values()}.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


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


# --- product ----------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("variant", ["nonsense", "", str(new_id())])
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
    assert [offer["price"] for offer in data["offers"]] == ["48.00", "64.00", "48.00", "64.00"]
    assert data["offers"][3]["availability"].endswith("OutOfStock")
    assert f'<link rel="canonical" href="{data["url"]}">' in answer.text


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


# --- speed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/collections/shelf?option=Colour:Ink", "/products/thing-0", "/search?q=thing", "/"])
def test_a_page_costs_the_same_few_statements_however_much_it_shows(app, shop, path):
    def add(numbers) -> list:
        options = {"Colour": ["Ink", "Cream"]}
        return [a_product(title=f"Thing {n}", options=options, tags=["a"], image=True) for n in numbers]

    def statements_of_the_page() -> list[str]:
        with counted_statements(app) as seen:
            assert shop.browser().get(path).status_code == 200
        return seen

    with app.app_context(), shop.entered():
        a_collection(add(range(2)), title="Shelf")
    few = statements_of_the_page()
    with app.app_context(), shop.entered():
        add(range(2, 14))
    many = statements_of_the_page()

    own = [one for one in many if re.search(r"from (product|collection|search_key|\(select product_facet)", one, re.I)]
    assert len(many) == len(few)
    assert len(own) <= 3, own
    assert len([one for one in many if one.startswith("SELECT")]) <= 9, many
