"""Shoppers' pages: order status, order look-up and the account's orders."""

from app.core.web import StorefrontDoor

door = StorefrontDoor("orders")
