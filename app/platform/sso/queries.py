"""Everything that reads providers and identities."""

from uuid import UUID

from sqlalchemy import select

from app.core import db
from app.platform.sso.models import SignInIdentity, SignInProvider


def provider() -> SignInProvider | None:
    """The provider of this shop, switched on or not."""
    return db.session.scalars(select(SignInProvider)).first()


def lock_provider() -> SignInProvider | None:
    """The same, locked."""
    statement = select(SignInProvider).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).first()


def provider_in_use() -> SignInProvider | None:
    """The provider, if people may come in by it now."""
    return db.session.scalars(select(SignInProvider).where(SignInProvider.is_on.is_(True))).first()


def lock_identity(issuer: str, subject: str) -> SignInIdentity | None:
    """Who of this shop is this subject, locked."""
    wanted = select(SignInIdentity).where(SignInIdentity.issuer == issuer, SignInIdentity.subject == subject)
    return db.session.scalars(wanted.with_for_update()).first()


def has_identity(staff_id: UUID, issuer: str) -> bool:
    """Is this member somebody at the issuer already?"""
    wanted = select(SignInIdentity.id).where(SignInIdentity.staff_id == staff_id, SignInIdentity.issuer == issuer)
    return db.session.scalars(wanted).first() is not None


def lock_identities() -> list[SignInIdentity]:
    """Every identity of this shop, locked."""
    return list(db.session.scalars(select(SignInIdentity).with_for_update()))
