"""Staff pages: orders list, detail and what can be done with an order."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("orders")
