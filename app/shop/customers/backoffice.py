"""Staff pages: customers list and detail."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("customers")
