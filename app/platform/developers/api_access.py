"""Keys, sites that may call from browsers, and the log of requests, for programs."""

from __future__ import annotations

from uuid import UUID

from app.core import rest_cors
from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public, unknown, uuid_in
from app.core.rest import Page, Paging, accepts, page_of, returns
from app.core.rest_cors import ApiOrigin
from app.platform.developers import origins, queries, service
from app.platform.developers.api import door as door
from app.platform.developers.errors import KeyIsOver, MadeByProgram
from app.platform.developers.models import ApiKey, ApiRequest
from app.platform.developers.programs import ApiRequestOut, KeyOut, KeysWanted, OriginOut, RequestsWanted
from app.platform.developers.schemas import NewKey, NewOrigin
from app.platform.oauth import queries as oauth
from app.platform.oauth.errors import ScopesBeyondYours


@door.get("/api-keys")
@requires("developers.read")
@returns(Page[KeyOut])
@accepts(KeysWanted)
def list_keys(query: KeysWanted) -> Page[KeyOut]:
    """List the keys for programs, revoked ones too, newest first or as `sort` says."""
    found = queries.listed_keys(query)
    return page_of([_key(one) for one in found.rows], found.next or None)


@door.post("/api-keys")
@requires("developers.write")
@returns(KeyOut, errors=(ScopesBeyondYours, MadeByProgram), status=201)
@accepts(NewKey)
def make_key(body: NewKey) -> KeyOut:
    """Make a key. Its `secret` is in this answer and in no other.

    It may no more than the key or consent that makes it, and stops with it. It makes no further keys.
    """
    key, text = service.make_key(body, by=current_actor())
    return _key(key, text)


@door.get("/api-keys/<key_id>")
@requires("developers.read")
@returns(KeyOut)
def get_key(key_id: str) -> KeyOut:
    """Read one key."""
    return _key(queries.key_or_404(from_public(PREFIXES["key_id"], key_id)))


@door.delete("/api-keys/<key_id>")
@requires("developers.write")
@returns(KeyOut, errors=(KeyIsOver,))
def revoke_key(key_id: str) -> KeyOut:
    """Stop a key, and every key that was made by it, from the next request on."""
    return _key(service.revoke(from_public(PREFIXES["key_id"], key_id), by=current_actor()))


@door.get("/api-origins")
@requires("developers.read")
@returns(Page[OriginOut])
@accepts(Paging)
def list_origins(query: Paging) -> Page[OriginOut]:
    """List the sites whose pages may call the API. There is one page."""
    return page_of([_origin(one) for one in rest_cors.all_origins()], None)


@door.post("/api-origins")
@requires("developers.write")
@returns(OriginOut, status=201)
@accepts(NewOrigin)
def allow_origin(body: NewOrigin) -> OriginOut:
    """Let the pages of a site call the API."""
    return _origin(origins.allow(body.origin, by=current_actor()))


@door.delete("/api-origins/<origin_id>")
@requires("developers.write")
@returns(OriginOut)
def forbid_origin(origin_id: str) -> OriginOut:
    """Let the pages of a site in no more."""
    return _origin(origins.forbid(from_public(PREFIXES["origin_id"], origin_id), by=current_actor()))


@door.get("/api-requests")
@requires("developers.read")
@returns(Page[ApiRequestOut])
@accepts(RequestsWanted)
def list_requests(query: RequestsWanted) -> Page[ApiRequestOut]:
    """List what programs asked in the last seven days, newest first or as `sort` says."""
    program = uuid_in(query.program_id) if query.program_id else None
    if query.program_id and program is None:
        raise unknown("program_id")
    found = queries.listed_requests(query, program)
    apps = {one.id for one in oauth.all_apps()}
    return page_of([_request(one, apps) for one in found.rows], found.next or None)


def _key(one: ApiKey, secret: str | None = None) -> KeyOut:
    return KeyOut(
        id=to_public(PREFIXES["key_id"], one.id), name=one.name, prefix=one.prefix, scopes=one.scopes, state=one.state,
        made_by=to_public(PREFIXES["staff_id"], one.made_by), created_at=one.created_at, expires_at=one.expires_at,
        last_used_at=one.last_used_at, secret=secret,
    )  # fmt: skip


def _origin(one: ApiOrigin) -> OriginOut:
    return OriginOut(to_public(PREFIXES["origin_id"], one.id), one.origin)


def _request(one: ApiRequest, apps: set[UUID]) -> ApiRequestOut:
    kind = "app_id" if one.program_id in apps else "key_id"
    return ApiRequestOut(
        id=to_public(PREFIXES["api_request_id"], one.id), at=one.at,
        program_id=to_public(PREFIXES[kind], one.program_id),
        program=one.program, method=one.method, path=one.path, status=one.status, code=one.code,
        milliseconds=one.milliseconds,
    )  # fmt: skip
