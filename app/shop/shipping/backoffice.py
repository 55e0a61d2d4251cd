"""Settings pages of the shipping room."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("shipping")
