"""What the audit trail says about taxes."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "tax_rate.set": mark("%(who)s set the tax rate of %(what)s"),
        "tax_rate.removed": mark("%(who)s removed the tax rate of %(what)s"),
    },
    things={
        "tax_rate": mark("Tax rate"),
    },
)
