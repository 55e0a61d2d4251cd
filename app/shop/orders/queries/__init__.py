"""Everything that reads orders."""

from app.shop.orders.queries.figures import best_sellers, figures, has_any, sales_by_day, to_do
from app.shop.orders.queries.lists import Wanted, counts, for_programs, listing, lock_guest_orders, newest, spending
from app.shop.orders.queries.one import (
    STATUS_PURPOSE,
    by_cart,
    by_id,
    by_number,
    expired_pending,
    fulfilment,
    is_counted,
    lock,
    lock_by_number,
    lock_many,
    of_customer,
    status_link,
    status_path,
    timeline,
)

__all__ = [
    "STATUS_PURPOSE",
    "Wanted",
    "best_sellers",
    "by_cart",
    "by_id",
    "by_number",
    "counts",
    "expired_pending",
    "figures",
    "for_programs",
    "fulfilment",
    "has_any",
    "is_counted",
    "listing",
    "lock",
    "lock_by_number",
    "lock_guest_orders",
    "lock_many",
    "newest",
    "of_customer",
    "sales_by_day",
    "spending",
    "status_link",
    "status_path",
    "timeline",
    "to_do",
]
