"""What the audit trail says about keys and sites of programs."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "api_key.made": mark("%(who)s made the API key %(what)s"),
        "api_key.revoked": mark("%(who)s revoked the API key %(what)s"),
        "api_origin.allowed": mark("%(who)s let pages of %(what)s call the API"),
        "api_origin.forbidden": mark("%(who)s no longer lets pages of %(what)s call the API"),
    },
    things={
        "api_key": mark("API key"),
        "api_origin": mark("Site that may call the API"),
    },
)
