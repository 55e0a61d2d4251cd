"""Names of colours that a swatch can show."""

from __future__ import annotations

from typing import Any

from app.core.text import fold
from app.shop.catalog.schemas import Swatch

COLOUR_OPTIONS = {"colour", "color", "farbe", "couleur", "kleur", "cor", "colore", "glaze", "finish", "shade"}

_HEX = {
    "amber": "#c98a2b", "aqua": "#7fc8c6", "beige": "#ddcfb8", "black": "#1c1b1a", "blue": "#2f5fa8",
    "blush": "#e8bdb2", "bone": "#e9e2d3", "brass": "#b08d57", "brown": "#6d4a33", "burgundy": "#6b1f2e",
    "charcoal": "#3a3b3d", "chocolate": "#4e3226", "clay": "#b5694c", "cobalt": "#1f3f95", "copper": "#b06a42",
    "coral": "#ee7b62", "cream": "#efe6d8", "denim": "#4a6488", "emerald": "#12724f", "forest": "#27452f",
    "gold": "#c9a227", "graphite": "#44474b", "green": "#3c7a4a", "grey": "#8b8d90", "gray": "#8b8d90",
    "indigo": "#35357a", "ink": "#2f3438", "ivory": "#f4efe2", "khaki": "#8d8262", "lavender": "#b8a6d9",
    "lemon": "#f0dc62", "lilac": "#c4a8d0", "lime": "#a6c83d", "magenta": "#b3286e", "maroon": "#6e2230",
    "mint": "#a9d8c0", "moss": "#6a7442", "mustard": "#cf9f2f", "natural": "#dccbb0", "navy": "#1e2b4d",
    "nude": "#e2c3ad", "oat": "#dfd3bd", "ocean": "#28607f", "ochre": "#bf842c", "olive": "#6c6b3a",
    "orange": "#e07b2f", "peach": "#f4b995", "petrol": "#1d5560", "pink": "#e79bb3", "plum": "#5d2b4e",
    "purple": "#6a3f8f", "red": "#b9322f", "rose": "#d9899a", "rust": "#b4552d", "sage": "#9caf8c",
    "sand": "#d8c4a3", "silver": "#c3c6c9", "sky": "#9cc7e6", "slate": "#566069", "stone": "#b7afa3",
    "tan": "#c39e77", "taupe": "#8d7f73", "teal": "#1f7a78", "terracotta": "#bd5f3f", "turquoise": "#35a7a1",
    "violet": "#6f4aa0", "white": "#fafaf7", "wine": "#68243a", "yellow": "#eec93f",
}  # fmt: skip


def is_colour_option(name: str) -> bool:
    """Is this the option that swatches stand for?"""
    return fold(name) in COLOUR_OPTIONS


def hex_of(name: str) -> str:
    """The colour of a name, found by any of its words from the last ("Matte dark green" is green); else ""."""
    words = fold(name).replace("-", " ").replace("/", " ").split()
    return next((_HEX[word] for word in reversed(words) if word in _HEX), "")


def swatches(options: list[dict[str, Any]]) -> tuple[Swatch, ...]:
    """The dots under a product's card: its colours, when there is more than one and all are known."""
    for option in options:
        values = option.get("values", [])
        if is_colour_option(option.get("name", "")) and len(values) > 1:
            found = tuple(Swatch(name, hex_of(name)) for name in values)
            return found if all(swatch.hex for swatch in found) else ()
    return ()
