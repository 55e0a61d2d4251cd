"""What the audit trail says about visits of the operator."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "support.asked": mark("%(who)s asked to visit the back office"),
        "support.allowed": mark("%(who)s allowed a visit of the operator"),
        "support.ended": mark("%(who)s ended a visit of the operator"),
        "support.rule_changed": mark("%(who)s changed whether visits must be allowed first"),
    },
    things={
        "support_session": mark("Visit of the operator"),
    },
)
