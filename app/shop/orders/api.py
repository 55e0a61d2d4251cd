"""Orders over the API."""

from app.core.rest import ApiDoor

door = ApiDoor("orders")
