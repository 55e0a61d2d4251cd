"""The card of the flat rate."""

from app.bundled.flat_shipping.provider import FlatRate
from app.pluginapi import Plugin, install

feature = install(Plugin(name="flat_shipping", version="1.0", shipping=(FlatRate(),)))
