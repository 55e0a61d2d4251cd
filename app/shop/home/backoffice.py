"""Door: the back office's home page and the general settings."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("home")
