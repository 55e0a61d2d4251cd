"""The variant picker: links, so that every choice has an address and works without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

from app.shop.catalog import colours
from app.shop.catalog.schemas import ProductView, VariantView


@dataclass(frozen=True)
class Choice:
    """One value of an option: the variant it leads to, and what that means for the shopper."""

    value: str
    variant: VariantView
    is_chosen: bool
    is_sold_out: bool
    hex: str


@dataclass(frozen=True)
class Picker:
    """One option with its values. `is_colour` shows dots instead of words."""

    name: str
    chosen: str
    is_colour: bool
    choices: tuple[Choice, ...]


def pickers(product: ProductView, chosen: VariantView) -> list[Picker]:
    """One picker for each option; a value leads to the variant that keeps the other choices where it can."""
    return [_picker(product, chosen, place) for place in range(len(product.options))]


def _picker(product: ProductView, chosen: VariantView, place: int) -> Picker:
    name, values = product.options[place]["name"], product.options[place]["values"]
    found = [(value, _leads_to(product, chosen, place, value)) for value in values]
    hexes = {value: colours.hex_of(value) for value in values} if colours.is_colour_option(name) else {}
    choices = tuple(
        Choice(value, variant, value == chosen.options[place], not variant.is_sellable, hexes.get(value, ""))
        for value, variant in found
        if variant is not None
    )
    return Picker(name, chosen.options[place], bool(hexes) and all(hexes.values()), choices)


def _leads_to(product: ProductView, chosen: VariantView, place: int, value: str) -> VariantView | None:
    """The variant with this value that shares most of the other choices; of two, one that can be bought."""

    def closeness(variant: VariantView) -> tuple[int, bool]:
        pairs = enumerate(zip(variant.options, chosen.options, strict=True))
        return sum(one == other for at, (one, other) in pairs if at != place), variant.is_sellable

    having = [variant for variant in product.variants if variant.options[place] == value]
    return max(having, key=closeness, default=None)
