"""What the audit trail says about delivery."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "shipping_zone.saved": mark("%(who)s saved the delivery zone %(what)s"),
        "shipping_zone.removed": mark("%(who)s removed the delivery zone %(what)s"),
        "shipping_rate.saved": mark("%(who)s saved the delivery rate %(what)s"),
        "shipping_rate.removed": mark("%(who)s removed the delivery rate %(what)s"),
    },
    things={
        "shipping_zone": mark("Delivery zone"),
        "shipping_rate": mark("Delivery rate"),
    },
)
