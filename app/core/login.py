"""Signing in and out, cookies, CSRF tokens, passwords and limits.

Staff, shoppers and the operator have cookies of their own, so that an owner can look at the shop as a shopper.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from functools import cache
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, Response, current_app, g, has_request_context, request
from flask import session as browser_session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import text

from app import settings
from app.core import access, bearers, clock, isolation, sessions
from app.core.cookies import drop_cookie, read_cookie, set_cookie
from app.core.db import db
from app.core.errors import Stale, TooManyRequests
from app.core.sessions import RowSession

# OWASP's second argon2id recommendation; the library's default takes 64 MiB and five times as long.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_session_kind = {"staff": "staff", "customer": "shopper", "operator": "operator"}
_actor_kind = {"staff": "staff", "shopper": "customer", "operator": "operator"}
_manager = LoginManager()
_manager.session_protection = None


class _Subject(UserMixin):
    """What flask-login keeps: kind, tenant and id, so that a session of one tenant is nobody at another."""

    def __init__(self, kind: str, tenant: uuid.UUID | None, subject_id: uuid.UUID) -> None:
        self.kind, self.tenant, self.subject_id = kind, tenant, subject_id

    def get_id(self) -> str:
        """Kind, tenant and id in one word."""
        return f"{self.kind}:{self.tenant or ''}:{self.subject_id}"


@_manager.user_loader
def _load_subject(word: str) -> _Subject | None:
    kind, tenant, subject = word.split(":")
    if tenant != str(isolation.tenant_or_none() or ""):
        return None
    return _Subject(kind, uuid.UUID(tenant) if tenant else None, uuid.UUID(subject))


def init_app(app: Flask) -> None:
    """Sessions as rows, and flask-login on top of them."""
    app.secret_key = settings.current().secret_key
    app.session_interface = sessions.RowSessionInterface()
    app.login_manager = _manager  # type: ignore[attr-defined]  # all that its init_app does for us: its other two
    # hooks would read the session for every template, and once more after the commit for a cookie that is never set
    access.identify_by(identify)


def identify() -> access.Actor:
    """Who sent this request: the holder of an API key, or whoever is signed in on this surface."""
    token = bearer_token()
    if token is not None:
        return bearers.holder_of(token)
    kind = surface_kind()
    subject = current_subject(kind)
    return access.actor_of(kind, subject) if subject else access.ANONYMOUS


def surface_kind() -> str:
    """Which kind of actor this request's surface signs in: staff, customer or operator."""
    kind = browser_session.kind if isinstance(browser_session._get_current_object(), RowSession) else "shopper"  # type: ignore[attr-defined]  # a proxy
    return _actor_kind[kind]


def sign_in(kind: str, subject_id: uuid.UUID, *, remember: bool = False) -> None:
    """Sign a staff member, customer or operator in, under a fresh token and CSRF secret."""
    browser_session.rotate()  # type: ignore[attr-defined]  # RowSession
    login_user(_Subject(kind, isolation.tenant_or_none(), subject_id))
    browser_session.pop("_fresh", None)
    g.new_csrf_secret = secrets.token_urlsafe(24)
    g.pop("actor", None)


def sign_out(kind: str) -> None:
    """End this browser's session."""
    logout_user()
    browser_session.clear()
    g.new_csrf_secret = secrets.token_urlsafe(24)
    access.become(access.ANONYMOUS)


def sign_out_everywhere(kind: str, subject_id: uuid.UUID) -> None:
    """End all sessions of a subject, after a password change or a removal."""
    sessions.end_all(_session_kind[kind], subject_id)


def current_subject(kind: str) -> uuid.UUID | None:
    """Who of that kind is signed in to this browser's session, by id."""
    if not has_request_context() or surface_kind() != kind or not browser_session.get("_user_id"):
        return None
    found = current_user._get_current_object()
    return found.subject_id if isinstance(found, _Subject) and found.kind == kind else None


def is_session_changed() -> bool:
    """Did this request write into its browser's session?"""
    stored = browser_session._get_current_object()  # type: ignore[attr-defined]  # a proxy
    return isinstance(stored, RowSession) and stored.modified


