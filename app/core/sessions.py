"""Sign-in sessions as rows: one cookie a kind of visitor, the row holds the tenant, the cookie a random token.

Rows and not signed cookies, because a password change must end every other session on the next request.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Index, UniqueConstraint, delete, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, isolation
from app.core.cookies import read_cookie
from app.core.db import CatalogueModel, TenantModel, session
from app.core.ids import new_id

LIFETIME = {
    "shopper": timedelta(days=30),
    "staff": timedelta(hours=12),
    "operator": timedelta(hours=8),
}
_A_MINUTE = timedelta(minutes=1)


class _SessionColumns:
    """What both kinds of session row hold; only the hash of the cookie's token is stored."""

    token_hash: Mapped[bytes]
    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    device: Mapped[str | None]
    """The browser as it names itself, its address, and when it last asked for something: not of shoppers."""
    address: Mapped[str | None]
    seen_at: Mapped[datetime | None]


class WebSession(_SessionColumns, TenantModel):
    """A browser at one tenant: a shopper or a member of staff."""

    __tablename__ = "web_session"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_web_session_subject", "tenant_id", "kind", "subject_id"),
        Index("ix_web_session_expiry", "tenant_id", "expires_at"),
    )


class PlatformSession(_SessionColumns, CatalogueModel):
    """A browser on the platform's own host: the operator or somebody in the wizard."""

    __tablename__ = "platform_session"
    is_audited = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(unique=True)


def surface_kind(path: str, host: str | None) -> str:
    """Whose session a path belongs to: staff below /admin, the operator on the platform, else a shopper."""
    if host and isolation.is_platform(host):
        return "operator"
    return "staff" if path == "/admin" or path.startswith("/admin/") else "shopper"


