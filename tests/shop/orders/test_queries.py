"""Figures for the home page."""

from __future__ import annotations

from datetime import timedelta

from app.core import clock
from app.shop.orders import queries


def test_the_home_page_gets_its_figures(app, shop, make_order):
    for state in ("pending", "paid", "shipped", "awaiting", "cancelled"):
        make_order(state)
    with app.app_context(), shop.entered():
        now = clock.now()
        start, end = now - timedelta(days=1), now + timedelta(days=1)

        assert (queries.figures(start, end).orders, queries.figures(start, end).net_sales) == (3, 3 * 5300)
        assert queries.figures(start, end).average == 5300
        assert sum(day.amount for day in queries.sales_by_day(start, end, "Europe/Dublin")) == 3 * 5300
        assert queries.best_sellers(start, end)[0].product_title == "Stoneware mug"
        assert (queries.to_do().to_fulfil, queries.to_do().awaiting_payment) == (1, 1)
