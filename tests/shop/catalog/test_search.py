"""Search forgives slips, reads beginnings, and looks through active products of one shop only."""

from __future__ import annotations

import pytest

from app.core import db
from app.core.access import system_actor
from app.shop.catalog import queries, search, service
from tests.factories.catalog import a_product

BY = system_actor("tests")


def found(text: str) -> list[str]:
    """Titles of what a query finds, best first."""
    wanted = queries.Narrowing(matches=queries.matches_for(text))
    return [card.title for card in queries.listing(wanted).cards]


def suggested(text: str, most: int = 6) -> list[str]:
    """Titles that are offered while somebody types."""
    return [card.title for card in queries.suggestions(text, most).products]


@pytest.mark.parametrize(
    "typed",
    [
        "vase",
        "VASE",
        "va",
        "vaes",
        "vsae",
        "vae",
        "vasse",
        "vise",
        "vases",
        "Moon vaze",
        "vase moon",
        "möon",
        "mon vas",
    ],
)
def test_a_slip_or_a_beginning_still_finds_the_vase(in_shop, typed):
    a_product(title="Moon vase")
    a_product(title="Supper plate")

    assert found(typed) == ["Moon vase"]


@pytest.mark.parametrize("typed", ["", "   ", "!!", "v", "zebra", "vase zebra", "vxyz", "%", "' or 1=1 --", "\\"])
def test_nonsense_finds_nothing_and_breaks_nothing(in_shop, typed):
    a_product(title="Moon vase")

    assert found(typed) == []


def test_accents_and_capitals_do_not_matter(in_shop):
    a_product(title="Crème Brûlée Schüssel")

    assert found("creme BRULEE") == found("schussel") == found("crème") == ["Crème Brûlée Schüssel"]


def test_two_slips_are_forgiven_in_a_long_word(in_shop):
    a_product(title="Watering can")

    assert found("wattreing") == ["Watering can"]


def test_the_title_counts_more_than_the_description(in_shop):
    a_product(title="Dinner plate", description_html="<p>Goes well with a bowl.</p>")
    a_product(title="Harvest bowl", description_html="<p>Round.</p>")

    assert found("bowl") == ["Harvest bowl", "Dinner plate"]


def test_the_word_itself_counts_more_than_its_beginning(in_shop):
    a_product(title="Mugwort tea")
    a_product(title="Mug")

    assert found("mug") == ["Mug", "Mugwort tea"]


def test_brands_tags_options_and_article_numbers_are_found(in_shop):
    a_product(title="One", vendor="Kiln & Kin", tags=["Gift idea"], kind="Tableware")
    a_product(title="Two", options={"Colour": ["Terracotta"]}, sku="KK-V-01", barcode="4006381333931")

    assert found("kiln") == found("gift") == found("tableware") == ["One"]
    assert found("terracota") == found("KK-V-01") == found("kkv01") == found("4006381333931") == ["Two"]


def test_drafts_and_archived_products_are_not_found(in_shop):
    a_product(title="Draft vase", status="draft")
    a_product(title="Old vase", status="archived")

    assert found("vase") == []
    assert suggested("vase") == []


def test_a_product_is_found_under_its_new_words_only(in_shop):
    product = a_product(title="Moon vase")
    product.title = "Sun jug"
    service.index_product(product, queries.lock_variants(product.id))

    assert found("jug") == ["Sun jug"]
    assert found("vase") == []


def test_filing_a_product_twice_changes_nothing(in_shop):
    product = a_product(title="Moon vase", description_html="<p>Thrown by hand.</p>")
    before = queries.words_of_product(product.id)

    service.index_product(product, queries.lock_variants(product.id))

    assert queries.words_of_product(product.id) == before == {"moon": 8, "vase": 8, "thrown": 1, "by": 1, "hand": 1}


def test_another_shop_finds_nothing_of_it(app, shop, other_shop, make_product):
    make_product(title="Moon vase")
    db.session.remove()

    with db.unit_of_work(other_shop.id):
        assert found("vase") == found("vaes") == []
        assert suggested("vase") == []
    with db.unit_of_work(shop.id):
        assert found("vase") == ["Moon vase"]


def test_suggestions_come_while_somebody_types(in_shop):
    a_product(title="Moon vase")
    a_product(title="Vase brush")

    assert suggested("vas") == ["Moon vase", "Vase brush"]
    assert suggested("vas", most=1) == ["Moon vase"]


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("vase", "vase", 0),
        ("vaes", "vase", 1),
        ("vas", "vase", 1),
        ("vise", "vase", 1),
        ("kitten", "sitting", 3),
        ("", "ab", 2),
    ],
)
def test_edits_between_words_are_counted_with_swaps(one, other, edits):
    assert search.distance(one, other) == search.distance(other, one) == edits


def test_numbers_are_not_guessed():
    assert search.near_spellings("2024") == {"~2024"}
    assert search.quality("2024", "2025") == 0
    assert search.near_spellings("g12345s") == {"~g12345s"}


def test_a_long_word_has_a_bounded_number_of_spellings():
    assert len(search.spellings("donaudampfschifffahrtsgesellschaft")) <= 60
