"""The card of the orders room."""

from flask import Flask

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.tenancy import hooks as plan_hooks
from app.shop.orders import api, backoffice, history, jobs, models, queries, storefront, trail


def count_for_plans(app: Flask) -> None:
    """Let plans ask how much there is of what they limit."""
    plan_hooks.counts["orders_month"] = queries.count_for_plan


feature = Feature(
    name="orders",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "orders.read": mark("See orders"),
        "orders.create": mark("Write orders for customers"),
        "orders.fulfil": mark("Mark orders as sent"),
        "orders.cancel": mark("Cancel orders"),
        "orders.refund": mark("Give money back"),
        "orders.pay": mark("Mark orders as paid"),
        "orders.note": mark("Write notes on orders"),
        "orders.organise": mark("Tag and archive orders"),
        "orders.export": mark("Take orders out as a file"),
    },
    menu=(MenuEntry(mark("Orders"), "orders_backoffice.index", icon="inbox", permission="orders.read", place=20),),
    models=(models,),
    jobs=(jobs,),
    on_start=(history.register, count_for_plans),
    trail=trail.trail,
)
