"""The card of the weight table."""

from app.bundled.weight_shipping.provider import WeightTable
from app.pluginapi import Plugin, install

feature = install(Plugin(name="weight_shipping", version="1.0", shipping=(WeightTable(),)))
