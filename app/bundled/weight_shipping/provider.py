"""The weight table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.pluginapi import DeliveryPrice, Parcel, gettext, mark


class WeightTable:
    """Settings: `steps`, a list of {"up_to": grams, "amount": minor units} in rising order, and `free_from`."""

    code = "weight"
    title = mark("By weight")
    asks_outside = False

    def price(self, parcel: Parcel, settings: Mapping[str, Any]) -> DeliveryPrice | None:
        """The amount of the first step that carries the weight; None when the parcel is too heavy."""
        step = next((step for step in settings["steps"] if parcel.weight_grams <= int(step["up_to"])), None)
        if step is None:
            return None
        free_from = settings.get("free_from")
        is_free = free_from is not None and parcel.subtotal >= int(free_from)
        return DeliveryPrice(0 if is_free else int(step["amount"]))

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """At least one step, weights that rise, amounts that are not below zero."""
        steps: Sequence[Mapping[str, Any]] = settings.get("steps") or ()
        if not steps:
            return {"steps": gettext("Type at least one weight with its price.")}
        weights = [step.get("up_to") for step in steps]
        if not all(isinstance(weight, int) and weight > 0 for weight in weights):
            return {"steps": gettext("Weights are whole grams above zero.")}
        if any(later <= earlier for earlier, later in pairwise(weights)):
            return {"steps": gettext("Weights must rise from one line to the next.")}
        if not all(isinstance(step.get("amount"), int) and step["amount"] >= 0 for step in steps):
            return {"steps": gettext("Each weight needs a price; 0 is free.")}
        return {}
