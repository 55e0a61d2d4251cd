"""The catalogue for programs. One door, several files of views; importing them here hangs their routes on the door."""

from app.shop.catalog.api import bulk, collections, images, imports, many, products, variants, writing
from app.shop.catalog.api.entrance import door

__all__ = ["bulk", "collections", "door", "images", "imports", "many", "products", "variants", "writing"]
