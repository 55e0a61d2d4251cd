"""Numbers for the home page of the back office. Amounts are minor units of the shop's currency."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, cast, func, select

from app.core import db
from app.shop.orders.models import Order, OrderLine
from app.shop.orders.queries.lists import TO_FULFIL

_SOLD = Order.status.in_(("placed", "completed"))


@dataclass(frozen=True)
class Figures:
    """Sales of a period after refunds; `average` is per order."""

    net_sales: int
    orders: int

    @property
    def average(self) -> int:
        """Minor units an order, rounded down."""
        return self.net_sales // self.orders if self.orders else 0


@dataclass(frozen=True)
class DaySales:
    """What was sold on one day of the shop's calendar."""

    day: date
    amount: int
    orders: int


@dataclass(frozen=True)
class BestSeller:
    """A variant and what it brought in a period, before discounts and refunds."""

    variant_id: UUID
    product_title: str
    variant_title: str
    image_key: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class ToDo:
    """What waits for the staff."""

    to_fulfil: int
    oldest_to_fulfil: datetime | None
    payment_failed: int
    awaiting_payment: int


def figures(start: datetime, end: datetime) -> Figures:
    """Net sales and number of orders placed from `start` to before `end`."""
    statement = select(func.coalesce(func.sum(Order.total - Order.refunded), 0), func.count(Order.id)).where(
        _SOLD, Order.placed_at >= start, Order.placed_at < end
    )
    net_sales, orders = db.session.execute(statement).one()
    return Figures(int(net_sales), orders)


def sales_by_day(start: datetime, end: datetime, timezone: str) -> list[DaySales]:
    """Sales of each day in the shop's time zone; days without a sale are absent."""
    day = cast(func.timezone(timezone, Order.placed_at), Date).label("day")
    statement = (
        select(day, func.sum(Order.total - Order.refunded), func.count(Order.id))
        .where(_SOLD, Order.placed_at >= start, Order.placed_at < end)
        .group_by("day")
        .order_by("day")
    )
    return [DaySales(when, int(amount), orders) for when, amount, orders in db.session.execute(statement)]


def best_sellers(start: datetime, end: datetime, limit: int = 5) -> list[BestSeller]:
    """The variants that brought most, first the best."""
    amount = func.sum(OrderLine.unit_price * OrderLine.quantity).label("amount")
    statement = (
        select(
            OrderLine.variant_id,
            func.max(OrderLine.product_title),
            func.max(OrderLine.variant_title),
            func.max(OrderLine.image_key),
            func.sum(OrderLine.quantity),
            amount,
        )
        .join(Order, (Order.tenant_id == OrderLine.tenant_id) & (Order.id == OrderLine.order_id))
        .where(_SOLD, Order.placed_at >= start, Order.placed_at < end)
        .group_by(OrderLine.variant_id)
        .order_by(amount.desc(), OrderLine.variant_id)
        .limit(limit)
    )
    rows = db.session.execute(statement)
    return [BestSeller(*row[:4], quantity=int(row[4]), amount=int(row[5])) for row in rows]


def to_do() -> ToDo:
    """What the staff should look at now."""
    statement = select(
        func.count().filter(TO_FULFIL),
        func.min(Order.placed_at).filter(TO_FULFIL),
        func.count().filter(Order.status == "pending", Order.payment_status == "failed"),
        func.count().filter(Order.status == "placed", Order.payment_status == "unpaid"),
    ).select_from(Order)
    return ToDo(*db.session.execute(statement).one())


def has_any() -> bool:
    """Whether the shop ever received an order."""
    return db.session.scalar(select(Order.id).limit(1)) is not None
