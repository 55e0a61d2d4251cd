"""Staff's pages of the catalogue: products, pictures, collections, import and export.

One door, several files of views; importing them here is what hangs their routes on the door.
"""

from app.shop.catalog.backoffice import bulk, collections, imports, pictures, products, variants
from app.shop.catalog.backoffice.entrance import door

__all__ = ["bulk", "collections", "door", "imports", "pictures", "products", "variants"]
