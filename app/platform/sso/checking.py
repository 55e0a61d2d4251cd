"""Is this ID token the provider's word about a person, for this shop, for this sign-in, and still good?

OpenID Connect Core, 3.1.3.7. The library checks the signature; everything else is compared here, since it looks at
neither issuer nor audience nor time.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from app.core import clock
from app.core.later import later
from app.platform.sso.provider import Untrusted
from app.platform.sso.schemas import Wiring

if TYPE_CHECKING:
    from joserfc import errors, jwk, jwt
else:
    errors, jwk, jwt = later("joserfc.errors"), later("joserfc.jwk"), later("joserfc.jwt")

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by key pairs. No `none`, and nothing that the client's secret could sign."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""
OLDEST = 10 * 60
_MOST_CHARACTERS = 16_000


def claims_of(text: Any, keys: list[dict[str, Any]], wiring: Wiring, nonce: str, *, since: int = 0) -> dict[str, Any]:
    """What the token says. Raises Untrusted with the first thing that does not hold.

    With `since` the person must have signed in at the provider after that moment, which `max_age` makes it tell.
    """
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS or text.count(".") != 2 or not text.isascii():
        raise Untrusted("there is no ID token")
    try:
        token = jwt.decode(text, lambda signed: _key_for(signed.headers(), keys), algorithms=ALGORITHMS)
    except (errors.JoseError, ValueError, KeyError, TypeError) as problem:
        raise Untrusted(f"the signature: {str(problem)[:200]}") from problem
    _refuse(token.header, token.claims, wiring, nonce, since)
    return dict(token.claims)


def _key_for(header: dict[str, Any], keys: list[dict[str, Any]]) -> Any:
    """The published key that the header names; the only fitting one where it names none."""
    algorithm, kid = str(header.get("alg", "")), header.get("kid")
    kind = "EC" if algorithm.startswith("ES") else "RSA"
    fitting = [
        key for key in keys
        if key.get("kty") == kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
    ]  # fmt: skip
    if len(fitting) != 1:
        raise ValueError("no published key fits")
    public = {name: value for name, value in fitting[0].items() if name in {"kty", "n", "e", "crv", "x", "y"}}
    return jwk.import_key(public)


def _refuse(header: dict[str, Any], claims: dict[str, Any], wiring: Wiring, nonce: str, since: int) -> None:
    now = clock.now().timestamp()
    audience = claims.get("aud")
    meant = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    azp = claims.get("azp")
    problems = {
        "the type": str(header.get("typ", "JWT")).upper() != "JWT",
        "the issuer": claims.get("iss") != wiring.issuer,
        "the audience": wiring.client_id not in meant,
        "the party (azp)": azp != wiring.client_id if azp is not None else len(meant) > 1,
        "its end": not _is_number(claims.get("exp")) or claims["exp"] <= now - LEEWAY,
        "its beginning": not _is_number(claims.get("iat")) or not now - OLDEST <= claims["iat"] <= now + LEEWAY,
        "the nonce": not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
        "the time of signing in": since > 0
        and not (_is_number(claims.get("auth_time")) and since - LEEWAY <= claims["auth_time"] <= now + LEEWAY),
        "the subject": not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255,
    }
    wrong = next((name for name, is_wrong in problems.items() if is_wrong), None)
    if wrong:
        raise Untrusted(f"{wrong} of the ID token does not fit")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
