"""Orders for programs. One door, several files of views; importing them here hangs their routes on the door."""

from app.shop.orders.api import actions, many, money, placing, reading
from app.shop.orders.api.entrance import door

__all__ = ["actions", "door", "many", "money", "placing", "reading"]
