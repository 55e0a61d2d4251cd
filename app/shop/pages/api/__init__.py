"""Pages for programs. One door, several files of views; importing them here hangs their routes on the door."""

from app.shop.pages.api import home, texts
from app.shop.pages.api.entrance import door

__all__ = ["door", "home", "texts"]
