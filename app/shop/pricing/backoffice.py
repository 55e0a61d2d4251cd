"""Settings pages of the pricing room."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("pricing")
