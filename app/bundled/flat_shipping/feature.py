"""The card of the flat rate."""

from app.bundled.flat_shipping.provider import FlatRate
from app.pluginapi import Plugin, install, mark

feature = install(
    Plugin(
        name="flat_shipping",
        version="1.0",
        title=mark("Flat rate"),
        description=mark("Delivery for one price, and free from a value on if you like."),
        reads=(mark("the country, weight and value of a parcel"),),
        set_up_at="shipping_backoffice.index",
        shipping=(FlatRate(),),
    )
)
