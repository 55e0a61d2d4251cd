"""The card of the customers room."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.shop.customers import api, backoffice, jobs, models, places, sessions, storefront, trail

feature = Feature(
    name="customers",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "customers.read": mark("See customers and what they bought"),
        "customers.edit": mark("Change customers' details and notes"),
        "customers.export": mark("Take customers' data out as a file"),
        "customers.erase": mark("Erase a customer's personal data"),
    },
    menu=(
        MenuEntry(mark("Customers"), "customers_backoffice.index", icon="users", permission="customers.read", place=40),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(sessions.register, places.register),
    trail=trail.trail,
)
