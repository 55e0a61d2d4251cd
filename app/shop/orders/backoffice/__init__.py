"""Staff pages: orders list, detail and what can be done with an order."""

from app.shop.orders.backoffice import actions, bulk, lists, money
from app.shop.orders.backoffice.door import door

__all__ = ["actions", "bulk", "door", "lists", "money"]
