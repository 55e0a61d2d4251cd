"""What the audit trail says about apps of others."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "oauth_client.made": mark("%(who)s added the app %(what)s"),
        "oauth_client.changed": mark("%(who)s changed the app %(what)s"),
        "oauth_client.removed": mark("%(who)s removed the app %(what)s"),
        "oauth_client.secret_changed": mark("%(who)s gave the app %(what)s a new secret"),
        "oauth_grant.agreed": mark("%(who)s let an app act for them: %(what)s"),
        "oauth_grant.withdrawn": mark("%(who)s ended what an app may do for somebody: %(what)s"),
        "oauth_key.changed": mark("%(who)s changed the key that signs tokens"),
    },
    things={
        "oauth_client": mark("App"),
        "oauth_grant": mark("Consent to an app"),
        "oauth_key": mark("Key that signs tokens"),
    },
)
