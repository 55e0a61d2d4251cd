"""Settings pages of the payments room."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("payments")
