"""Everything that reads keys."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select

from app.core import db
from app.core.errors import NotFound
from app.platform.developers.models import ApiKey
from app.platform.staff.models import StaffMember


def all_keys() -> Sequence[ApiKey]:
    """Every key of this shop: those that work first, then the newest first."""
    newest = ApiKey.revoked_at.is_not(None), ApiKey.created_at.desc(), ApiKey.id.desc()
    return db.session.scalars(select(ApiKey).order_by(*newest)).all()


def key_or_404(key_id: UUID) -> ApiKey:
    """A key of this shop; raises NotFound."""
    found = db.session.scalars(select(ApiKey).where(ApiKey.id == key_id)).first()
    if found is None:
        raise NotFound
    return found


def lock_key(key_id: UUID) -> ApiKey:
    """The same, locked."""
    statement = select(ApiKey).where(ApiKey.id == key_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def key_by_hash(key_hash: bytes) -> tuple[ApiKey, StaffMember | None] | None:
    """The key with this hash, whatever its state, and who made it, if they are still here. One statement."""
    found = db.session.execute(_key_and_maker(), {"key_hash": key_hash}).first()
    return (found[0], found[1]) if found else None


@cache
def _key_and_maker() -> Select[ApiKey, StaffMember]:
    is_its_maker = and_(StaffMember.tenant_id == ApiKey.tenant_id, StaffMember.id == ApiKey.made_by)
    return (
        select(ApiKey, StaffMember).outerjoin(StaffMember, is_its_maker).where(ApiKey.key_hash == bindparam("key_hash"))
    )
