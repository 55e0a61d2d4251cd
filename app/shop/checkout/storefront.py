"""Cart and checkout pages."""

from app.core.web import StorefrontDoor

door = StorefrontDoor("checkout")
