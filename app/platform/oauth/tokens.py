"""Access tokens: JWTs as RFC 9068 describes them, signed by the shop, good for five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.core import clock, ids, isolation
from app.core.later import later
from app.platform.oauth import keys

if TYPE_CHECKING:
    from joserfc import errors, jwt
else:
    errors, jwt = later("joserfc.errors"), later("joserfc.jwt")

LIFETIME = timedelta(minutes=5)
TYPE = "at+jwt"
STAFF_PREFIX = "staff"
_MOST_CHARACTERS = 4000


@dataclass(frozen=True)
class AccessToken:
    """What a token of ours says. `grant_id` is None where an app acts alone."""

    jti: UUID
    client_id: str
    subject: str
    scopes: frozenset[str]
    issued_at: int
    ends_at: datetime
    grant_id: UUID | None


def issuer() -> str:
    """Who signs: the shop's own address, of its primary host."""
    return isolation.tenant_url("")


def audience() -> str:
    """What the tokens are for: this shop's API."""
    return isolation.tenant_url("/api/v1")


def write(*, client_id: str, subject: str, scopes: list[str], grant_id: UUID | None) -> str:
    """Sign a new access token."""
    now = int(clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": issuer(), "aud": audience(), "sub": subject, "client_id": client_id, "iat": now,
        "exp": now + int(LIFETIME.total_seconds()), "jti": str(ids.new_id()), "scope": " ".join(scopes),
    }  # fmt: skip
    if grant_id is not None:
        claims["gid"] = str(grant_id)
    return sign(claims, TYPE)


def sign(claims: dict[str, Any], kind: str) -> str:
    """Sign any claims with the key in force."""
    key = keys.signing_key()
    header = {"alg": keys.ALGORITHM, "typ": kind, "kid": key.kid}
    return str(jwt.encode(header, claims, key, algorithms=[keys.ALGORITHM]))


def read(text: str) -> AccessToken | None:
    """What a token says, when this shop signed it for its API and it has not ended; else None.

    The key is found by its id in our own table; `jku`, `jwk` and `x5u` of the header are looked at by nobody.
    """
    if text.count(".") != 2 or len(text) > _MOST_CHARACTERS or not text.isascii():
        return None
    try:
        token = jwt.decode(text, _key_of, algorithms=[keys.ALGORITHM])
        return _checked(token.header, token.claims)
    except (errors.JoseError, ValueError, KeyError, TypeError):
        return None


def _key_of(signed: Any) -> Any:
    key = keys.public_key(str(signed.headers().get("kid", "")))
    if key is None:
        raise ValueError("not a key of this shop")
    return key


def _checked(header: dict[str, Any], claims: dict[str, Any]) -> AccessToken | None:
    """Type, issuer, audience and end must all be there and be ours: the library looks at none of them."""
    now = clock.now().timestamp()
    is_ours = header.get("typ") == TYPE and claims["iss"] == issuer() and claims["aud"] == audience()
    if not is_ours or not isinstance(claims["exp"], int) or claims["exp"] <= now or claims["iat"] > now + 60:
        return None
    return AccessToken(
        jti=UUID(claims["jti"]),
        client_id=str(claims["client_id"]),
        subject=str(claims["sub"]),
        scopes=frozenset(str(claims["scope"]).split()),
        issued_at=int(claims["iat"]),
        ends_at=datetime.fromtimestamp(claims["exp"], UTC),
        grant_id=UUID(claims["gid"]) if "gid" in claims else None,
    )
