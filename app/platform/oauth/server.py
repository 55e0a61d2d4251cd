"""Authlib's authorization server, narrowed to what RFC 9700 leaves. Loaded with the first request to it.

One object serves all shops: whatever it asks for is read in the shop that the request came to.
"""

from __future__ import annotations

from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError, grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode
from flask import request
from werkzeug.datastructures import MultiDict

from app.core import clock, ids, login
from app.platform.oauth import checking, docs_client, queries, scopes, service, tokens
from app.platform.oauth.models import OAuthClient, OAuthCode, OAuthGrant, OAuthRefresh
from app.platform.staff.models import StaffMember

__all__ = ["OAuth2Error", "server"]
METHODS = ["client_secret_basic", "client_secret_post", "none"]
RESPONSE_TYPES = ("code",)
ID_TOKEN_SECONDS = 300
TRIES_PER_APP, TEN_MINUTES = 1200, 600
"""Requests of one app, from wherever: a program that asks twice a second has a fault, and others should not feel it."""


class Client:
    """An app as Authlib asks for it."""

    def __init__(self, app: OAuthClient) -> None:
        self.app = app

    def get_client_id(self) -> str:
        """What programs call it."""
        return self.app.client_id

    def get_default_redirect_uri(self) -> None:
        """None: the address is always named."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What it may ask for of what it asked; None when nothing is left."""
        allowed = set(self.app.scopes) | ({*scopes.OF_PERSON} if not self.app.acts_alone else set())
        wanted = scope.split() if scope else [one for one in self.app.scopes if one not in scopes.EXPLICIT]
        return " ".join(dict.fromkeys(one for one in wanted if one in allowed)) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Letter by letter: no prefix, no port that differs, no wildcard."""
        return redirect_uri in self.app.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Compared by hash, in constant time."""
        return service.is_secret_of(self.app, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """No secret for those that cannot keep one, always a secret for all others."""
        return (method == "none") == self.app.is_public

    def check_response_type(self, response_type: str) -> bool:
        """Codes only, and none for an app that acts alone."""
        return response_type in RESPONSE_TYPES and not self.app.acts_alone

    def check_grant_type(self, grant_type: str) -> bool:
        """An app works with people or alone, never both."""
        return (grant_type == "client_credentials") == self.app.acts_alone


class Person:
    """A member of staff as Authlib asks for them."""

    def __init__(self, member: StaffMember, auth_time: int = 0) -> None:
        self.member, self.auth_time = member, auth_time

    def get_user_id(self) -> str:
        """Their public id."""
        return ids.to_public(tokens.STAFF_PREFIX, self.member.id)


class Code:
    """A code that is about to be turned into tokens."""

    def __init__(self, row: OAuthCode, grant: OAuthGrant, member: StaffMember) -> None:
        self.row, self.grant, self.member = row, grant, member
        self.code_challenge, self.code_challenge_method = row.challenge, "S256"

    def get_redirect_uri(self) -> str:
        """Where the person was sent back to."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What was agreed to."""
        return " ".join(self.grant.scopes)

    def get_nonce(self) -> str:
        """What the app wants to find in the ID token."""
        return self.row.nonce

    def get_auth_time(self) -> int:
        """When the person signed in."""
        return self.row.auth_time

    def get_acr(self) -> None:
        """Nothing is said of how they signed in."""

    def get_amr(self) -> None:
        """Nothing is said of how they signed in."""


class Refresh:
    """A refresh token that is about to be used up."""

    def __init__(self, row: OAuthRefresh, grant: OAuthGrant, app: OAuthClient, member: StaffMember) -> None:
        self.row, self.grant, self.app, self.member = row, grant, app, member

    def check_client(self, client: Client) -> bool:
        """Is it this app's?"""
        return client.app.id == self.app.id

    def get_scope(self) -> str:
        """What it was given."""
        return " ".join(self.row.scopes)


def _answer(issued: service.Issued) -> dict[str, Any]:
    body = {
        "token_type": "Bearer", "access_token": issued.access_token,
        "expires_in": int(tokens.LIFETIME.total_seconds()), "scope": " ".join(issued.scopes),
    }  # fmt: skip
    return body | ({"refresh_token": issued.refresh_token} if issued.refresh_token else {})


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    """Codes, for people who sign in and agree."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def generate_authorization_code(self) -> str:
        """Note the consent; the code comes with it."""
        sent = self.request.payload.data
        return service.agree(
            self.request.client.app, self.request.user.member, self.request.scope.split(),
            redirect_uri=sent["redirect_uri"], challenge=sent["code_challenge"], nonce=sent.get("nonce", ""),
            auth_time=self.request.user.auth_time,
        )  # fmt: skip

    def save_authorization_code(self, code: str, request: Any) -> None:
        """It was kept when it was made."""

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """A code of this app that works; a used one ends its family on the way."""
        row = service.find_code(code, client.app)
        found = queries.grant_with_people(row.grant_id) if row else None
        return Code(row, found[0], found[2]) if row and found else None

    def authenticate_user(self, authorization_code: Code) -> Person:
        """Who agreed."""
        return Person(authorization_code.member)

    def generate_token(self, user: Any = None, **_: Any) -> dict[str, Any]:
        """Tokens of the code's family."""
        code = self.request.authorization_code
        issued = service.issue(self.request.client.app, code.grant, code.grant.scopes, code.member)
        return _answer(issued)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """It stays, marked, so that a second use is known for what it is."""
        service.use_up(authorization_code.row)


class RefreshTokenGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # Authlib has no types
    """Each use gives another refresh token; a second use of one ends the family."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_refresh_token(self, refresh_token: str) -> Refresh | None:
        """A token of the asking app that works."""
        row = service.find_refresh(refresh_token, self.request.client.app)
        found = queries.grant_with_people(row.grant_id) if row else None
        return Refresh(row, *found) if row and found else None

    def authenticate_user(self, refresh_token: Refresh) -> Person:
        """Who agreed."""
        return Person(refresh_token.member)

    def issue_token(self, user: Person, refresh_token: Refresh) -> dict[str, Any]:
        """No more than before, and no more than the person holds today."""
        wanted = (self.request.payload.scope or refresh_token.get_scope()).split()
        issued = service.issue(refresh_token.app, refresh_token.grant, wanted, user.member)
        if not issued.scopes:
            raise InvalidGrantError("Nothing of what was agreed to is left.")
        return _answer(issued)

    def revoke_old_credential(self, refresh_token: Refresh) -> None:
        """Used up."""
        service.use_up(refresh_token.row)


class ClientCredentialsGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """Tokens for an app in its own name, within what its maker may do today."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS[:2]

    def generate_token(self, scope: str | None = None, **_: Any) -> dict[str, Any]:
        """A short token, and no other with it."""
        client = self.request.client
        allowed = client.get_allowed_scope(scope)
        found = queries.app_with_maker(client.app.id)
        issued = service.issue_alone(client.app, allowed.split(), found[1]) if allowed and found else None
        if issued is None or not issued.scopes:
            raise InvalidScopeError()
        return _answer(issued)


class Pkce(CodeChallenge):  # type: ignore[misc]  # Authlib has no types
    """S256 for every app, those with a secret too, and no other way."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Both parameters, once each, and S256."""
        sent = grant.request.payload.data
        if not sent.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        if sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The 'code_challenge_method' must be S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: Any, result: Any) -> None:
        """A code without its verifier is worth nothing to anybody."""
        if not grant.request.form.get("code_verifier"):
            raise InvalidRequestError("Missing 'code_verifier'")
        super().validate_code_verifier(grant, result)


