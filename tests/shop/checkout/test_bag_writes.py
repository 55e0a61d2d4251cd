"""Putting in is one statement that also tells what else is in; what is refused leaves the bag as it was."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core import clock, db
from app.core.ids import new_id
from app.platform.branding import service as branding
from app.shop.checkout import service
from app.shop.checkout.errors import NotEnough, TooManyLines
from app.shop.checkout.models import CartLine
from app.ui.theme import BrandTokens
from tests.ui.test_fragments import SYSTEM


def lines():
    """What is in all bags of this shop, by variant."""
    return {one.variant_id: one.quantity for one in db.session.scalars(select(CartLine))}


@pytest.fixture
def two_bags(app, shop, sell):
    """Two things, a bag with one of each, and another bag with many."""
    first, second = sell(on_hand=50), sell(on_hand=50)
    with app.app_context(), db.unit_of_work(shop.id):
        mine, _ = service.open_cart()
        other, _ = service.open_cart()
        service.add_to_cart(other.id, first, 20)
        return mine.id, first, second


def test_all_pieces_of_this_bag_are_counted_and_of_no_other(app, shop, two_bags):
    mine, first, second = two_bags
    with app.app_context(), db.unit_of_work(shop.id):
        assert service.add_to_cart(mine, first, 2) == 2
        assert service.add_to_cart(mine, second, 3) == 5
        assert service.add_to_cart(mine, first, 4) == 9


def test_what_is_refused_leaves_the_bag_as_it_was(app, shop, two_bags):
    mine, first, _ = two_bags
    with app.app_context(), db.unit_of_work(shop.id):
        service.add_to_cart(mine, first, 40)
    with pytest.raises(NotEnough), app.app_context(), db.unit_of_work(shop.id):
        service.add_to_cart(mine, first, 11)
    with app.app_context(), db.unit_of_work(shop.id):
        kept = select(CartLine.quantity).where(CartLine.cart_id == mine)
        assert db.session.scalars(kept).all() == [40]


def test_one_more_kind_than_a_bag_holds_is_refused_and_more_of_one_is_not(app, shop, two_bags, monkeypatch):
    mine, first, second = two_bags
    monkeypatch.setattr(service, "MOST_LINES", 1)
    with app.app_context(), db.unit_of_work(shop.id):
        assert [service.add_to_cart(mine, first, 1) for _ in range(2)] == [1, 2]
        with pytest.raises(TooManyLines):
            service.add_to_cart(mine, second, 1)
        db.session.rollback()


def test_a_shop_puts_nothing_into_a_bag_of_another(app, shop, other_shop, two_bags):
    mine, first, _ = two_bags
    with app.app_context(), db.unit_of_work(other_shop.id):
        with pytest.raises(IntegrityError):
            service._line_written().rows(
                id=new_id(), cart=mine, variant=first, more=1, title="", price=0, now=clock.now()
            )
        db.session.rollback()
        assert lines() == {}


def test_the_answer_is_drawn_for_its_number_and_word(app, shop, buyer, sell):
    def put_in():
        more = {"variant_id": str(variant), "quantity": 1}
        return buyer.browser.post_form("/cart/lines", more, htmx=True).text

    variant = sell(on_hand=9)
    first, second = put_in(), put_in()
    with app.app_context(), shop.entered():
        branding.publish_tokens(BrandTokens(words={"bag": "Basket"}), by=SYSTEM)
    third = put_in()

    assert [re.search(r"count num[^>]*>(\d+)<", one)[1] for one in (first, second, third)] == ["1", "2", "3"]
    assert "Basket, 3 items" in third and "Basket" not in second
    assert "_csrf" not in first
