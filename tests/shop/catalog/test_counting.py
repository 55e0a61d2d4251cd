"""Large shops: filters counted ahead say what counting each product would say, and what is too much is "at least"."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from app.core import db
from app.shop.catalog import queries, service
from app.shop.catalog.models import CatalogueCount
from app.shop.catalog.queries import counting, walking
from app.shop.catalog.queries.listing import _prepared
from tests.factories.catalog import a_collection, a_product, titles


@pytest.fixture
def large_from_three(monkeypatch):
    """A shop is large from its third product on."""
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)


def _goods() -> list:
    return [
        a_product(title="One", options={"Colour": ["Ink"]}, vendor="Kiln", price=1000),
        a_product(title="Two", options={"Colour": ["Cream"]}, vendor="Kiln", price=2000, on_hand=0),
        a_product(title="Three", options={"Colour": ["Ink"]}, vendor="Fire", price=3000),
        a_product(title="Four", options={"Colour": ["Ink", "Cream"]}, vendor="Fire", price=4000),
        a_product(title="Draft", options={"Colour": ["Ink"]}, vendor="Kiln", status="draft"),
    ]


def _numbers(grid: queries.Narrowing) -> tuple:
    found = queries.facets(grid)
    return found.groups, found.available, found.total


@pytest.mark.parametrize(
    "choices", [{}, {"vendor": {"Kiln"}}, {"option:Colour": {"Ink", "Cream"}, "vendor": {"Fire"}}, {"tag": {"none"}}]
)
@pytest.mark.parametrize("available", [False, True])
def test_what_was_counted_ahead_equals_what_is_counted_now(in_shop, monkeypatch, choices, available):
    goods = _goods()
    shelf = a_collection(goods, title="Shelf")
    grids = [queries.Narrowing(collection_id=at, choices=choices, available=available) for at in (None, shelf.id)]
    now = [_numbers(grid) for grid in grids]

    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    assert service.recount() == 4

    assert [_numbers(grid) for grid in grids] == now
    assert [total for _, _, total in now] == [len(queries.listing(grid).cards) for grid in grids]
    assert [queries.listing(grid, is_dense=True).cards for grid in grids] == [
        queries.listing(grid).cards for grid in grids
    ]


@pytest.mark.parametrize(
    ("sort", "most"),
    [("featured", 8000), ("newest", 8000), ("price-up", 8000), ("price-down", 8000), ("title", 8000), ("featured", 1)],
)
def test_a_page_is_the_same_whether_it_is_walked_to_or_found(in_shop, monkeypatch, sort, most):
    """Also where the first products of the order do not fit, so that the walk ends too early."""
    goods = _goods()
    shelf = a_collection(goods, title="Shelf")
    monkeypatch.setattr(walking, "MOST_WALKED", most)
    _prepared.cache_clear()
    choices = ({"option:Colour": {"Ink"}}, {"vendor": {"Kiln"}, "option:Colour": {"Ink", "Cream"}})
    for at, chosen, price in itertools.product((None, shelf.id), choices, (None, 1500)):
        wanted = queries.Narrowing(at, choices=chosen, sort=sort, price_min=price, available=len(chosen) > 1)
        found = queries.listing(wanted).cards
        assert queries.listing(wanted, is_dense=True, fitting=len(found)).cards == found
    _prepared.cache_clear()


def test_a_walk_is_worth_it_where_a_page_is_full_before_its_half():
    assert walking.is_worth_it(25, 10_000, 100_000)
    assert walking.is_worth_it(25, 625, 100_000)
    assert not walking.is_worth_it(25, 600, 100_000)
    assert not walking.is_worth_it(25, 0, 100_000)
    assert not walking.is_worth_it(4800, 10_000, 100_000)


def test_a_shop_that_became_small_counts_for_itself_again(in_shop, monkeypatch):
    _goods()
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    service.recount()
    assert counting.kept().is_large

    monkeypatch.setattr(counting, "MOST_COUNTED", 50)
    service.recount()

    assert not counting.kept().is_large


def test_more_than_can_be_counted_is_told_as_at_least(client, app, shop, large_from_three):
    with app.app_context(), shop.entered():
        _goods()

    answer = client.get("/collections/all?price_min=1")

    assert "2+ products" in answer.text
    assert sorted(titles(answer)) == ["Four", "One", "Three", "Two"]


def test_only_large_shops_that_changed_are_counted_again(app, shop, large_from_three):
    with app.app_context(), shop.entered():
        _goods()
    with app.app_context():
        assert shop.id in service.shops_to_recount(grown=True)
    with app.app_context(), shop.entered():
        service.recount()
    with app.app_context():
        assert shop.id not in service.shops_to_recount() + service.shops_to_recount(grown=True)
    with app.app_context(), shop.entered():
        a_product(title="Five")
        assert db.session.execute(select(CatalogueCount.version)).scalar_one()
    with app.app_context():
        assert shop.id in service.shops_to_recount()


def test_common_words_in_a_large_shop_are_still_found(in_shop, monkeypatch):
    for number in range(6):
        a_product(title=f"Moon vase {number}")
    a_product(title="Moon lamp")
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    monkeypatch.setattr("app.shop.catalog.queries.search.MOST_CANDIDATES", 3)
    service.recount()

    def found(text: str) -> list[str]:
        return [card.title for card in queries.listing(queries.Narrowing(matches=queries.matches_for(text))).cards]

    assert found("moon lamp") == found("lamp") == ["Moon lamp"]
    assert len(found("moon vase")) >= 3
    assert found("moon zebra") == []


def test_what_was_bought_together_is_recommended_first_and_sold_out_last(in_shop):
    vase, mug, bowl, gone = (a_product(title=name) for name in ("Vase", "Mug", "Bowl", "Gone"))
    sold_out = a_product(title="Sold out", on_hand=0)
    for order in ([vase.id, bowl.id], [vase.id, bowl.id, sold_out.id], [vase.id, sold_out.id], [vase.id, gone.id]):
        service.count_together(order)
    service.count_together([vase.id])
    gone.status = "draft"
    db.flush()

    found = queries.recommended(vase.id)

    assert [card.title for card in found.together] == ["Bowl", "Sold out"]
    assert [card.title for card in found.others] == ["Mug"]
    assert mug.id in {card.product_id for card in found.others}


def test_a_sitemap_of_many_products_comes_in_parts(client, app, shop, monkeypatch):
    monkeypatch.setattr("app.shop.pages.crawling.IN_ONE_PART", 2)
    with app.app_context(), shop.entered():
        for number in range(5):
            a_product(title=f"Thing {number}")

    index = client.get("/sitemap.xml").text
    parts = [line.partition("<loc>")[2].partition("</loc>")[0] for line in index.splitlines() if "<sitemap>" in line]

    assert "<sitemapindex" in index
    listed = "".join(client.get(part.partition("localhost")[2].lstrip(":0123456789")).text for part in parts)
    assert [listed.count(f"/products/thing-{number}<") for number in range(5)] == [1, 1, 1, 1, 1]
    assert listed.count("/collections/") + listed.count("<loc>") >= 6


def test_a_visit_without_signing_in_sets_no_cookie_and_asks_no_other_host(client, make_product):
    make_product(title="Vase", image=True)

    for path in ("/", "/collections/all", "/products/vase", "/search?q=vase", "/cart"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert 'src="http' not in answer.text
