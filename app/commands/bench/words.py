"""Words for made-up goods: few that many products share, many that few products share, as in a real shop."""

from __future__ import annotations

from itertools import product

ADJECTIVES = (
    "Moon", "Sun", "Everyday", "Harvest", "Sage", "Ember", "Supper", "Sunday", "Linen", "Oak", "Wool", "River",
    "Stone", "Winter", "Summer", "Alpine", "Coastal", "Nordic", "Vintage", "Rustic", "Modern", "Classic", "Urban",
    "Royal", "Silver", "Golden", "Copper", "Velvet", "Cotton", "Marble", "Granite", "Bamboo", "Cedar", "Maple",
    "Willow", "Amber", "Coral", "Ivory", "Indigo", "Paper",
)  # fmt: skip
NOUNS = (
    "Vase", "Mug", "Bowl", "Plate", "Pitcher", "Bottle", "Lantern", "Flask", "Tumbler", "Candle", "Soap", "Basket",
    "Blanket", "Pillow", "Chair", "Table", "Shelf", "Lamp", "Mirror", "Clock", "Rug", "Towel", "Apron", "Teapot",
    "Kettle", "Spoon", "Ladle", "Tray", "Jar", "Planter", "Hook", "Frame", "Print", "Notebook", "Stool", "Bench",
)  # fmt: skip
COLOURS = ("Cream", "Ink", "Rust", "Sage", "Blue", "Red", "Green", "Black", "White", "Yellow")
SIZES = ("S", "M", "L")
THEMES = ("Gift", "Kitchen", "Garden", "Office", "Bath", "Travel", "Kids", "Outdoor")
_BEGINNINGS = ("ka", "lo", "mi", "ren", "sto", "vel", "dar", "pin", "gu", "tas", "bri", "no", "fe", "qua")
_MIDDLES = ("la", "ri", "mo", "ten", "su", "bel", "da", "ke", "vi", "po", "ga", "ne", "fo", "lu", "ti")
_ENDS = ("", "n", "s", "ra", "lo", "mis", "ta", "ve", "nor", "dil", "po", "ka", "ren", "su")


def made_up() -> list[str]:
    """Some three thousand words that mean nothing, always the same ones in the same order."""
    words = ["".join(parts) for parts in product(_ENDS[1:], _MIDDLES, _BEGINNINGS, ("",))]
    words += ["".join(parts) for parts in product(_BEGINNINGS, _MIDDLES, _ENDS)]
    taken = {word.lower() for word in (*ADJECTIVES, *NOUNS, *COLOURS, *THEMES)}
    return sorted({word for word in words if word not in taken and len(word) > 3}, key=_shuffled)[:3000]


def _shuffled(word: str) -> int:
    """An order that has nothing to do with the alphabet, and is the same everywhere."""
    mixed = 0
    for letter in word:
        mixed = (mixed * 131 + ord(letter)) % 1_000_003
    return mixed
