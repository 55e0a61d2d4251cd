"""The room's page in the back office: keys for programs."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, url_for

from app.core import rest_cors
from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext, said
from app.core.rest import PREFIX
from app.core.web import BackofficeDoor, accepts, done, page, redirect_to
from app.platform.developers import origins, queries, service
from app.platform.developers.schemas import LIFETIMES, NewKey, NewOrigin, Nothing, RequestFilter
from app.platform.oauth import queries as oauth
from app.platform.oauth import scopes
from app.platform.staff import granting
from app.platform.staff import queries as staff

door = BackofficeDoor("developers")


@door.get("/developers")
@requires("developers.read")
def index(**_: Any) -> Response:
    """Every key, and the form that makes one."""
    return page("developers/backoffice/index.html", **_keys())


@door.post("/developers/keys")
@requires("developers.write")
@fresh_proof
@accepts(NewKey, again=index)
def make(form: NewKey) -> Response:
    """Make a key and show it: this answer is the only one that ever holds it, so nothing is redirected."""
    key, text = service.make_key(form, by=current_actor())
    response = page("developers/backoffice/made.html", key=key, text=text, request_of_key=None)
    response.headers["Cache-Control"] = "no-store"
    return response


@door.post("/developers/keys/<uuid:key_id>/revoke")
@requires("developers.write")
@accepts(Nothing, again=index)
def revoke(form: Nothing, key_id: UUID) -> Response:
    """Stop a key."""
    key = service.revoke(key_id, by=current_actor())
    return done(
        "developers/backoffice/_keys.html",
        say=gettext("%(name)s no longer works.", name=key.name),
        back_to=url_for(".index"),
        **_keys(),
    )


@door.post("/developers/origins")
@requires("developers.write")
@accepts(NewOrigin, again=index)
def allow_origin(form: NewOrigin) -> Response:
    """Let the pages of a site call the API."""
    allowed = origins.allow(form.origin, by=current_actor())
    return redirect_to(url_for(".index"), gettext("Pages of %(site)s may call the API now.", site=allowed.origin))


@door.post("/developers/origins/<uuid:origin_id>/remove")
@requires("developers.write")
@accepts(Nothing, again=index)
def forbid_origin(form: Nothing, origin_id: UUID) -> Response:
    """Let them in no more."""
    gone = origins.forbid(origin_id, by=current_actor())
    return done(
        "developers/backoffice/_origins.html",
        say=gettext("Pages of %(site)s may not call the API any more.", site=gone.origin),
        back_to=url_for(".index"),
        origins=rest_cors.all_origins(),
    )


@door.get("/developers/first-call")
@requires("developers.write")
def first_call(**_: Any) -> Response:
    """From nothing to an answer, step by step."""
    return page("developers/backoffice/first_call.html", offered=_offered())


@door.get("/developers/keys/<uuid:key_id>/first-call")
@requires("developers.read")
def arrival(key_id: UUID) -> Response:
    """Has a request with this key arrived? The page that shows the key asks every other second."""
    key = queries.key_or_404(key_id)
    return page("developers/backoffice/_arrival.html", key=key, request_of_key=queries.newest_request_of(key.id))


@door.get("/developers/requests")
@requires("developers.read")
@accepts(RequestFilter)
def requests(form: RequestFilter) -> Response:
    """What programs asked of late, and what was refused."""
    found = queries.recent_requests(form)
    programs = {key.id: key.name for key in queries.all_keys()} | {one.id: one.name for one in oauth.all_apps()}
    return page(
        "developers/backoffice/requests.html",
        asked=form, programs=programs, lines=found[: queries.REQUESTS_A_PAGE],
        has_older=len(found) > queries.REQUESTS_A_PAGE,
    )  # fmt: skip


def _keys() -> dict[str, Any]:
    return {
        "keys": queries.all_keys(),
        "makers": {member.id: member.name for member in staff.all_staff()},
        "offered": granting.by_room(_offered()),
        "origins": rest_cors.all_origins(),
        "lifetimes": said(LIFETIMES),
    }


def _offered() -> set[str]:
    """What this person may give, as far as some route of the API asks for it today."""
    asked_for = {
        getattr(current_app.view_functions[rule.endpoint], "__access__", "")
        for rule in current_app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
    }
    return asked_for & set(scopes.offered_to(current_actor()))
