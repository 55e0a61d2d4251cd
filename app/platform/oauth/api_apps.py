"""Apps of integrators, who agreed to them, and the key that signs, for programs."""

from __future__ import annotations

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public
from app.core.rest import ApiDoor, Page, accepts, matches, page_of, returns
from app.platform.oauth import keys, queries, service
from app.platform.oauth.errors import AppIsOver, ScopesBeyondYours
from app.platform.oauth.models import OAuthClient, OAuthGrant
from app.platform.oauth.programs import AppOut, AppRegistered, AppsWanted, AppWritten, GrantOut, SigningKeyOut, as_form

door = ApiDoor("oauth_apps")


@door.get("/apps")
@requires("oauth.read")
@returns(Page[AppOut])
@accepts(AppsWanted)
def list_apps(query: AppsWanted) -> Page[AppOut]:
    """List the apps that may ask people for access, newest first or as `sort` says."""
    found = queries.listed_apps(query)
    return page_of([_app(one) for one in found.rows], found.next or None)


@door.post("/apps")
@requires("oauth.write")
@returns(AppOut, errors=(ScopesBeyondYours,), status=201)
@accepts(AppRegistered)
def register_app(body: AppRegistered) -> AppOut:
    """Register an app that people sign in to. Its `secret` is in this answer and in no other.

    It may ask for no more than the program that registers it holds. An app that acts alone is registered by a person.
    """
    app, secret = service.make_app(as_form(body, body.kind), by=current_actor())
    return _app(app, secret or None)


@door.get("/apps/<app_id>")
@requires("oauth.read")
@returns(AppOut)
def get_app(app_id: str) -> AppOut:
    """Read one app."""
    return _app(queries.app_or_404(_id(app_id)))


def _locked(app_id: str) -> AppOut:
    queries.lock_app(_id(app_id))
    return _app(queries.app_or_404(_id(app_id)))


@door.put("/apps/<app_id>")
@requires("oauth.write")
@returns(AppOut, errors=(AppIsOver, ScopesBeyondYours))
@matches(_locked)
@accepts(AppWritten)
def change_app(body: AppWritten, app_id: str) -> AppOut:
    """Change an app's name, addresses and scopes. Only a program that holds what the app may ask for changes it."""
    addresses = as_form(body, "server").addresses
    return _app(service.change_app(_id(app_id), body.name, addresses, body.scopes, by=current_actor()))


@door.delete("/apps/<app_id>")
@requires("oauth.write")
@returns(AppOut, errors=(AppIsOver,))
def remove_app(app_id: str) -> AppOut:
    """Stop an app and all its tokens."""
    return _app(service.remove_app(_id(app_id), by=current_actor()))


@door.post("/apps/<app_id>/secret")
@requires("oauth.write")
@returns(AppOut, errors=(AppIsOver, ScopesBeyondYours))
def change_app_secret(app_id: str) -> AppOut:
    """Change an app's secret. The old one stops at once."""
    return _app(*service.new_secret(_id(app_id), by=current_actor()))


@door.get("/apps/<app_id>/grants")
@requires("oauth.read")
@returns(Page[GrantOut])
@accepts(AppsWanted)
def list_grants(query: AppsWanted, app_id: str) -> Page[GrantOut]:
    """List who agreed to an app, newest first or as `sort` says."""
    app = queries.app_or_404(_id(app_id))
    found = queries.listed_grants(app.id, query)
    return page_of([_grant(one) for one in found.rows], found.next or None)


@door.delete("/apps/<app_id>/grants/<grant_id>")
@requires("oauth.write")
@returns(GrantOut)
def withdraw_grant(app_id: str, grant_id: str) -> GrantOut:
    """Take one person's consent back. Its tokens stop, and the app has to ask again."""
    grant = queries.grant_to(queries.app_or_404(_id(app_id)).id, from_public(PREFIXES["grant_id"], grant_id))
    return _grant(service.withdraw(grant.id, by=current_actor()))


@door.post("/apps/signing-key")
@requires("oauth.write")
@returns(SigningKeyOut, status=201)
def change_signing_key() -> SigningKeyOut:
    """Sign tokens with a new key from now on. What the old one signed stays good until its end."""
    key = keys.change(by=current_actor())
    return SigningKeyOut(str(key.id), key.created_at)


def _id(text: str) -> UUID:
    return from_public(PREFIXES["app_id"], text)


def _app(one: OAuthClient, secret: str | None = None) -> AppOut:
    kind = "alone" if one.acts_alone else "public" if one.is_public else "server"
    return AppOut(
        id=one.client_id, name=one.name, kind=kind, redirect_uris=one.redirect_uris, scopes=one.scopes,
        made_by=to_public(PREFIXES["staff_id"], one.made_by), created_at=one.created_at, secret=secret,
    )  # fmt: skip


def _grant(one: OAuthGrant) -> GrantOut:
    return GrantOut(
        id=to_public(PREFIXES["grant_id"], one.id), app_id=to_public(PREFIXES["app_id"], one.client_id),
        staff_id=to_public(PREFIXES["staff_id"], one.staff_id), scopes=one.scopes, created_at=one.created_at,
    )  # fmt: skip