class IdTokens(OpenIDCode):  # type: ignore[misc]  # Authlib has no types
    """Who the person is, for apps that asked for `openid`."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """Codes work once and are bound to a verifier; whether a nonce comes again is for the app to see."""
        return False

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        """Signed by the shop for the app."""
        now = int(clock.now().timestamp())
        claims = {
            "iss": tokens.issuer(), "aud": request.client.get_client_id(), "iat": now, "exp": now + ID_TOKEN_SECONDS,
            **self.get_authorization_code_claims(request.authorization_code),
            **about(request.user.member, token["scope"].split()),
        }  # fmt: skip
        return tokens.sign(claims, "JWT")


def about(member: StaffMember, given: list[str] | frozenset[str]) -> dict[str, Any]:
    """The claims about a person that these scopes open."""
    told: dict[str, Any] = {"sub": ids.to_public(tokens.STAFF_PREFIX, member.id)}
    if "profile" in given:
        told["name"] = member.name
    if "email" in given:
        told["email"] = member.email
    return told


class Issuer(IssuerParameter):  # type: ignore[misc]  # Authlib has no types
    """Every answer to an authorization request names who answered (RFC 9207)."""

    def get_issuer(self) -> str:
        """The shop's address."""
        return tokens.issuer()


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # Authlib has no types
    """A refresh token takes its family along; an access token stops by itself."""

    CLIENT_AUTH_METHODS = METHODS

    def authenticate_token(self, request: Any, client: Client) -> Any:
        """Somebody else's token is nothing: the answer says the same as for one that is over (RFC 7009, 2.2)."""
        self.check_params(request, client)
        return _token_of(request.form["token"], client.app)

    def revoke_token(self, token: Any, request: Any) -> None:
        """Stop it now."""
        if isinstance(token, OAuthRefresh):
            service.end_family(token.grant_id, "by_app")
        else:
            service.take_back(token.token.jti)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # Authlib has no types
    """What a token of the asking app is worth now."""

    CLIENT_AUTH_METHODS = METHODS[:2]

    def create_endpoint_response(self, request: Any) -> Any:
        """Live or not, and no more of any that are not the app's."""
        client = self.authenticate_endpoint_client(request)
        self.check_params(request, client)
        body = _told(_token_of(request.form["token"], client.app), client.app)
        return 200, body, grants.BaseGrant.TOKEN_RESPONSE_HEADER


