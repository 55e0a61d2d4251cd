"""Shoppers' pages: account, sign-in and address book."""

from app.core.web import StorefrontDoor

door = StorefrontDoor("customers")
