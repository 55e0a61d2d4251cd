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

        days = queries.sales_by_day(start, end, "Europe/Dublin").values()
        assert (sum(day.orders for day in days), sum(day.amount for day in days)) == (3, 3 * 5300)
        hours = queries.sales_by_hour(start, end, "Europe/Dublin").values()
        assert sum(hour.amount for hour in hours) == 3 * 5300
        assert [(one.quantity, one.amount) for one in queries.sold_variants(start, end)] == [(2, 4800)] * 3
        assert (queries.to_do().to_fulfil, queries.to_do().awaiting_payment) == (1, 1)
