"""Where gateways call back."""

from app.core.web import StorefrontDoor

door = StorefrontDoor("payments")
