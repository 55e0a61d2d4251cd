"""What the audit trail says about the audit trail itself."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "audit.exported": mark("%(who)s took the audit trail out as a file"),
        "audit.keeping_changed": mark("%(who)s changed how long the audit trail is kept"),
        "audit.shortened": mark("%(who)s deleted the oldest entries of the audit trail, as the shop had decided"),
    },
    things={
        "audit_keeping": mark("Rule of the audit trail"),
    },
)
