"""What the audit trail says about the brand."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "branding.draft_saved": mark("%(who)s changed the draft of the brand"),
        "branding.home_saved": mark("%(who)s changed the home page in the draft of the brand"),
        "branding.undone": mark("%(who)s took the latest change of the brand’s draft back"),
        "branding.draft_discarded": mark("%(who)s threw the draft of the brand away"),
        "branding.logo_changed": mark("%(who)s changed the logo in the draft of the brand"),
        "branding.scheduled": mark("%(who)s set a time for the brand to be published"),
        "branding.unscheduled": mark("%(who)s took the time back at which the brand was to be published"),
        "branding.published": mark("%(who)s published the brand as version %(what)s"),
        "branding.reverted": mark("%(who)s went back to version %(what)s of the brand"),
    },
    things={
        "brand_version": mark("Version of the brand"),
    },
)
