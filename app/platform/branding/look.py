"""The brand engine as this room's services and queries use it: pure functions and values, no page and no request."""

from app.ui.logo import UnreadableLogo, as_png, colours_of, icon, open_logo, trimmed
from app.ui.theme import BrandTokens, Theme, css_for, css_hash

__all__ = [
    "BrandTokens",
    "Theme",
    "UnreadableLogo",
    "as_png",
    "colours_of",
    "css_for",
    "css_hash",
    "icon",
    "open_logo",
    "trimmed",
]
