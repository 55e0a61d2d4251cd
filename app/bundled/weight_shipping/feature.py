"""The card of the weight table."""

from app.bundled.weight_shipping.provider import WeightTable
from app.pluginapi import Plugin, install, mark

feature = install(
    Plugin(
        name="weight_shipping",
        version="1.0",
        title=mark("Delivery by weight"),
        description=mark("Delivery priced by a table of weights."),
        reads=(mark("the country, weight and value of a parcel"),),
        set_up_at="shipping_backoffice.index",
        shipping=(WeightTable(),),
    )
)