def store_session(response: Response) -> None:
    """Write the session's row and its cookie. Called before the commit."""
    stored = browser_session._get_current_object()  # type: ignore[attr-defined]  # a proxy
    if not isinstance(stored, RowSession) or not stored.modified:
        return
    word = stored.get("_user_id")
    stored.store(uuid.UUID(word.split(":")[2]) if word else None)
    if stored.token is None:
        drop_cookie(stored.kind, response)
    else:
        set_cookie(stored.kind, stored.token, int((stored.ends_at - clock.now()).total_seconds()), response=response)


# --- cross-site requests -------------------------------------------------------------------------------------------


def csrf_token() -> str:
    """The token for a form on this page. Bound to a host-only cookie and to the tenant, not to a session row."""
    if "csrf_secret" not in g:
        secret = g.get("new_csrf_secret") or read_cookie("csrf")
        if not secret:
            secret = g.new_csrf_secret = secrets.token_urlsafe(24)
        g.csrf_secret = secret
    return _csrf_mac(g.csrf_secret)


def store_csrf(response: Response) -> None:
    """Send the cookie that the page's forms were bound to."""
    if g.get("new_csrf_secret"):
        set_cookie("csrf", g.new_csrf_secret, 30 * 86400, response=response)


def check_csrf(*, needs_token: bool = True) -> None:
    """Refuse an unsafe request of another site: Origin, Sec-Fetch-Site, then the form's token. Raises Stale.

    Without `needs_token` a browser that says it comes from this very origin is believed: no script and no form of
    another site can make it say so.
    """
    origin, fetch_site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None and urlsplit(origin)[:2] != (request.scheme, request.host):
        raise Stale()
    if fetch_site in {"cross-site", "same-site"}:
        raise Stale()
    if not needs_token and (origin is not None or fetch_site == "same-origin"):
        return
    secret = read_cookie("csrf")
    given = request.form.get("_csrf") or request.headers.get("X-CSRF-Token") or ""
    if not secret or not hmac.compare_digest(given.encode(), _csrf_mac(secret).encode()):
        raise Stale()


def _csrf_mac(secret: str) -> str:
    message = f"csrf:{isolation.tenant_or_none()}:{secret}".encode()
    return hmac.new(settings.current().secret_key.encode(), message, hashlib.sha256).hexdigest()


# --- passwords and limits ------------------------------------------------------------------------------------------


def hash_password(password: str) -> str:
    """argon2id, 19 MiB, about 40 ms."""
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Is this the password? Takes as long for an account that does not exist."""
    try:
        return _hasher.verify(stored or _no_password(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _no_password() -> str:
    """What is compared where no account is; made when the first password is checked."""
    return _hasher.hash(secrets.token_hex(16))


def rate_limit(scope: str, key: str, limit: int, window_seconds: int) -> None:
    """Count an attempt in a transaction of its own; raises TooManyRequests over the limit."""
    now = int(clock.now().timestamp())
    window = now - now % window_seconds
    named = f"{isolation.tenant_or_none()}:{scope}:{key}"
    digest = hashlib.sha256(named.encode()).digest()
    with db.engines["catalogue"].begin() as connection:
        hits = connection.execute(
            text(
                "insert into catalogue.rate_window (key, starts_at, hits) values (:key, :window, 1)"
                " on conflict (key) do update set starts_at = excluded.starts_at, hits ="
                " case when rate_window.starts_at = excluded.starts_at then rate_window.hits + 1 else 1 end"
                " returning hits"
            ),
            {"key": digest, "window": window},
        ).scalar_one()
    if hits > limit:
        raise TooManyRequests(seconds=window + window_seconds - now)


def remote_address() -> str:
    """The visitor's address, as the configured number of proxies tells it."""
    return request.remote_addr or ""


def bearer_token() -> str | None:
    """The API token of this request; only the API's door looks at it."""
    header = request.headers.get("Authorization", "")
    if not request.path.startswith("/api/") or not header.lower().startswith("bearer "):
        return None
    return header[7:].strip()


def is_debug() -> bool:
    """Is this a developer's machine?"""
    return not settings.current().is_production and not current_app.testing
