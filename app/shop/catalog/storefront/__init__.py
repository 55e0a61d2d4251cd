"""Shoppers' pages of the catalogue. One door; importing the views is what hangs their routes on it."""

from app.shop.catalog.storefront import products, shelves
from app.shop.catalog.storefront.entrance import door

__all__ = ["door", "products", "shelves"]
