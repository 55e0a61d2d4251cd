"""What the audit trail says about letters."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={"mail.sent_again": mark("%(who)s sent a letter once more: %(what)s")},
    things={"outgoing_message": mark("Letter")},
)
