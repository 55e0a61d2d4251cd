"""Shoppers' pages: account, sign-in and address book."""

from app.shop.customers.storefront import access, account, addresses
from app.shop.customers.storefront.door import door

__all__ = ["access", "account", "addresses", "door"]
