"""Everything that changes keys."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from app.core import audit, bearers, clock, db
from app.core.access import Actor
from app.core.bearers import Holder
from app.platform.developers import queries
from app.platform.developers.errors import KeyIsOver, MadeByProgram
from app.platform.developers.models import ApiKey
from app.platform.developers.schemas import NewKey
from app.platform.oauth import service as oauth
from app.platform.staff import queries as staff
from app.platform.staff.models import StaffMember

SHOWN_CHARACTERS = 12
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def make_key(new: NewKey, *, by: Actor) -> tuple[ApiKey, str]:
    """Make a key; the second value is its text, which nobody sees again.

    One that a program makes ends with what the program acts by, at the latest. Raises ScopesBeyondYours, InvalidInput
    for a scope that does not exist, and MadeByProgram for a program that another program made.
    """
    wanted = sorted(set(new.scopes))
    oauth.refuse_scopes(wanted, by)
    text = f"key_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        name=new.name,
        prefix=text[:SHOWN_CHARACTERS],
        key_hash=hash_of(text),
        scopes=wanted,
        made_by=_person(by),
        made_through=by.through,
        expires_at=_end(new.lasts, by),
    )
    db.add(key)
    db.flush()
    audit.record(by, "api_key.made", key, name=key.name, scopes=wanted)
    return key, text


def revoke(key_id: UUID, *, by: Actor) -> ApiKey:
    """Stop a key from its next request on. Raises NotFound, KeyIsOver."""
    key = queries.lock_key(key_id)
    if key.revoked_at is not None:
        raise KeyIsOver
    key.revoked_at = clock.now()
    audit.record(by, "api_key.revoked", key, name=key.name)
    return key


def actor_of_key(text: str) -> Actor | None:
    """The program behind a key, as it may act now; None for a key that does not work."""
    found = holder_of_key(text)
    return found.actor if found else None


def holder_of_key(text: str) -> Holder | None:
    """The same, with the key's end.

    It may what the key was given and its maker still may: somebody who leaves takes the power of their keys along.
    """
    found = queries.key_by_hash(hash_of(text))
    if found is None or found[0].state != "active" or found[1] is None:
        return None
    key, maker = found[0], found[1]
    actor = _actor(key, maker)
    if actor is None:
        return None
    _note_use(key)
    return Holder(actor, key.expires_at, actor.through)


def actor_of_key_id(words: str) -> Actor | None:
    """The program behind a key that asked for something earlier, as it may act now."""
    found = queries.key_by_id(UUID(words))
    if found is None or found[0].state != "active" or found[1] is None:
        return None
    return _actor(found[0], found[1])


def _actor(key: ApiKey, maker: StaffMember) -> Actor | None:
    held = frozenset(key.scopes) & staff.permissions_of(maker)
    if key.made_through:
        source = bearers.recalled(key.made_through)
        if source is None:
            return None
        held &= source.permissions
    return Actor("client", key.id, key.name, held, maker.id, f"key {key.id}")


def _person(by: Actor) -> UUID:
    """Whose power the key borrows."""
    person = by.person if by.kind == "client" else by.id
    assert person is not None  # refuse_scopes has asked
    return person


def _end(lasts: str, by: Actor) -> datetime | None:
    wanted = None if lasts == "never" else clock.now() + timedelta(days=int(lasts))
    ends = [one for one in (wanted, _end_of(by.through)) if one is not None]
    return min(ends, default=None)


def _end_of(through: str) -> datetime | None:
    """When what a program acts by ends by itself."""
    kind, _, words = through.partition(" ")
    if kind == "key":
        found = queries.key_by_id(UUID(words))
        if found is None or found[0].made_through:
            raise MadeByProgram
        return found[0].expires_at
    if kind == "grant":
        return oauth.end_of_family(UUID(words.split(" ")[0]))
    return None


def hash_of(text: str) -> bytes:
    """What is stored. A plain hash will do: the key has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(text.encode()).digest()


def _note_use(key: ApiKey) -> None:
    """At most once a minute, so that a busy program does not turn every read into a write.

    Not while another request does: it may take long, and no request of a program waits for another.
    """
    now = clock.now()
    is_due = key.last_used_at is None or now - key.last_used_at >= USE_IS_NOTED_EVERY
    if is_due and queries.lock_key_if_free(key.id):
        key.last_used_at = now
