"""The card of the customers room."""

from app.core.feature import Feature, MenuEntry
from app.shop.customers import backoffice, jobs, models, places, sessions, storefront

feature = Feature(
    name="customers",
    doors=(storefront.door, backoffice.door),
    permissions={
        "customers.read": "See customers and what they bought",
        "customers.edit": "Change customers' details and notes",
    },
    menu=(MenuEntry("Customers", "customers_backoffice.index", icon="users", permission="customers.read", place=40),),
    models=(models,),
    jobs=(jobs,),
    on_start=(sessions.register, places.register),
)
