"""The one door of the staff's customer pages."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("customers")