class RowSession(SessionMixin):
    """A Flask session that reads its row on first use and is written by `store`, inside the request's transaction."""

    def __init__(self, kind: str, token: str | None) -> None:
        self.kind = kind
        self.token = token
        self.modified = False
        self._row: WebSession | PlatformSession | None = None
        self._values: dict[str, Any] | None = None
        self._lasts, self._told = LIFETIME[kind], dict[str, Any]()

    @property
    def values_of_row(self) -> dict[str, Any]:
        """What the session holds; empty for a visitor without a row."""
        if self._values is None:
            self._row = _find(self.kind, self.token) if self.token else None
            self._values = dict(self._row.payload) if self._row else {}
        return self._values

    @property
    def began_at(self) -> datetime | None:
        """When this session was signed in to; None for a visitor without a row."""
        return self._row.created_at if self.values_of_row and self._row else None

    @property
    def id(self) -> uuid.UUID | None:
        """The row's id; None for a visitor without one."""
        return self._row.id if self.values_of_row and self._row else None

    @property
    def ends_at(self) -> datetime:
        """When this session ends by itself."""
        return self._row.expires_at if self._row else clock.now() + self._lasts

    @property
    def seen_at(self) -> datetime | None:
        """When its browser last asked for something, to the minute; None where nobody keeps that."""
        return self._row.seen_at if self.values_of_row and self._row is not None else None

    def lasts(self, how_long: timedelta, *, device: str, address: str) -> None:
        """How long the row lives that is written next, and what it says of its browser."""
        self._lasts = how_long
        self._told = {"device": device, "address": address, "seen_at": clock.now()}

    def touch(self) -> None:
        """Note that the browser was here, once a minute."""
        if self._row is not None and self._row.seen_at and clock.now() - self._row.seen_at >= _A_MINUTE:
            self._row.seen_at = clock.now()

    def take(self, key: str) -> Any:
        """Take a value out; of two requests at the same moment one gets it and the other None."""
        if self.values_of_row and self._row is not None:
            model = type(self._row)
            locked = select(model).where(model.id == self._row.id).with_for_update()
            row = session.scalars(locked.execution_options(populate_existing=True)).first()
            if row is None or key not in row.payload:
                return None
        self.modified = True
        return self.values_of_row.pop(key, None)

    def __getitem__(self, key: str) -> Any:
        return self.values_of_row[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.values_of_row[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.values_of_row[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_of_row)

    def __len__(self) -> int:
        return len(self.values_of_row)

    def rotate(self) -> None:
        """Continue under a new token: a fixed or stolen one is worthless after a sign-in."""
        values = dict(self.values_of_row)
        self._forget_row()
        self._row, self._values, self.token, self.modified = None, values, None, True

    def store(self, subject_id: uuid.UUID | None) -> None:
        """Write the row; a session that holds nothing has none."""
        if not self.modified:
            return
        if not self.values_of_row:
            self._forget_row()
            self._row, self.token = None, None
            return
        if self._row is None:
            self._row = self._new_row()
            session.add(self._row)
        self._row.payload = dict(self.values_of_row)
        self._row.subject_id = subject_id
        session.flush()

    def _forget_row(self) -> None:
        """By statement: the row may be gone already, after `end_all`."""
        if self._row is not None:
            model, identity = type(self._row), inspect(self._row).identity  # known even after a roll-back
            session.expunge(self._row)
            if identity is not None:
                session.execute(delete(model).where(model.id == identity[-1]))

    def _new_row(self) -> WebSession | PlatformSession:
        self.token = secrets.token_urlsafe(32)
        return _model_of(self.kind)(
            token_hash=_hash(self.token), kind=self.kind, expires_at=clock.now() + self._lasts, payload={}, **self._told
        )


class RowSessionInterface(SessionInterface):
    """Opens lazily. Saving is done by core/web.py before the commit, so Flask's own save does nothing."""

    def open_session(self, app: Flask, request: Request) -> RowSession:
        """The session of the surface that the path belongs to."""
        kind = surface_kind(request.path, isolation.normalise_host(request.host))
        return RowSession(kind, read_cookie(kind, request))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing: see `RowSession.store`."""


def end_all(kind: str, subject_id: uuid.UUID) -> None:
    """End every session of a subject in this tenant, or on the platform for operators."""
    model = _model_of(kind)
    session.execute(delete(model).where(model.kind == kind, model.subject_id == subject_id))


def of_subject(kind: str, subject_id: uuid.UUID) -> list[WebSession | PlatformSession]:
    """The sessions of a subject in this tenant, or on the platform, that are not over, the latest first."""
    model = _model_of(kind)
    wanted = select(model).where(model.kind == kind, model.subject_id == subject_id)
    found = session.scalars(wanted.where(model.expires_at > clock.now()).order_by(model.id.desc())).all()
    return sorted(found, key=lambda row: row.seen_at or row.created_at, reverse=True)


def end_one(kind: str, subject_id: uuid.UUID, session_id: uuid.UUID) -> bool:
    """End one session of a subject; False when there is none of that id."""
    model = _model_of(kind)
    theirs = (model.kind == kind, model.subject_id == subject_id, model.id == session_id)
    return session.execute(delete(model).where(*theirs).returning(model.id)).first() is not None


def end_others(kind: str, subject_id: uuid.UUID, but: uuid.UUID | None) -> None:
    """End every session of a subject but one."""
    model = _model_of(kind)
    session.execute(delete(model).where(model.kind == kind, model.subject_id == subject_id, model.id != but))


def end_proven_by(kind: str, means: str) -> None:
    """End every session of a kind in this tenant whose holder was let in by this means."""
    theirs = (WebSession.kind == kind, WebSession.payload["means"].contains([means]))
    session.execute(delete(WebSession).where(*theirs), execution_options={"synchronize_session": "fetch"})


def expire() -> None:
    """Delete this tenant's sessions that are over."""
    session.execute(delete(WebSession).where(WebSession.expires_at < clock.now()))


def _model_of(kind: str) -> type[WebSession] | type[PlatformSession]:
    return PlatformSession if kind == "operator" else WebSession


def _find(kind: str, token: str) -> WebSession | PlatformSession | None:
    model = _model_of(kind)
    if model is WebSession and isolation.tenant_or_none() is None:
        return None
    found = session.scalars(select(model).where(model.token_hash == _hash(token), model.kind == kind)).first()
    return found if found and found.expires_at > clock.now() else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class RateWindow(CatalogueModel):
    """How often something was tried in the window that began at `starts_at` (Unix seconds)."""

    __tablename__ = "rate_window"
    is_audited = False

    key: Mapped[bytes] = mapped_column(primary_key=True)
    starts_at: Mapped[int]
    hits: Mapped[int]
