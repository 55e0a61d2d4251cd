"""Everything that reads apps, consents, codes, tokens and keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, select

from app.core import db, keyset
from app.core.errors import NotFound
from app.core.ids import from_public
from app.platform.oauth.models import (
    CLIENT_PREFIX,
    OAuthClient,
    OAuthCode,
    OAuthGrant,
    OAuthKey,
    OAuthRefresh,
    OAuthRevoked,
)
from app.platform.oauth.programs import AppsWanted
from app.platform.staff.models import StaffMember


def all_apps() -> Sequence[OAuthClient]:
    """Every app of this shop that was not removed, by name."""
    wanted = select(OAuthClient).where(OAuthClient.revoked_at.is_(None), OAuthClient.is_own.is_(False))
    return db.session.scalars(wanted.order_by(OAuthClient.name, OAuthClient.id)).all()


def app_or_404(app_id: UUID) -> OAuthClient:
    """An app of this shop that was not removed; raises NotFound."""
    found = db.session.scalars(select(OAuthClient).where(OAuthClient.id == app_id)).first()
    if found is None or not found.is_active:
        raise NotFound
    return found


def any_app(app_id: UUID) -> OAuthClient | None:
    """An app of this shop, removed ones too."""
    return db.session.scalars(select(OAuthClient).where(OAuthClient.id == app_id)).first()


def lock_app(app_id: UUID) -> OAuthClient:
    """An app, locked, removed ones too; raises NotFound."""
    statement = select(OAuthClient).where(OAuthClient.id == app_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def app_called(client_id: str) -> OAuthClient | None:
    """The app that programs call so; None for a stranger, a removed one and any other text."""
    try:
        return app_or_404(from_public(CLIENT_PREFIX, client_id))
    except NotFound:
        return None


def grants_of(app_id: UUID) -> Sequence[Row[OAuthGrant, StaffMember]]:
    """Who agreed to an app, the newest first."""
    is_theirs = and_(StaffMember.tenant_id == OAuthGrant.tenant_id, StaffMember.id == OAuthGrant.staff_id)
    wanted = select(OAuthGrant, StaffMember).join(StaffMember, is_theirs)
    wanted = wanted.where(OAuthGrant.client_id == app_id, OAuthGrant.revoked_at.is_(None))
    return db.session.execute(wanted.order_by(OAuthGrant.created_at.desc(), OAuthGrant.id).limit(100)).all()


def listed_apps(asked: AppsWanted) -> keyset.Slice[OAuthClient]:
    """Apps of this shop that were not removed, by when they were made."""
    wanted = select(OAuthClient).where(OAuthClient.revoked_at.is_(None), OAuthClient.is_own.is_(False))
    return keyset.dated(db.session, wanted, asked, OAuthClient.created_at, OAuthClient.id)


def listed_grants(app_id: UUID, asked: AppsWanted) -> keyset.Slice[OAuthGrant]:
    """Consents to an app that stand, by when they were given."""
    wanted = select(OAuthGrant).where(OAuthGrant.client_id == app_id, OAuthGrant.revoked_at.is_(None))
    return keyset.dated(db.session, wanted, asked, OAuthGrant.created_at, OAuthGrant.id)


def grant_to(app_id: UUID, grant_id: UUID) -> OAuthGrant:
    """A consent to this app; raises NotFound."""
    wanted = select(OAuthGrant).where(OAuthGrant.id == grant_id, OAuthGrant.client_id == app_id)
    found = db.session.scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def grants_by(staff_id: UUID) -> Sequence[Row[OAuthGrant, OAuthClient]]:
    """What a person agreed to and has not taken back, the newest first."""
    is_its_app = and_(OAuthClient.tenant_id == OAuthGrant.tenant_id, OAuthClient.id == OAuthGrant.client_id)
    wanted = select(OAuthGrant, OAuthClient).join(OAuthClient, is_its_app)
    stands = OAuthGrant.revoked_at.is_(None), OAuthClient.revoked_at.is_(None)
    wanted = wanted.where(OAuthGrant.staff_id == staff_id, *stands)
    return db.session.execute(wanted.order_by(OAuthGrant.created_at.desc(), OAuthGrant.id).limit(100)).all()


def lock_grant(grant_id: UUID) -> OAuthGrant:
    """A consent, locked; raises NotFound."""
    statement = select(OAuthGrant).where(OAuthGrant.id == grant_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def lock_code(code_hash: bytes) -> OAuthCode | None:
    """The code with this hash, used ones too, locked: of two that bring it one comes second."""
    statement = select(OAuthCode).where(OAuthCode.code_hash == code_hash).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).first()


def lock_refresh(token_hash: bytes) -> OAuthRefresh | None:
    """The refresh token with this hash, used ones too, locked."""
    statement = select(OAuthRefresh).where(OAuthRefresh.token_hash == token_hash).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).first()


def grant_with_people(grant_id: UUID) -> Row[OAuthGrant, OAuthClient, StaffMember] | None:
    """A consent, its app and its person; None when one of them is gone or over."""
    is_its_app = and_(OAuthClient.tenant_id == OAuthGrant.tenant_id, OAuthClient.id == OAuthGrant.client_id)
    is_theirs = and_(StaffMember.tenant_id == OAuthGrant.tenant_id, StaffMember.id == OAuthGrant.staff_id)
    wanted = select(OAuthGrant, OAuthClient, StaffMember).join(OAuthClient, is_its_app).join(StaffMember, is_theirs)
    stands = OAuthGrant.revoked_at.is_(None), OAuthClient.revoked_at.is_(None)
    return db.session.execute(wanted.where(OAuthGrant.id == grant_id, *stands)).first()


def app_with_maker(app_id: UUID) -> Row[OAuthClient, StaffMember] | None:
    """An app that acts alone and whose power it borrows; None when one of them is gone."""
    is_its_maker = and_(StaffMember.tenant_id == OAuthClient.tenant_id, StaffMember.id == OAuthClient.made_by)
    wanted = select(OAuthClient, StaffMember).join(StaffMember, is_its_maker)
    stands = OAuthClient.revoked_at.is_(None), OAuthClient.acts_alone.is_(True)
    return db.session.execute(wanted.where(OAuthClient.id == app_id, *stands)).first()


def is_taken_back(jti: UUID) -> bool:
    """Was this access token revoked before its end?"""
    return db.session.scalars(select(OAuthRevoked.id).where(OAuthRevoked.id == jti)).first() is not None


def keys_that_count(since: datetime) -> Sequence[OAuthKey]:
    """The signing keys that are in force or were retired after `since`, the newest first."""
    counts = OAuthKey.retired_at.is_(None) | (OAuthKey.retired_at > since)
    return db.session.scalars(
        select(OAuthKey).where(counts).order_by(OAuthKey.created_at.desc(), OAuthKey.id.desc())
    ).all()
