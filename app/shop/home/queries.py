"""Everything that the home page reads."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton

from app.core import clock
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries as catalog
from app.shop.catalog.schemas import SellableVariant
from app.shop.home import chart
from app.shop.home.schemas import Dashboard, Kpi
from app.shop.orders import queries as orders
from app.shop.orders.queries.figures import DaySales, Figures

LOW_STOCK = 3


def dashboard(days: int) -> Dashboard:
    """The last `days` days, today included, beside as many days before, in the shop's time zone."""
    zone = ZoneInfo(current_shop().timezone)
    now = clock.now().astimezone(zone)
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    start, before = tomorrow - timedelta(days=days), tomorrow - timedelta(days=2 * days)
    sales = {one.day: one for one in orders.sales_by_day(before, tomorrow, zone.key)}
    table = _table(sales, start.date(), days)
    return Dashboard(
        days=days,
        start=start.date(),
        end=now.date(),
        kpis=_kpis(orders.figures(start, tomorrow), orders.figures(before, start), table),
        chart=chart.draw(table),
        best=orders.best_sellers(start, tomorrow, 4),
        to_do=orders.to_do(),
        low=[(_name(one.product_title, one.title), one.on_hand) for one in _low()],
        made_at=now,
    )


def _low() -> list[SellableVariant]:
    """Three variants that run out: those that can still be bought first."""
    return sorted(catalog.low_stock(LOW_STOCK), key=lambda one: (one.on_hand == 0, one.on_hand))[:3]


def part_of_day() -> str:
    """What people say when they come in, by the shop's clock."""
    hour = clock.now().astimezone(ZoneInfo(current_shop().timezone)).hour
    return "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


def first_name(name: str) -> str:
    """What somebody is greeted by; nothing for an account that only has an address."""
    return "" if "@" in name else name.partition(" ")[0]


def _table(sales: dict[date, DaySales], start: date, days: int) -> list[chart.Day]:
    """One entry a day, those without a sale too."""
    nothing, locale = DaySales(start, 0, 0), current_shop().locale
    table = []
    for number in range(days):
        day = start + timedelta(days=number)
        one, before = sales.get(day, nothing), sales.get(day - timedelta(days=days), nothing)
        table.append(chart.Day(day, _label(day, locale), one.amount, before.amount, one.orders))
    return table


def _label(day: date, locale: str) -> str:
    """Day and month as the shop writes them: "24 Oct"."""
    return format_skeleton("MMMd", day, locale=Locale.parse(locale, sep="-"))


def _kpis(now: Figures, before: Figures, table: list[chart.Day]) -> list[Kpi]:
    amounts, counts = _in_steps([one.amount for one in table]), _in_steps([one.orders for one in table])
    averages = [amount // count if count else 0 for amount, count in zip(amounts, counts, strict=True)]
    return [
        Kpi("Net sales", now.net_sales, True, _change(now.net_sales, before.net_sales), chart.spark(amounts)),
        Kpi("Orders", now.orders, False, _change(now.orders, before.orders), chart.spark(counts)),
        Kpi("Average order", now.average, True, _change(now.average, before.average), chart.spark(averages)),
    ]


def _in_steps(values: list[int], steps: int = 14) -> list[int]:
    """The same values in about fourteen sums, so that a small line stays a line."""
    size = max(1, round(len(values) / steps))
    return [sum(values[start : start + size]) for start in range(0, len(values), size)]


def _change(now: int, before: int) -> float | None:
    return round(100 * (now - before) / before, 1) if before else None


def _name(product: str, variant: str) -> str:
    return f"{product}, {variant}" if variant else product