def _token_of(text: str, app: OAuthClient) -> OAuthRefresh | checking.Held | None:
    if text.count(".") == 2:
        held = checking.held(text)
        return held if held and held.app.id == app.id else None
    row = queries.lock_refresh(service.hash_of(text))
    found = queries.grant_with_people(row.grant_id) if row else None
    is_good = row is not None and row.used_at is None and row.expires_at > clock.now()
    return row if is_good and found and found[1].id == app.id else None


def _told(token: OAuthRefresh | checking.Held | None, app: OAuthClient) -> dict[str, Any]:
    if token is None:
        return {"active": False}
    common: dict[str, Any] = {"active": True, "client_id": app.client_id, "iss": tokens.issuer()}
    if isinstance(token, OAuthRefresh):
        return common | {
            "scope": " ".join(token.scopes), "exp": int(token.expires_at.timestamp()), "token_type": "refresh_token",
        }  # fmt: skip
    said = token.token
    scope = " ".join(sorted(token.actor.permissions | (said.scopes & scopes.OF_PERSON.keys())))
    return common | {
        "scope": scope, "exp": int(said.ends_at.timestamp()), "iat": said.issued_at, "sub": said.subject,
        "aud": tokens.audience(), "jti": str(said.jti), "token_type": "Bearer",
    }  # fmt: skip


class _Payload(FlaskOAuth2Payload):  # type: ignore[misc]  # Authlib has no types
    """Parameters from where they belong: the query of the consent page, the body of everything else."""

    @property
    def data(self) -> MultiDict[str, str]:
        """Never both at once."""
        is_page = self._request.blueprint == "oauth_backoffice"
        sent: MultiDict[str, str] = self._request.args if is_page else self._request.form
        return sent


class _Request(FlaskOAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """Whether https is asked for is settled in front of the application; on a developer's machine it is not."""

    def __init__(self, asked: Any) -> None:
        OAuth2Request.__init__(self, asked.method, f"https://{asked.host}{asked.full_path}", headers=asked.headers)
        self._request, self.payload = asked, _Payload(asked)


class _Server(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    def query_client(self, client_id: str) -> Client | None:
        app = docs_client.found(client_id) or queries.app_called(client_id)
        return Client(app) if app else None

    def authenticate_client(self, request: Any, methods: Any, endpoint: str = "token") -> Client:
        """Who asks, and not too often: the door counts addresses, this counts the app."""
        client: Client = super().authenticate_client(request, methods, endpoint)
        login.rate_limit("oauth-client", client.get_client_id(), TRIES_PER_APP, TEN_MINUTES)
        return client

    def save_token(self, token: Any, request: Any) -> None:
        """Kept when it was made."""

    def create_oauth2_request(self, _: Any) -> _Request:
        return _Request(request)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


def _built() -> _Server:
    server = _Server()
    server.register_grant(AuthorizationCodeGrant, [Pkce(required=True), IdTokens()])
    server.register_grant(RefreshTokenGrant)
    server.register_grant(ClientCredentialsGrant)
    server.register_endpoint(Revocation)
    server.register_endpoint(Introspection)
    server.register_extension(Issuer())
    return server


server = _built()
