"""The provider: one rate is one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.pluginapi import DeliveryPrice, Parcel, exponent, gettext, mark
from livery_table_rates import table

_SHOWN = 5


class Options(msgspec.Struct):
    """Settings of a rate."""

    table: Annotated[
        str,
        Meta(
            title=mark("Table"),
            description=mark(
                "Pasted from a spreadsheet. The first line names the columns: weight_from, weight_to (grams), "
                "value_from, value_to, price, per_kg, percent."
            ),
            min_length=1,
            max_length=60_000,
        ),
    ]


class TableRates:
    """Prices a parcel by the first line of its rate's table that fits."""

    code = "table_rates"
    title = mark("By a table")
    asks_outside = False
    options = Options

    def price(self, parcel: Parcel, settings: Mapping[str, Any]) -> DeliveryPrice | None:
        """The price, or None when no line fits."""
        rows = table.read(str(settings["table"]))
        amount = table.priced(rows, parcel.weight_grams, parcel.subtotal, exponent(parcel.currency))
        return None if amount is None else DeliveryPrice(amount)

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """The lines that cannot be read, the first few by number."""
        try:
            table.read(str(settings.get("table") or ""))
        except table.BadTable as bad:
            told = [
                gettext("Line %(number)s: %(said)s", number=number, said=said)
                for number, said in list(bad.lines.items())[:_SHOWN]
            ]
            more = len(bad.lines) - len(told)
            told += [gettext("And %(more)s more.", more=more)] if more else []
            return {"table": " ".join(told)}
        return {}
