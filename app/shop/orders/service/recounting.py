"""Bringing what is kept beside orders up to date, for a shop that got them by other ways than the checkout."""

from sqlalchemy import Update, func, select, update

from app.core import db
from app.shop.customers.models import Customer
from app.shop.orders.models import Order

_NAME = func.btrim(func.split_part(func.substr(Order.search, func.length(Order.number) + 2), Order.email, 1))
_LAST_WORD_FIRST = func.regexp_replace(Order.name_key, r"^(.*) (\S+)$", r"\2 \1")


def recount() -> None:
    """What the lists of orders and customers search and sort by, for the whole entered shop; may run twice."""
    db.flush()
    unnamed = (Order.name_key == "", Order.search != "", Order.email != "")
    _run(update(Order).where(*unnamed).values(name_key=_NAME))
    _run(update(Order).where(Order.surname_key == "", Order.name_key != "").values(surname_key=_LAST_WORD_FIRST))
    bought = (
        select(
            Order.tenant_id,
            Order.customer_id,
            func.count().label("orders"),
            func.sum(Order.total - Order.refunded).label("spent"),
            func.max(Order.placed_at).label("last_at"),
        )
        .where(Order.status.in_(("placed", "completed")))
        .group_by(Order.tenant_id, Order.customer_id)
        .subquery()
    )
    _run(
        update(Customer)
        .where(Customer.tenant_id == bought.c.tenant_id, Customer.id == bought.c.customer_id)
        .values(order_count=bought.c.orders, spent=bought.c.spent, last_order_at=bought.c.last_at)
    )


def _run(statement: Update) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
