"""The card of the payments room."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.shop.payments import api, backoffice, jobs, models, service, storefront, trail  # noqa: F401  service registers a new shop's defaults

feature = Feature(
    name="payments",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={"payments.manage": mark("Set up payment methods")},
    menu=(
        MenuEntry(
            mark("Payments"),
            "payments_backoffice.index",
            icon="credit-card",
            permission="payments.manage",
            place=91,
            section=mark("Settings"),
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    trail=trail.trail,
)
