"""The flat rate."""

from __future__ import annotations

from collections.abc import Mapping

from app.pluginapi import DeliveryPrice, Parcel, gettext, mark


class FlatRate:
    """Settings: `amount`, and `free_from` (both minor units; None never delivers for nothing)."""

    code = "flat"
    title = mark("Flat rate")
    asks_outside = False

    def price(self, parcel: Parcel, settings: Mapping[str, object]) -> DeliveryPrice | None:
        """The amount, or nothing from the free value on."""
        free_from = settings.get("free_from")
        if free_from is not None and parcel.subtotal >= int(free_from):
            return DeliveryPrice(0)
        return DeliveryPrice(int(settings["amount"]))

    def problems(self, settings: Mapping[str, object]) -> dict[str, str]:
        """An amount is needed and none is below zero."""
        problems = {}
        if not isinstance(settings.get("amount"), int) or settings["amount"] < 0:
            problems["amount"] = gettext("Type what this delivery costs; 0 is free.")
        free_from = settings.get("free_from")
        if free_from is not None and (not isinstance(free_from, int) or free_from < 0):
            problems["free_from"] = gettext("Type the value from which delivery is free, or leave it empty.")
        return problems
