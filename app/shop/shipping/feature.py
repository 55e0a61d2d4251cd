"""The card of the shipping room."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.shop.shipping import api, backoffice, models, service, trail  # noqa: F401  service registers the defaults of a new shop

feature = Feature(
    name="shipping",
    doors=(backoffice.door, api.door),
    permissions={"delivery.manage": mark("Set delivery zones and rates")},
    menu=(
        MenuEntry(
            mark("Delivery"),
            "shipping_backoffice.index",
            icon="truck",
            permission="delivery.manage",
            place=92,
            section=mark("Settings"),
        ),
    ),
    models=(models,),
    trail=trail.trail,
)
