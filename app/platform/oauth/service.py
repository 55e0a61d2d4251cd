"""Everything that changes apps, consents and tokens."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import audit, clock, db, ids
from app.core.access import Actor
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext
from app.platform.oauth import queries, scopes, tokens
from app.platform.oauth.errors import AloneNeedsPerson, AppIsOver, NothingToAllow, ScopesBeyondYours
from app.platform.oauth.models import OAuthClient, OAuthCode, OAuthGrant, OAuthRefresh, OAuthRevoked
from app.platform.oauth.schemas import NewApp
from app.platform.staff import queries as staff
from app.platform.staff.models import StaffMember

CODE_LASTS = timedelta(minutes=1)
REFRESH_LASTS = timedelta(days=30)
FAMILY_LASTS = timedelta(days=180)
"""However often it is refreshed: after half a year the person is asked again."""


@dataclass(frozen=True)
class Issued:
    """What the token endpoint hands out."""

    access_token: str
    refresh_token: str
    scopes: list[str]


# --- apps ----------------------------------------------------------------------------------------------------------


def make_app(new: NewApp, *, by: Actor) -> tuple[OAuthClient, str]:
    """Register an app; the second value is its secret, which nobody sees again ("" for one that cannot keep any).

    Raises ScopesBeyondYours, and InvalidInput for a scope that no program gets.
    """
    refuse_scopes(new.scopes, by)
    maker = _maker(by)
    if new.kind == "alone" and by.kind == "client":
        raise AloneNeedsPerson
    secret = "" if new.kind == "public" else _new_secret()
    app = OAuthClient(
        name=new.name,
        is_public=new.kind == "public",
        secret_hash=hash_of(secret) if secret else None,
        redirect_uris=[] if new.kind == "alone" else new.addresses,
        scopes=sorted(set(new.scopes)),
        acts_alone=new.kind == "alone",
        made_by=maker,
    )
    db.add(app)
    db.flush()
    audit.record(by, "oauth_client.made", app, name=app.name, scopes=app.scopes)
    return app, secret


def change_app(app_id: UUID, name: str, redirect_uris: list[str], wanted: list[str], *, by: Actor) -> OAuthClient:
    """Change what an app is called, where it leads and what it may ask for; it acts so from its next request on.

    Whoever changes an app must hold all that it may: its new address gets what people agreed to for the old one.
    Raises NotFound, AppIsOver, ScopesBeyondYours, InvalidInput.
    """
    app = queries.lock_app(app_id)
    if not app.is_active or app.is_own:
        raise AppIsOver
    refuse_scopes(sorted({*wanted, *app.scopes}), by)
    before = {"name": app.name, "redirect_uris": app.redirect_uris, "scopes": app.scopes}
    app.name, app.redirect_uris, app.scopes = name, redirect_uris, sorted(set(wanted))
    db.flush()
    audit.record(by, "oauth_client.changed", app, before=before, name=app.name, scopes=app.scopes)
    return app


def new_secret(app_id: UUID, *, by: Actor) -> tuple[OAuthClient, str]:
    """Another secret; the old one stops at once. Raises NotFound, AppIsOver, ScopesBeyondYours.

    Whoever holds the secret may what the app may, so it is shown to nobody who may less.
    """
    app = queries.lock_app(app_id)
    if not app.is_active or app.is_public:
        raise AppIsOver
    if not all(by.may(scope) for scope in app.scopes):
        raise ScopesBeyondYours
    secret = _new_secret()
    app.secret_hash = hash_of(secret)
    audit.record(by, "oauth_client.secret_changed", app, name=app.name)
    return app, secret


def remove_app(app_id: UUID, *, by: Actor) -> OAuthClient:
    """Stop an app and all its tokens. Raises NotFound, AppIsOver."""
    app = queries.lock_app(app_id)
    if not app.is_active:
        raise AppIsOver
    app.revoked_at = clock.now()
    audit.record(by, "oauth_client.removed", app, name=app.name)
    return app


def refuse_scopes(wanted: list[str], by: Actor) -> None:
    """Staff and programs give, and only what they hold now. Raises ScopesBeyondYours, InvalidInput."""
    _maker(by)
    offered = scopes.offered_to(by)
    beyond = [scope for scope in wanted if scope not in offered]
    if any(by.may(scope) for scope in beyond):
        raise InvalidInput({"scopes": gettext("Programs cannot do that; only people can.")})
    if beyond:
        raise ScopesBeyondYours


def _maker(by: Actor) -> UUID:
    """The member of staff whose power is lent: the actor, or whose power a program borrows itself."""
    person = by.id if by.kind == "staff" else by.person if by.kind == "client" else None
    if person is None:
        raise ScopesBeyondYours
    return person


def is_secret_of(app: OAuthClient, secret: str) -> bool:
    """Is this the app's secret?"""
    return app.secret_hash is not None and hmac.compare_digest(app.secret_hash, hash_of(secret))


# --- consent and codes ---------------------------------------------------------------------------------------------


def may_get(app: OAuthClient, wanted: list[str], person: StaffMember) -> list[str]:
    """What a person can give an app: asked for, allowed to the app, and held by the person now."""
    held = scopes.offered_to(staff.actor_of(person))
    allowed = set(app.scopes)
    return [one for one in wanted if one in scopes.OF_PERSON or (one in allowed and one in held)]


