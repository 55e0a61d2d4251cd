"""What the audit trail says about the shop as a whole."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "shop.changed": mark("%(who)s changed the shop’s settings"),
        "shop.opened": mark("%(who)s opened the shop to visitors"),
        "shop.closed": mark("%(who)s closed the shop to visitors"),
        "shop.suspended": mark("%(who)s suspended the shop"),
        "shop.plan_changed": mark("%(who)s gave the shop another plan"),
        "shop.reopened": mark("%(who)s ended the shop’s suspension"),
        "checklist.ticked": mark("%(who)s ticked a step of the start list off"),
    },
    things={
        "shop": mark("Settings of the shop"),
    },
)
