"""What the audit trail says about signing in elsewhere."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "sso.provider_saved": mark("%(who)s set up signing in with %(what)s"),
        "sso.provider_removed": mark("%(who)s removed signing in with %(what)s"),
        "sso.provider_tested": mark("%(who)s tested signing in with %(what)s"),
        "sso.linked": mark("%(who)s signed in with the provider for the first time"),
    },
    things={
        "sso_provider": mark("Provider that staff sign in with"),
        "sso_identity": mark("Sign-in at a provider"),
    },
)
