"""Apps of integrators: register one, see who agreed to it, take it away."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext, said
from app.core.web import accepts, done, page, redirect_to
from app.platform.oauth import keys, queries, scopes, service
from app.platform.oauth.backoffice.door import door
from app.platform.oauth.models import OAuthClient
from app.platform.oauth.schemas import KIND_DETAILS, KINDS, NewApp, Nothing
from app.platform.staff import granting


@door.get("/developers/apps")
@requires("oauth.read")
def index(**_: Any) -> Response:
    """Every app, the form that registers one, and the key that signs."""
    kinds, details = said(KINDS), said(KIND_DETAILS)
    return page(
        "oauth/backoffice/index.html",
        apps=queries.all_apps(), key=keys.in_force(), kinds=kinds,
        kind_options=[(name, kinds[name], details[name]) for name in KINDS],
        offered=granting.by_room(scopes.offered_to(current_actor())),
    )  # fmt: skip


@door.post("/developers/apps")
@requires("oauth.write")
@fresh_proof
@accepts(NewApp, again=index)
def make(form: NewApp) -> Response:
    """Register an app and show its secret: this answer is the only one that ever holds it."""
    return _secret_page(*service.make_app(form, by=current_actor()))


@door.get("/developers/apps/<uuid:app_id>")
@requires("oauth.read")
def show(app_id: UUID) -> Response:
    """One app: what it may, where it leads, who agreed."""
    return page("oauth/backoffice/show.html", **_app(app_id))


@door.post("/developers/apps/<uuid:app_id>/secret")
@requires("oauth.write")
@fresh_proof
@accepts(Nothing)
def change_secret(form: Nothing, app_id: UUID) -> Response:
    """Another secret, shown once."""
    return _secret_page(*service.new_secret(app_id, by=current_actor()))


@door.post("/developers/apps/<uuid:app_id>/remove")
@requires("oauth.write")
@accepts(Nothing)
def remove(form: Nothing, app_id: UUID) -> Response:
    """Stop an app for everybody."""
    app = service.remove_app(app_id, by=current_actor())
    return redirect_to(url_for(".index"), gettext("%(name)s no longer has access.", name=app.name))


@door.post("/developers/apps/<uuid:app_id>/grants/<uuid:grant_id>/withdraw")
@requires("oauth.write")
@accepts(Nothing)
def withdraw(form: Nothing, app_id: UUID, grant_id: UUID) -> Response:
    """Take one person's consent back."""
    queries.app_or_404(app_id)
    service.withdraw(grant_id, by=current_actor())
    return done(
        "oauth/backoffice/_grants.html",
        say=gettext("The app has to ask again."), back_to=url_for(".show", app_id=app_id), **_app(app_id),
    )  # fmt: skip


@door.post("/developers/signing-key")
@requires("oauth.write")
@fresh_proof
@accepts(Nothing)
def change_key(form: Nothing) -> Response:
    """Sign with a new key from now on."""
    keys.change(by=current_actor())
    return redirect_to(url_for(".index"), gettext("New tokens are signed with a new key."))


def _app(app_id: UUID) -> dict[str, Any]:
    return {"app": queries.app_or_404(app_id), "grants": queries.grants_of(app_id), "kinds": said(KINDS)}


def _secret_page(app: OAuthClient, secret: str) -> Response:
    response = page("oauth/backoffice/made.html", app=app, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response
