"""The card of the pricing room."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.shop.pricing import api, backoffice, models, service, trail  # noqa: F401  service registers the defaults of a new shop

feature = Feature(
    name="pricing",
    doors=(backoffice.door, api.door),
    permissions={"taxes.manage": mark("Set tax rates")},
    menu=(
        MenuEntry(
            mark("Taxes"),
            "pricing_backoffice.index",
            icon="percent",
            permission="taxes.manage",
            place=93,
            section=mark("Settings"),
        ),
    ),
    models=(models,),
    trail=trail.trail,
)
