"""The card of the orders room."""

from app.core.feature import Feature, MenuEntry
from app.shop.orders import api, backoffice, history, jobs, models, storefront

feature = Feature(
    name="orders",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "orders.read": "See orders",
        "orders.fulfil": "Mark orders as sent",
        "orders.cancel": "Cancel orders",
        "orders.refund": "Give money back",
        "orders.pay": "Mark orders as paid",
        "orders.note": "Write notes on orders",
    },
    menu=(MenuEntry("Orders", "orders_backoffice.index", icon="inbox", permission="orders.read", place=20),),
    models=(models,),
    jobs=(jobs,),
    on_start=(history.register,),
)
