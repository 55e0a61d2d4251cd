"""The keys that a shop signs with: made at the first need, changed by age or by hand, published while tokens live."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.core import audit, clock, db, ids
from app.core.access import Actor
from app.core.later import later
from app.platform.oauth import queries
from app.platform.oauth.models import OAuthKey

if TYPE_CHECKING:
    from joserfc import jwk
else:
    jwk = later("joserfc.jwk")

ALGORITHM = "RS256"
"""RFC 9068 and OpenID Connect ask every server for it; the only one that is taken."""
CHANGED_EVERY = timedelta(days=90)
PUBLISHED_AFTER = timedelta(hours=1)
"""A retired key stays in the published set for longer than any token that it signed."""
_BITS = 2048


def signing_key() -> Any:
    """The key that signs now, with its `kid`; a new one where there is none or it is ninety days old."""
    newest = next((key for key in _known() if key.retired_at is None), None)
    if newest is None or newest.created_at + CHANGED_EVERY <= clock.now():
        newest = _change()
    return _private(newest.id, newest.private)


def published() -> dict[str, Any]:
    """The public halves as a JWK set; there is always one."""
    signing_key()
    return {"keys": [key.public for key in _known()]}


def public_key(kid: str) -> Any:
    """The public half of one of this shop's keys by its id, compared as a whole; None for any other."""
    found = next((key for key in _known() if str(key.id) == kid), None)
    return None if found is None else jwk.RSAKey.import_key(found.public)


def change(*, by: Actor) -> OAuthKey:
    """Sign with a new key from now on; what the old one signed stays good until its end."""
    key = _change()
    audit.record(by, "oauth_key.changed", key)
    return key


def in_force() -> OAuthKey | None:
    """The key that signs now, if one was needed yet."""
    return next((key for key in _known() if key.retired_at is None), None)


def _known() -> list[OAuthKey]:
    return list(queries.keys_that_count(clock.now() - PUBLISHED_AFTER))


def _change() -> OAuthKey:
    for old in _known():
        old.retired_at = old.retired_at or clock.now()
    identity = ids.new_id()
    made = jwk.RSAKey.generate_key(_BITS, {"kid": str(identity), "use": "sig", "alg": ALGORITHM})
    key = OAuthKey(
        id=identity, private=made.as_pem(private=True).decode(), public=made.as_dict(private=False),
    )  # fmt: skip
    db.add(key)
    db.flush()
    return key


@lru_cache(maxsize=256)
def _private(identity: UUID, text: str) -> Any:
    """Reading a private key costs more than signing with it."""
    return jwk.RSAKey.import_key(text, {"kid": str(identity), "use": "sig", "alg": ALGORITHM})
