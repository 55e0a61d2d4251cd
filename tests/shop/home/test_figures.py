"""Figures of the home page: right in the shop's time zone, kept for past days, and counted anew when a day changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core import clock, db
from app.platform.tenancy.queries import current_shop
from app.shop.home import board, queries, service
from app.shop.home.models import ProductDay, SalesDay
from app.shop.orders import service as orders
from tests.factories.orders import SYSTEM

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def figures(app, shop):
    """The dashboard of a period, as the page gets it."""

    def of(days):
        with app.app_context(), shop.entered():
            return board.dashboard(days)

    return of


@pytest.fixture
def keep(app, shop):
    """Keep the past days, as the job does."""

    def now(days=7):
        with app.app_context(), shop.entered():
            service.keep_days(days)

    return now


def kept(app, shop):
    with app.app_context(), shop.entered():
        rows = db.session.scalars(select(SalesDay).where(SalesDay.is_stale.is_(False)))
        return {row.day.isoformat(): (row.orders, row.net) for row in rows if row.orders}


def value_of(dashboard, place):
    return dashboard.kpis[place].value, dashboard.kpis[place].before


def test_a_day_ends_at_midnight_of_the_shop_and_not_of_the_server(app, shop, make_order, figures):
    with app.app_context(), shop.entered():
        current_shop().timezone = "Pacific/Auckland"
    with clock.frozen(datetime(2026, 11, 19, 10, 30, tzinfo=UTC)):  # 23:30 in Auckland
        make_order("paid")
    with clock.frozen(datetime(2026, 11, 19, 11, 30, tzinfo=UTC)):  # half past midnight there
        make_order("paid")
        assert value_of(figures(1), 1) == (1, 0)
    with clock.frozen(datetime(2026, 11, 19, 23, 30, tzinfo=UTC)):
        assert value_of(figures(1), 1) == (1, 0)
        assert [point.entry.now for point in figures(7).orders.points][-2:] == [1, 1]


def test_today_is_compared_with_yesterday_until_the_same_time(make_order, figures):
    for hours, price in ((-26, 1000), (-20, 5000), (-1, 2000)):
        with clock.frozen(NOON + timedelta(hours=hours)):
            make_order("paid", price=price, shipping=0, quantity=1)

    with clock.frozen(NOON):
        assert value_of(figures(1), 0) == (2000, 1000)


def test_kept_days_say_the_same_as_counting_does(app, shop, make_order, figures, keep):
    for days in (1, 3, 9):
        with clock.frozen(NOON - timedelta(days=days)):
            make_order("paid", price=1000 * days)
    with clock.frozen(NOON):
        make_order("paid", price=700)
        counted = figures(7)
        keep()
        from_rows = figures(7)

    assert (counted.has_gaps, from_rows.has_gaps) == (True, False)
    assert counted.kpis == from_rows.kpis
    assert counted.best == from_rows.best
    assert counted.sales == from_rows.sales
    assert len(kept(app, shop)) == 3


def test_keeping_twice_changes_nothing(app, shop, make_order, keep):
    with clock.frozen(NOON - timedelta(days=1)):
        make_order("paid")
    with clock.frozen(NOON):
        keep()
        before = kept(app, shop)
        keep()

        assert kept(app, shop) == before == {"2026-11-19": (1, 5300)}


def test_a_refund_of_a_past_day_is_taken_off_that_day(app, shop, make_order, keep, figures, run_jobs):
    with clock.frozen(NOON - timedelta(days=2)):
        order = make_order("paid")
    with clock.frozen(NOON):
        keep()
        with app.app_context(), shop.entered():
            orders.record_refund(order.id, order.id, 1300, "EUR")
        run_jobs()

        assert kept(app, shop) == {}
        assert value_of(figures(7), 0)[0] == 4000
        keep()
        assert kept(app, shop) == {"2026-11-18": (1, 4000)}


def test_a_cancelled_order_leaves_the_figures(app, shop, make_order, keep, figures, run_jobs):
    with clock.frozen(NOON - timedelta(days=2)):
        order = make_order("paid")
    with clock.frozen(NOON):
        keep()
        with app.app_context(), shop.entered():
            orders.cancel(order.number, reason="", restock=True, by=SYSTEM)
        run_jobs()

        assert value_of(figures(7), 1) == (0, 0)


def test_another_time_zone_counts_the_days_anew(app, shop, make_order, keep, figures):
    with clock.frozen(datetime(2026, 11, 18, 23, 30, tzinfo=UTC)):
        make_order("paid")
    with clock.frozen(NOON):
        keep()
        with app.app_context(), shop.entered():
            current_shop().timezone = "Asia/Kathmandu"
        assert figures(7).has_gaps
        keep()

        assert kept(app, shop) == {"2026-11-19": (1, 5300)}


def test_conversion_is_the_share_of_bags_that_became_orders(app, shop, client, make_order, figures):
    with app.app_context(), shop.entered():
        from app.shop.checkout.models import Cart

        db.session.add_all(Cart(token_hash=f"{number}") for number in range(8))
    make_order("paid")

    found = figures(30)

    assert (found.bags, value_of(found, 3)) == (8, (125, 0))


def test_the_page_asks_for_missing_days_to_be_kept(staff_client, app, shop, make_order, run_jobs):
    with clock.frozen(clock.now() - timedelta(days=3)):
        make_order("paid")

    staff_client.get("/admin?days=7")
    run_jobs()

    assert list(kept(app, shop).values()) == [(1, 5300)]
    with app.app_context(), shop.entered():
        assert db.session.scalars(select(ProductDay.quantity)).all() == [2]


def test_a_product_that_left_the_shop_is_called_as_it_was_sold(app, shop, make_order, figures, monkeypatch):
    make_order("paid", title="Gone for good")
    monkeypatch.setattr(queries.catalog, "variants_by_ids", lambda ids: {})

    assert figures(7).best[0][0].product_title == "Gone for good"