def agree(
    app: OAuthClient, person: StaffMember, wanted: list[str], *, redirect_uri: str, challenge: str, nonce: str,
    auth_time: int,
) -> str:  # fmt: skip
    """Note that a person agreed, and give the code that the app turns into tokens. Raises NothingToAllow."""
    given = may_get(app, wanted, person)
    if not given:
        raise NothingToAllow
    grant = OAuthGrant(client_id=app.id, staff_id=person.id, scopes=given)
    db.add(grant)
    db.flush()
    text = secrets.token_urlsafe(32)
    db.add(OAuthCode(
        code_hash=hash_of(text), grant_id=grant.id, redirect_uri=redirect_uri, challenge=challenge, nonce=nonce,
        auth_time=auth_time, expires_at=clock.now() + CODE_LASTS,
    ))  # fmt: skip
    audit.record(staff.actor_of(person), "oauth_grant.agreed", grant, app=app.name, scopes=given)
    return text


def find_code(text: str, app: OAuthClient) -> OAuthCode | None:
    """A code of this app that still works, locked. One that was used before ends its whole family, for good."""
    code = queries.lock_code(hash_of(text))
    found = queries.grant_with_people(code.grant_id) if code else None
    if code is None or found is None or found[1].id != app.id:
        return None
    if code.used_at is not None:
        end_family(code.grant_id, "reused_code")
        db.checkpoint()
        return None
    return code if code.expires_at > clock.now() else None


# --- tokens --------------------------------------------------------------------------------------------------------


def issue(app: OAuthClient, grant: OAuthGrant, wanted: list[str], person: StaffMember) -> Issued:
    """A fresh pair of tokens of a family, for what was wanted and agreed to, as far as the person still holds it."""
    given = may_get(app, [one for one in wanted if one in grant.scopes], person)
    text = "" if app.is_own else secrets.token_urlsafe(32)
    ends = min(clock.now() + REFRESH_LASTS, grant.created_at + FAMILY_LASTS)
    if text:
        db.add(OAuthRefresh(token_hash=hash_of(text), grant_id=grant.id, scopes=given, expires_at=ends))
    _note_use(app)
    subject = ids.to_public(tokens.STAFF_PREFIX, person.id)
    signed = tokens.write(client_id=app.client_id, subject=subject, scopes=given, grant_id=grant.id)
    return Issued(signed, text, given)


def issue_alone(app: OAuthClient, wanted: list[str], maker: StaffMember) -> Issued:
    """A token in an app's own name."""
    given = [one for one in may_get(app, wanted, maker) if one not in scopes.OF_PERSON]
    _note_use(app)
    signed = tokens.write(client_id=app.client_id, subject=app.client_id, scopes=given, grant_id=None)
    return Issued(signed, "", given)


def find_refresh(text: str, app: OAuthClient) -> OAuthRefresh | None:
    """A refresh token of this app that still works, locked. One that was used before ends its whole family."""
    token = queries.lock_refresh(hash_of(text))
    found = queries.grant_with_people(token.grant_id) if token else None
    if token is None or found is None or found[1].id != app.id:
        return None
    if token.used_at is not None:
        end_family(token.grant_id, "reused_token")
        db.checkpoint()
        return None
    return token if token.expires_at > clock.now() else None


def use_up(token: OAuthCode | OAuthRefresh) -> None:
    """It worked once, and never again."""
    token.used_at = clock.now()


def end_family(grant_id: UUID, because: str) -> None:
    """Every code and token of a consent stops."""
    grant = queries.lock_grant(grant_id)
    if grant.revoked_at is None:
        grant.revoked_at, grant.revoked_because = clock.now(), because


def end_of_family(grant_id: UUID) -> datetime | None:
    """When a consent ends by itself."""
    found = queries.grant_with_people(grant_id)
    return found[0].created_at + FAMILY_LASTS if found else None


def take_back(jti: UUID) -> None:
    """One access token stops before its end."""
    if not queries.is_taken_back(jti):
        db.add(OAuthRevoked(id=jti, expires_at=clock.now() + 2 * tokens.LIFETIME))


def withdraw(grant_id: UUID, *, by: Actor) -> OAuthGrant:
    """Take a consent back by hand. Raises NotFound."""
    end_family(grant_id, "by_person")
    grant = queries.lock_grant(grant_id)
    audit.record(by, "oauth_grant.withdrawn", grant)
    return grant


def withdraw_own(grant_id: UUID, *, by: StaffMember) -> OAuthGrant:
    """Take one's own consent back. Raises NotFound for one of somebody else, as for none."""
    if queries.lock_grant(grant_id).staff_id != by.id:
        raise NotFound
    return withdraw(grant_id, by=staff.actor_of(by))


def hash_of(text: str) -> bytes:
    """What is stored of codes, tokens and secrets: all have 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(text.encode()).digest()


def _new_secret() -> str:
    return f"secret_{secrets.token_urlsafe(32)}"


def _note_use(app: OAuthClient) -> None:
    """At most once a minute: a row that everybody writes would make them wait for one another."""
    now = clock.now()
    if app.last_used_at is None or now - app.last_used_at >= timedelta(minutes=1):
        app.last_used_at = now
