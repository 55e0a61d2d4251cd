"""How long what is over is kept: a day more, so that a second use is still known for what it is."""

from datetime import timedelta

from sqlalchemy import delete

from app.core import clock, db
from app.platform.oauth.models import OAuthCode, OAuthGrant, OAuthKey, OAuthRefresh, OAuthRevoked

KEPT = timedelta(days=1)
RECORDS_KEPT = timedelta(days=365)


def remove_old() -> None:
    """Remove what nobody can use any more; consents that ended stay for a year."""
    before = clock.now() - KEPT
    for table in (OAuthCode, OAuthRefresh, OAuthRevoked):
        db.session.execute(delete(table).where(table.expires_at < before))
    db.session.execute(delete(OAuthKey).where(OAuthKey.retired_at < before))
    db.session.execute(delete(OAuthGrant).where(OAuthGrant.revoked_at < clock.now() - RECORDS_KEPT))
