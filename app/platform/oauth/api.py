"""What programs call: the server's description, its keys, tokens, and who a person is."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Response, request

from app.core import login
from app.core.access import public
from app.core.errors import TooManyRequests
from app.core.later import later
from app.core.lifecycle import from_machines
from app.core.rest import json_response
from app.core.web import Door
from app.platform.oauth import checking, keys, queries, scopes, tokens

if TYPE_CHECKING:
    from app.platform.oauth import server
else:
    server = later("app.platform.oauth.server")

TRIES = 600
TEN_MINUTES = 600
AUTHORIZE = "/admin/oauth/authorize"
METHODS = ["client_secret_basic", "client_secret_post"]


class OAuthDoor(Door):
    """Beside the API, on the same surface; each route names its whole path."""

    surface = "api"

    def __init__(self, room: str) -> None:
        super().__init__(room)


door = OAuthDoor("oauth")


@door.get("/.well-known/openid-configuration")
@door.get("/.well-known/oauth-authorization-server")
@public
def description() -> Response:
    """What this shop's server can do (RFC 8414, OpenID Connect Discovery)."""
    here = tokens.issuer()
    return _open_to_all(json_response({
        "issuer": here,
        "authorization_endpoint": f"{here}{AUTHORIZE}",
        "token_endpoint": f"{here}/oauth/token",
        "revocation_endpoint": f"{here}/oauth/revoke",
        "introspection_endpoint": f"{here}/oauth/introspect",
        "userinfo_endpoint": f"{here}/oauth/userinfo",
        "jwks_uri": f"{here}/oauth/jwks.json",
        "service_documentation": f"{here}/api/docs",
        "scopes_supported": scopes.all_of_them(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": [*METHODS, "none"],
        "revocation_endpoint_auth_methods_supported": [*METHODS, "none"],
        "introspection_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "email"],
        "prompt_values_supported": ["none", "login", "consent"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }))  # fmt: skip


@door.get("/oauth/jwks.json")
@public
def published_keys() -> Response:
    """The public halves of the keys that sign tokens."""
    return _open_to_all(json_response(keys.published()))


def answers_to_apps(view: Callable[[], Response]) -> Callable[[], Response]:
    """An endpoint with a limit by address. Who is over it, or over an app's own, hears it as RFC 6749, 5.2 says."""

    @functools.wraps(view)
    def limited() -> Response:
        try:
            login.rate_limit("oauth-token", login.remote_address(), TRIES, TEN_MINUTES)
            return _for_apps(view())
        except TooManyRequests as refusal:
            told = {"error": "temporarily_unavailable", "error_description": refusal.sentence}
            response = json_response(told, refusal.status)
            response.headers["Retry-After"] = str(refusal.params.get("seconds", 1))
            return _for_apps(response)

    return limited


@door.post("/oauth/token")
@public
@from_machines
@answers_to_apps
def token() -> Response:
    """Give tokens for a code, a refresh token, or an app's own secret."""
    return server.server.create_token_response()  # type: ignore[no-any-return]  # Authlib's


@door.post("/oauth/revoke")
@public
@from_machines
@answers_to_apps
def revoke() -> Response:
    """Take a token back (RFC 7009)."""
    return server.server.create_endpoint_response("revocation")  # type: ignore[no-any-return]  # Authlib's


@door.post("/oauth/introspect")
@public
@from_machines
@answers_to_apps
def introspect() -> Response:
    """Tell an app what one of its tokens is worth (RFC 7662)."""
    return server.server.create_endpoint_response("introspection")  # type: ignore[no-any-return]  # Authlib's


@door.route("/oauth/userinfo", methods=["GET", "POST"])
@public
@from_machines
def userinfo() -> Response:
    """Who the person behind a token is, as far as its scopes tell (OpenID Connect, 5.3)."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    held = checking.held(text.strip()) if kind.lower() == "bearer" else None
    if held is None or held.token.grant_id is None:
        return _no_access(401, "invalid_token")
    if "openid" not in held.token.scopes:
        return _no_access(403, "insufficient_scope")
    return _for_apps(json_response(server.about(held.person, held.token.scopes)))


def _no_access(status: int, error: str) -> Response:
    response = json_response({"error": error}, status)
    response.headers["WWW-Authenticate"] = f'Bearer error="{error}"'
    return _for_apps(response)


def _for_apps(response: Any) -> Response:
    """Never kept; readable by a page only where an app of this shop that runs in browsers stands."""
    answer: Response = response
    answer.headers["Cache-Control"] = "no-store"
    origin = request.headers.get("Origin")
    if origin and _is_at_home(origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.vary.add("Origin")
    return answer


def _is_at_home(origin: str) -> bool:
    """Does an app without a secret send people back to this origin?"""
    wanted = urlsplit(origin)[:2]
    return any(
        urlsplit(address)[:2] == wanted for app in queries.all_apps() if app.is_public for address in app.redirect_uris
    )


def _open_to_all(response: Response) -> Response:
    """Public facts, for programs anywhere, kept for five minutes."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
