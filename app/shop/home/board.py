"""The home page's figures as people read them: key figures, charts, rankings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time

from app.core import clock, i18n
from app.core.i18n import gettext as _
from app.platform.tenancy.queries import current_shop
from app.shop.home import periods, queries
from app.shop.home.periods import Period
from app.shop.home.queries import Best, Day, Sums
from app.shop.orders import queries as orders
from app.shop.orders.queries.figures import ToDo
from app.ui import charts


@dataclass(frozen=True)
class Kpi:
    """One figure beside the same of the period before. `kind` says how it is written: money, number or share."""

    title: str
    kind: str
    value: int
    before: int
    spark: str

    @property
    def change(self) -> float | None:
        """Percent against the period before; None when that had nothing."""
        return round(100 * (self.value - self.before) / self.before, 1) if self.before else None


@dataclass(frozen=True)
class Dashboard:
    """Everything that the home page shows but the checklist. `has_gaps`: past days had to be added up, keep them."""

    period: Period
    kpis: list[Kpi]
    bags: int
    sales: charts.Chart
    orders: charts.Chart
    best: list[tuple[Best, float]]
    to_do: ToDo
    low: list[tuple[str, int]]
    has_gaps: bool


@dataclass(frozen=True)
class _Step:
    """A day or an hour beside the one before. `now` is None for what has not come yet."""

    label: str
    title: str
    now: Day | None
    before: Day


def dashboard(days: int) -> Dashboard:
    """The last days, today included, beside as many days before, in the shop's time zone."""
    period = periods.last(days, current_shop().timezone)
    kept = queries.kept_days(period)
    missing = [day for day in period.past_days() if day not in kept] if days > 1 else []
    steps, now, before = _by_hour(period) if period.is_one_day else _by_day(period, kept, missing)
    best = queries.best(period, kept, missing)
    shares = charts.ranking([one.amount for one in best])
    return Dashboard(
        period=period,
        kpis=_kpis(now, before, [step.now for step in steps if step.now]),
        bags=now.bags,
        sales=charts.area(_entries(steps, lambda one: one.amount, lambda one: one.orders)),
        orders=charts.bars(_entries(steps, lambda one: one.orders, lambda one: one.amount)),
        best=[(one, share.length) for one, share in zip(best, shares, strict=True)],
        to_do=orders.to_do(),
        low=queries.low_stock(),
        has_gaps=bool(missing),
    )


@dataclass(frozen=True)
class Figures:
    """The same without drawings, for programs; `days` are those of the period."""

    period: Period
    now: Sums
    before: Sums
    days: dict[date, Day]
    best: list[Best]
    to_do: ToDo
    has_gaps: bool


def figures(days: int) -> Figures:
    """The last days, today included, and the sums of as many days before."""
    period = periods.last(days, current_shop().timezone)
    kept = queries.kept_days(period)
    missing = [day for day in period.past_days() if day not in kept]
    found = queries.by_day(period, kept, missing)
    within = {day: one for day, one in found.items() if day >= period.first}
    now = queries.sum_of(list(within.values()))
    before = queries.sum_of([one for day, one in found.items() if day < period.first])
    best = queries.best(period, kept, missing)
    return Figures(period, now, before, within, best, orders.to_do(), bool(missing))


def part_of_day() -> str:
    """What people say when they come in, by the shop's clock."""
    hour = clock.now().astimezone(ZoneInfo(current_shop().timezone)).hour
    if 4 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")


def first_name(name: str) -> str:
    """What somebody is greeted by; nothing for an account that only has an address."""
    return "" if "@" in name else name.partition(" ")[0]


def _by_day(period: Period, kept: dict[date, Day], missing: Sequence[date]) -> tuple[list[_Step], Sums, Sums]:
    days = queries.by_day(period, kept, missing)
    steps = []
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        label, title = (format_skeleton(pattern, day, locale=_locale()) for pattern in ("MMMd", "yMMMd"))
        steps.append(_Step(label, title, days[day], days[day - timedelta(days=period.days)]))
    now = queries.sum_of([day for when, day in days.items() if when >= period.first])
    return steps, now, queries.sum_of([day for when, day in days.items() if when < period.first])


def _by_hour(period: Period) -> tuple[list[_Step], Sums, Sums]:
    today, yesterday = queries.by_hour(period)
    steps = []
    for hour in range(24):
        label = format_time(period.now.replace(hour=hour, minute=0), "short", locale=_locale())
        steps.append(_Step(label, label, today[hour] if hour <= period.now.hour else None, yesterday[hour]))
    return steps, *queries.sums_until_now(period)


def _entries(steps: Sequence[_Step], value: Callable[[Day], int], further: Callable[[Day], int]) -> list[charts.Entry]:
    return [
        charts.Entry(
            step.label,
            step.title,
            value(step.now) if step.now else None,
            value(step.before),
            (further(step.now) if step.now else None,),
        )
        for step in steps
    ]


def _kpis(now: Sums, before: Sums, days: Sequence[Day]) -> list[Kpi]:
    amounts, counts, bags = (
        charts.in_steps([getattr(one, name) for one in days]) for name in ("amount", "orders", "bags")
    )
    averages = [amount // count if count else 0 for amount, count in zip(amounts, counts, strict=True)]
    rates = [1000 * count // bag if bag else 0 for count, bag in zip(counts, bags, strict=True)]
    return [
        Kpi(_("Net sales"), "money", now.amount, before.amount, charts.spark(amounts)),
        Kpi(_("Orders"), "number", now.orders, before.orders, charts.spark(counts)),
        Kpi(_("Average order"), "money", now.average, before.average, charts.spark(averages)),
        Kpi(_("Conversion"), "share", now.conversion, before.conversion, charts.spark(rates)),
    ]


def _locale() -> Locale:
    return Locale.parse(i18n.locale_for(current_shop().locale), sep="-")
