"""The door that all back-office views of the catalogue share."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("catalog")
