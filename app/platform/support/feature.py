"""The room's card."""

from flask import Flask

from app.core import closing
from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.support import api, backoffice, jobs, models, trail
from app.ui import context


def start(app: Flask) -> None:
    """Watch visitors, and show on every page that one is here."""
    backoffice.register(app)
    context.provide("visitor", backoffice.visit_shown)
    closing.stays_possible("support_backoffice.leave", "support_backoffice.end")


feature = Feature(
    name="support",
    doors=(backoffice.door, api.door),
    permissions={
        "support.read": mark("See when the platform's operator was here, why, and what they looked at"),
        "support.write": mark("Allow and end visits of the platform's operator"),
    },
    actions=(
        MenuEntry(
            mark("Visits by the platform"),
            "support_backoffice.index",
            icon="users",
            permission="support.read",
            words=mark("support operator access log"),
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(start,),
    trail=trail.trail,
)
