"""Everything that reads keys."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select, tuple_

from app.core import db, keyset
from app.core.errors import NotFound
from app.core.rest_cors import ApiOrigin
from app.platform.developers.models import ApiKey, ApiRequest
from app.platform.developers.programs import KeysWanted, RequestsWanted
from app.platform.developers.schemas import RequestFilter
from app.platform.staff.models import StaffMember

REQUESTS_A_PAGE = 50
REFUSED = 400
"""The lowest status of a refusal."""


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


def lock_key_if_free(key_id: UUID) -> bool:
    """Lock a key without waiting; False while another transaction holds it."""
    wanted = select(ApiKey.id).where(ApiKey.id == key_id).with_for_update(skip_locked=True)
    return db.session.scalars(wanted).first() is not None


def key_by_hash(key_hash: bytes) -> tuple[ApiKey, StaffMember | None] | None:
    """The key with this hash, whatever its state, and who made it, if they are still here. One statement."""
    found = db.session.execute(_key_and_maker(), {"key_hash": key_hash}).first()
    return (found[0], found[1]) if found else None


def key_by_id(key_id: UUID) -> tuple[ApiKey, StaffMember | None] | None:
    """The same, by the key's id."""
    is_its_maker = and_(StaffMember.tenant_id == ApiKey.tenant_id, StaffMember.id == ApiKey.made_by)
    wanted = select(ApiKey, StaffMember).outerjoin(StaffMember, is_its_maker).where(ApiKey.id == key_id)
    found = db.session.execute(wanted).first()
    return (found[0], found[1]) if found else None


def origin_or_404(origin_id: UUID) -> ApiOrigin:
    """A site that may call from its pages; raises NotFound."""
    found = db.session.scalars(select(ApiOrigin).where(ApiOrigin.id == origin_id)).first()
    if found is None:
        raise NotFound
    return found


@cache
def _key_and_maker() -> Select[ApiKey, StaffMember]:
    is_its_maker = and_(StaffMember.tenant_id == ApiKey.tenant_id, StaffMember.id == ApiKey.made_by)
    return (
        select(ApiKey, StaffMember).outerjoin(StaffMember, is_its_maker).where(ApiKey.key_hash == bindparam("key_hash"))
    )


def recent_requests(asked: RequestFilter) -> Sequence[ApiRequest]:
    """The newest requests of programs: a page of them and one more, which tells that there are older ones."""
    wanted = select(ApiRequest).order_by(ApiRequest.at.desc(), ApiRequest.id.desc()).limit(REQUESTS_A_PAGE + 1)
    if asked.program is not None:
        wanted = wanted.where(ApiRequest.program_id == asked.program)
    if asked.only == "refused":
        wanted = wanted.where(ApiRequest.status >= REFUSED)
    if asked.before is not None:
        last = db.session.scalars(select(ApiRequest).where(ApiRequest.id == asked.before)).first()
        if last is not None:
            wanted = wanted.where(tuple_(ApiRequest.at, ApiRequest.id) < (last.at, last.id))
    return db.session.scalars(wanted).all()


def listed_keys(asked: KeysWanted) -> keyset.Slice[ApiKey]:
    """Every key of this shop, revoked ones too, by when they were made."""
    return keyset.dated(db.session, select(ApiKey), asked, ApiKey.created_at, ApiKey.id)


def listed_requests(asked: RequestsWanted, program_id: UUID | None) -> keyset.Slice[ApiRequest]:
    """Requests of programs by when they came; `program_id` is what `asked` names."""
    wanted = select(ApiRequest)
    if program_id is not None:
        wanted = wanted.where(ApiRequest.program_id == program_id)
    if asked.only_refused:
        wanted = wanted.where(ApiRequest.status >= REFUSED)
    return keyset.dated(db.session, wanted, asked, ApiRequest.at, ApiRequest.id)


def newest_request_of(program_id: UUID) -> ApiRequest | None:
    """The newest request of a program, for the page that waits for it."""
    wanted = select(ApiRequest).where(ApiRequest.program_id == program_id)
    return db.session.scalars(wanted.order_by(ApiRequest.at.desc(), ApiRequest.id.desc()).limit(1)).first()
