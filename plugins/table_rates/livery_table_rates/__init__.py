"""Delivery priced by a table of weights and values."""

from __future__ import annotations

from app.pluginapi import Plugin, mark
from livery_table_rates.provider import TableRates

plugin = Plugin(
    name="table_rates",
    version="1.0.0",
    title=mark("Table rates"),
    description=mark("Delivery priced by a table of weights and values, with amounts by the kilogram."),
    reads=(mark("the country, weight and value of a parcel"),),
    set_up_at="shipping_backoffice.index",
    shipping=(TableRates(),),
)
