"""Staff's pages of the catalogue: products, collections, import and export.

One door, three files of views; importing them here is what hangs their routes on the door.
"""

from app.shop.catalog.backoffice.entrance import door

__all__ = ["door"]
