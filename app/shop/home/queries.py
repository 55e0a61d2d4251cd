"""Everything that the home page reads.

Past days are read as they were kept (models.SalesDay); only today, and days not kept yet, are added up from orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core import db
from app.shop.catalog import queries as catalog
from app.shop.catalog.schemas import SellableVariant
from app.shop.checkout import queries as checkout
from app.shop.home.models import ProductDay, SalesDay
from app.shop.home.periods import Period
from app.shop.orders import queries as orders
from app.shop.orders.queries.figures import Sold

LOW_STOCK = 3
RANKED = 200


@dataclass(frozen=True)
class Day:
    """Figures of one day, or of one hour."""

    amount: int = 0
    orders: int = 0
    bags: int = 0


@dataclass(frozen=True)
class Sums:
    """Figures of a period."""

    amount: int
    orders: int
    bags: int

    @property
    def average(self) -> int:
        """Minor units an order, rounded down."""
        return self.amount // self.orders if self.orders else 0

    @property
    def conversion(self) -> int:
        """Of a thousand bags, how many became orders."""
        return min(1000 * self.orders // self.bags, 1000) if self.bags else 0


@dataclass(frozen=True)
class Best:
    """A variant and what it brought."""

    product_title: str
    variant_title: str
    image_key: str
    quantity: int
    amount: int


def kept_days(period: Period) -> dict[date, Day]:
    """Days of this period and the one before that were counted in the shop's present time zone."""
    statement = select(SalesDay).where(
        SalesDay.day >= period.first_before,
        SalesDay.day < period.today,
        SalesDay.timezone == period.timezone,
        SalesDay.is_stale.is_(False),
    )
    return {row.day: Day(row.net, row.orders, row.bags) for row in db.session.scalars(statement)}


def counted_days(period: Period, first: date) -> dict[date, Day]:
    """Days from `first` to today, added up from orders and bags."""
    start = period.start_of(first)
    sales = orders.sales_by_day(start, period.until, period.timezone)
    bags = checkout.bags_by_day(start, period.until, period.timezone)
    return {day: _day(sales.get(day), bags.get(day, 0)) for day in {*sales, *bags}}


def locked_day(day: date) -> SalesDay:
    """The row of one day, which the caller has locked already."""
    statement = select(SalesDay).where(SalesDay.day == day).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def by_day(period: Period, kept: dict[date, Day], missing: Sequence[date]) -> dict[date, Day]:
    """Every day of the period and of the one before, those without a sale too."""
    counted = counted_days(period, min(missing, default=period.today))
    return {day: kept.get(day) or counted.get(day, Day()) for day in [*period.past_days(), period.today]}


def by_hour(period: Period) -> tuple[dict[int, Day], dict[int, Day]]:
    """The hours of today, and of yesterday."""
    midnight = period.start_of(period.today)
    today = orders.sales_by_hour(midnight, period.until, period.timezone)
    yesterday = orders.sales_by_hour(period.start_of(period.first_before), midnight, period.timezone)
    return _hours(today), _hours(yesterday)


def sums_until_now(period: Period) -> tuple[Sums, Sums]:
    """Today, and yesterday up to the same time of day."""
    midnight, yesterday = period.start_of(period.today), period.start_of(period.first_before)
    return _between(midnight, period.until, period), _between(yesterday, period.yesterday_until_now, period)


def sum_of(days: Sequence[Day]) -> Sums:
    """Several days in one."""
    return Sums(sum(one.amount for one in days), sum(one.orders for one in days), sum(one.bags for one in days))


def _between(start: datetime, end: datetime, period: Period) -> Sums:
    sold = orders.sales_by_hour(start, end, period.timezone).values()
    bags = sum(checkout.bags_by_day(start, end, period.timezone).values())
    return Sums(sum(one.amount for one in sold), sum(one.orders for one in sold), bags)


def _hours(sold: dict[int, Sold]) -> dict[int, Day]:
    return {hour: _day(sold.get(hour), 0) for hour in range(24)}


def _day(sold: Sold | None, bags: int) -> Day:
    return Day(sold.amount, sold.orders, bags) if sold else Day(bags=bags)


def best(period: Period, kept: dict[date, Day], missing: Sequence[date], limit: int = 5) -> list[Best]:
    """What brought most: days that are kept, and the rest from the lines of orders."""
    first = min((day for day in missing if day >= period.first), default=period.today)
    sold = _kept_products([day for day in kept if period.first <= day < first])
    for one in orders.sold_variants(period.start_of(first), period.until):
        quantity, amount = sold.get(one.variant_id, (0, 0))
        sold[one.variant_id] = quantity + one.quantity, amount + one.amount
    ranked = sorted(sold.items(), key=lambda item: (-item[1][1], item[0]))[:limit]
    names = _names([variant_id for variant_id, _figures in ranked])
    return [Best(*names.get(variant_id, ("", "", "")), *figures) for variant_id, figures in ranked]


def _kept_products(days: Sequence[date]) -> dict[UUID, tuple[int, int]]:
    amount = func.sum(ProductDay.amount).label("amount")
    statement = (
        select(ProductDay.variant_id, func.sum(ProductDay.quantity), amount)
        .where(ProductDay.day.in_(days))
        .group_by(ProductDay.variant_id)
        .order_by(amount.desc())
        .limit(RANKED)
    )
    rows = db.session.execute(statement) if days else ()
    return {variant_id: (int(quantity), int(brought)) for variant_id, quantity, brought in rows}


def _names(variant_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str, str]]:
    """Product, variant and picture of each; what has left the shop is called as it was sold."""
    named = {
        variant_id: (one.product_title, _real_title(one.title), one.image.key if one.image else "")
        for variant_id, one in catalog.variants_by_ids(variant_ids).items()
    }
    for variant_id, line in orders.sold_as(one for one in variant_ids if one not in named).items():
        named[variant_id] = line.product_title, line.variant_title, line.image_key
    return named


def _real_title(title: str) -> str:
    return "" if title == "Default Title" else title


def low_stock() -> list[tuple[str, int]]:
    """Three variants that run out, and how many are left: those that can still be bought first."""
    found = sorted(catalog.low_stock(LOW_STOCK), key=lambda one: (one.on_hand == 0, one.on_hand))[:3]
    return [(_name(one), one.on_hand) for one in found]


def _name(one: SellableVariant) -> str:
    return f"{one.product_title}, {one.title}" if _real_title(one.title) else one.product_title
