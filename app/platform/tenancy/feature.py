"""The room's card."""

from flask import Flask

from app.core import rest_limits
from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.tenancy import api, backoffice, hooks, jobs, models, plans, queries, trail
from app.ui import context


def start(app: Flask) -> None:
    """Count what is stored, and let plans say how much programs may ask."""
    hooks.counts["storage"] = plans.stored_bytes
    rest_limits.plan_says(plans.api_rate_here)
    context.provide("suspension", queries.suspension_here)


feature = Feature(
    name="tenancy",
    doors=(backoffice.door, api.door),
    permissions={
        "settings.read": mark("See the shop's settings"),
        "settings.write": mark("Change the shop's settings"),
        "settings.close": mark("Close the shop to shoppers and open it again"),
    },
    actions=(
        MenuEntry(
            mark("Plan and usage"),
            "tenancy_backoffice.plan",
            icon="layers",
            permission="settings.read",
            words=mark("limits storage products orders"),
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(start,),
    trail=trail.trail,
)
