"""Whose access token is it, and what may it do at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from app.core import bearers
from app.core.access import Actor
from app.core.bearers import Holder
from app.core.errors import NotFound
from app.core.ids import from_public
from app.platform.oauth import queries, tokens
from app.platform.oauth.models import CLIENT_PREFIX, OAuthClient
from app.platform.oauth.tokens import AccessToken
from app.platform.staff import queries as staff
from app.platform.staff.models import StaffMember


@dataclass(frozen=True)
class Held:
    """A token that works: what it says, the app, whose power it borrows, and what it may do now."""

    token: AccessToken
    app: OAuthClient
    person: StaffMember
    actor: Actor


def held(text: str) -> Held | None:
    """The token behind this text, as far as it works at this moment; None for any other.

    It may what it was given, the app still may ask for and the person still holds: a smaller role acts at once.
    """
    token = tokens.read(text)
    if token is None or queries.is_taken_back(token.jti):
        return None
    pair = _of_person(token) if token.grant_id is not None else _of_app(token)
    if pair is None or pair[0].client_id != token.client_id:
        return None
    app, person = pair
    name = f"{app.name} ({person.name})" if token.grant_id is not None else app.name
    return Held(token, app, person, _actor(app, person, token.scopes, name, _source(token, app)))


def holder_of_token(text: str) -> Holder | None:
    """The program behind an access token, as the API's gate asks."""
    found = held(text) if text.count(".") == 2 else None
    if found is None:
        return None
    return Holder(found.actor, found.token.ends_at, found.actor.through)


def actor_of_grant(words: str) -> Actor | None:
    """An app that acted for a person, as it may act for them now: by the same consent, with no more scopes."""
    identity, *scopes = words.split(" ")
    found = queries.grant_with_people(UUID(identity))
    if found is None:
        return None
    return _actor(found[1], found[2], frozenset(scopes), f"{found[1].name} ({found[2].name})", f"grant {words}")


def actor_of_app(words: str) -> Actor | None:
    """An app that acted alone, likewise."""
    identity, *scopes = words.split(" ")
    found = queries.app_with_maker(UUID(identity))
    return _actor(found[0], found[1], frozenset(scopes), found[0].name, f"app {words}") if found else None


def _actor(app: OAuthClient, person: StaffMember, scopes: frozenset[str], name: str, through: str) -> Actor:
    held = scopes & frozenset(app.scopes) & staff.permissions_of(person)
    return Actor("client", app.id, name, held, person.id, through)


def _source(token: AccessToken, app: OAuthClient) -> str:
    source = f"grant {token.grant_id}" if token.grant_id is not None else f"app {app.id}"
    return " ".join([source, *sorted(token.scopes)])


def _of_person(token: AccessToken) -> tuple[OAuthClient, StaffMember] | None:
    assert token.grant_id is not None
    found = queries.grant_with_people(token.grant_id)
    return (found[1], found[2]) if found else None


def _of_app(token: AccessToken) -> tuple[OAuthClient, StaffMember] | None:
    try:
        found = queries.app_with_maker(from_public(CLIENT_PREFIX, token.client_id))
    except NotFound:
        return None
    return (found[0], found[1]) if found else None


def register(app: Any) -> None:
    """Access tokens are one kind of bearer token."""
    _register_once()


@cache
def _register_once() -> None:
    """A process that builds several applications still asks once."""
    bearers.loader(holder_of_token)
    bearers.recaller("grant", actor_of_grant)
    bearers.recaller("app", actor_of_app)
