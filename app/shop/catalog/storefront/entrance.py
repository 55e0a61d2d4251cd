"""The door that all shoppers' views of the catalogue share."""

from app.core.web import StorefrontDoor

door = StorefrontDoor("catalog")
