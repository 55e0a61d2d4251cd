"""What is asked of a provider over the network: its description, tokens for a code, its keys, and about a person.

All of it goes through the guard of core/http.py, between two transactions. Raises FetchFailed where nothing came back,
and Untrusted where something came back that is not what a provider says.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec

from app.core.later import later
from app.platform.sso.schemas import Described, Wiring

if TYPE_CHECKING:
    from authlib.oauth2 import client as oauth2

    from app.core import http
else:
    http = later("app.core.http")  # outgoing calls are rare, their libraries are large
    oauth2 = later("authlib.oauth2.client")

SCOPE = "openid email profile"
LARGEST = 256 * 1024
_BASIC, _POST = "client_secret_basic", "client_secret_post"


class Untrusted(Exception):
    """Something came back that does not hold; the message is for the log and for whoever sets the provider up."""


def describe(issuer: str) -> Described:
    """What stands in the provider's own description (OpenID Connect Discovery, 4)."""
    found = _json(http.fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration", largest=LARGEST))
    if found.get("issuer") != issuer:
        raise Untrusted(f"it calls itself {str(found.get('issuer'))[:200]!r}")
    if "code" not in _listed(found, "response_types_supported", ["code"]):
        raise Untrusted("it does not give codes")
    if "S256" not in _listed(found, "code_challenge_methods_supported", ["S256"]):
        raise Untrusted("it does not know PKCE with S256")
    methods = _listed(found, "token_endpoint_auth_methods_supported", [_BASIC])
    if not {_BASIC, _POST} & set(methods):
        raise Untrusted("it takes no client secret")
    return Described(
        authorization_endpoint=_endpoint(found, "authorization_endpoint"),
        token_endpoint=_endpoint(found, "token_endpoint"),
        jwks_uri=_endpoint(found, "jwks_uri"),
        userinfo_endpoint=_endpoint(found, "userinfo_endpoint") if found.get("userinfo_endpoint") else "",
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        takes_basic=_BASIC in methods,
    )


def way_out(wiring: Wiring, described: Described, *, state: str, nonce: str, verifier: str, is_again: bool) -> str:
    """Where the person is sent: the provider's own page, asked for a code with PKCE S256.

    Who is in already and proves once more who they are signs in there anew, whatever the provider remembers.
    """
    more = {"prompt": "login", "max_age": "0"} if is_again else {}
    address, _ = _client(wiring, described).create_authorization_url(
        described.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier, **more
    )
    return str(address)


def redeem(wiring: Wiring, described: Described, *, code: str, verifier: str) -> dict[str, Any]:
    """Tokens for a code."""
    try:
        tokens = _client(wiring, described).fetch_token(
            described.token_endpoint, grant_type="authorization_code", code=code, code_verifier=verifier,
            redirect_uri=wiring.come_back,
        )  # fmt: skip
    except http.FetchFailed:
        raise
    except Exception as problem:
        # The library raises whatever the answer makes it stumble over.
        raise Untrusted(f"the code was not redeemed: {type(problem).__name__} {str(problem)[:200]}") from problem
    return dict(tokens)


def keys(described: Described) -> list[dict[str, Any]]:
    """The public keys that it publishes."""
    found = _json(http.fetch(described.jwks_uri, largest=LARGEST)).get("keys")
    if not isinstance(found, list):
        raise Untrusted("it publishes no keys")
    return [key for key in found if isinstance(key, dict)]


def about(described: Described, access_token: str) -> dict[str, Any]:
    """What it tells of a person beside the ID token; nothing where it has no such endpoint."""
    if not described.userinfo_endpoint or not access_token.isascii():
        return {}
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    return _json(http.fetch(described.userinfo_endpoint, headers=headers, largest=LARGEST))


def _client(wiring: Wiring, described: Described) -> Any:
    method = _BASIC if described.takes_basic else _POST
    client = oauth2.OAuth2Client(
        _Guarded(), wiring.client_id, wiring.secret, token_endpoint_auth_method=method, scope=SCOPE,
        redirect_uri=wiring.come_back, code_challenge_method="S256",
    )  # fmt: skip
    client.register_client_auth_method((_BASIC, _sign_basic))
    return client


class _Guarded:
    """Sends what Authlib's client asks for through our own guard."""

    def post(self, url: str, data: dict[str, str], headers: dict[str, str], auth: Any) -> Any:
        """One form, signed by the client's secret."""
        told = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        url, told, body = auth.prepare("POST", url, told, urlencode(data))
        return http.fetch(url, method="POST", headers=told, content=str(body).encode(), largest=LARGEST)


def _sign_basic(client: Any, method: str, url: str, headers: dict[str, str], body: str) -> tuple[Any, ...]:
    """Basic as RFC 6749, 2.3.1 wants it, both halves encoded; Authlib's own sends them as they are."""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    return url, headers | {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}, body


def _json(answer: Any) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Untrusted("it answered with something that is not JSON") from problem
    if answer.status_code != 200 or not isinstance(found, dict):
        raise Untrusted(f"it answered {answer.status_code}")
    return found


def _listed(found: dict[str, Any], name: str, usual: list[str]) -> list[Any]:
    value = found.get(name, usual)
    return value if isinstance(value, list) else []


def _endpoint(found: dict[str, Any], name: str) -> str:
    """An address from the description: it is not a person's typing, and is looked at as if it were."""
    value = found.get(name)
    if not isinstance(value, str) or "#" in value:
        raise Untrusted(f"it has no {name}")
    http.refuse_typed_address(value)
    return value
