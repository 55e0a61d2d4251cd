"""Goods that an order holds and gives back."""

from app.shop.catalog import service as catalog
from app.shop.orders.models import Order


def put_back(order: Order) -> None:
    """Return what has not left yet to the shelf, once."""
    if not order.holds_stock:
        return
    order.holds_stock = False
    left = [(line.variant_id, line.remaining) for line in order.lines if line.remaining]
    if left:
        catalog.put_back_stock(left)
