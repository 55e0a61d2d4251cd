"""What the editor offers: the choices that are made from a list, with the words that staff see."""

from __future__ import annotations

from typing import NamedTuple

from app.core.i18n import mark


class Choice(NamedTuple):
    """One token that is chosen from a list."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""


LAYOUT = (
    Choice("header_layout", mark("Header"), (
        ("left", mark("Logo left, menu in the middle")), ("centred", mark("Logo in the middle")),
        ("stacked", mark("Logo above the menu")), ("bar", mark("A band in the brand's colour")),
    )),
    Choice("hero_layout", mark("Opening picture"), (
        ("split", mark("Beside the text")), ("full", mark("Behind the text, full width")),
        ("stacked", mark("Below the text, on a coloured card")),
    )),
    Choice("card_layout", mark("Product cards"), (
        ("plain", mark("Picture and text")), ("framed", mark("In a frame")), ("overlay", mark("Text on the picture")),
    )),
    Choice("picture_shape", mark("Shape of product pictures"), (
        ("portrait", mark("Portrait")), ("square", mark("Square")), ("landscape", mark("Landscape")),
    )),
    Choice("picture_look", mark("Look of product pictures"), (
        ("natural", mark("As they are")), ("tinted", mark("Tinted with the brand's colour")),
        ("mono", mark("Black and white until pointed at")),
    )),
    Choice("tile_layout", mark("Collection tiles"), (
        ("label", mark("A label on the picture")), ("caption", mark("A line below the picture")),
        ("round", mark("Round pictures")),
    )),
    Choice("reasons_layout", mark("Reasons to buy"), (
        ("lines", mark("In a row with lines between")), ("chips", mark("As chips")),
        ("band", mark("In a band of the brand's colour")),
    )),
    Choice("footer_layout", mark("Footer"), (
        ("columns", mark("Columns")), ("centred", mark("Centred")), ("band", mark("A band in the brand's colour")),
    )),
    Choice("density", mark("Space between things"), (
        ("compact", mark("Compact")), ("normal", mark("Normal")), ("airy", mark("Airy")),
    )),
)  # fmt: skip

OTHER = {
    "colour": mark("Brand colour"), "canvas": mark("Page background"), "mode": mark("Light or dark"),
    "font_pair": mark("Font pair"), "display_weight": mark("Weight of headlines"),
    "display_case": mark("Headlines in capitals"), "radius": mark("Corners"),
    "hero_colour": mark("Behind the opening picture"), "hero_ink": mark("Text on the opening picture"),
    "logo_key": mark("Logo"), "logo_alone": mark("The logo already holds the name"), "words": mark("Words"),
}  # fmt: skip
LABELS = OTHER | {one.name: one.label for one in LAYOUT}
SHOWN = {one.name: dict(one.options) for one in LAYOUT}
