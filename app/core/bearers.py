"""Which program sends a request: found once, then kept by this process while it hears of changes.

A model whose rows decide what programs may do says `decides_access = True`. A transaction that changes one of them
tells every process at its commit (core/listening.py); what they kept of that tenant is forgotten. A process that does
not hear keeps nothing, and nothing is kept for longer than a minute or beyond the token's own end.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.core import clock, db, frames, isolation
from app.core.access import ANONYMOUS, Actor
from app.core.db import Base, TenantRow
from app.core.shown import CHANNEL

SECONDS = 60
WORD = "access"
"""What stands in the place of a version in a notification."""
_MOST_TENANTS = 10_000
_MOST_TOKENS = 1_000
_SAYS_NOTHING = {"last_used_at", "last_seen_at", "updated_at"}
_TELL = text("select pg_notify(:channel, :words)")


@dataclass(frozen=True)
class Holder:
    """A program, and when its token ends by itself."""

    actor: Actor
    ends: datetime | None = None
    again: str = ""
    """By what the program is found when its work is done later: a kind and its words (`recalled`)."""


Loader = Callable[[str], "Holder | None"]
_loaders: list[Loader] = []
_recallers: dict[str, Callable[[str], Actor | None]] = {}


class Kept:
    """Holders by tenant and the hash of their token. Bounded; a tenant is forgotten as a whole."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._lock = threading.Lock()
        self.forget()

    def forget(self, tenant: uuid.UUID | None = None) -> None:
        """Know nothing of a tenant, or nothing at all. What readers are about to keep from before is lost."""
        if tenant is None:
            self._of: dict[uuid.UUID, dict[bytes, tuple[Holder, float]]] = {}
        else:
            self._of.pop(tenant, None)

    def place(self, tenant: uuid.UUID) -> dict[bytes, tuple[Holder, float]]:
        """Where holders of a tenant are kept now; after the next change this is no longer the place."""
        place = self._of.get(tenant)
        if place is None:
            with self._lock:
                if len(self._of) >= _MOST_TENANTS:
                    self.forget()
                place = self._of.setdefault(tenant, {})
        return place


kept = Kept()
os.register_at_fork(after_in_child=kept.begin)


def loader(load: Loader) -> None:
    """Register how one kind of token becomes a program; None is a token of another kind, or a wrong one."""
    _loaders.append(load)


def holder_of(token: str) -> Actor:
    """The program behind a token; nobody for a wrong one. No statement when this process knows it."""
    if not frames.are_believed():
        found = _find(token)
        return found.actor if found else ANONYMOUS
    place = kept.place(isolation.tenant_id())
    name = hashlib.sha256(token.encode()).digest()
    known = place.get(name)
    if known is not None and known[1] > time.monotonic() and not _is_over(known[0]):
        return known[0].actor
    found = _find(token)
    if found is None:
        return ANONYMOUS
    if len(place) >= _MOST_TOKENS:
        place.clear()
    place[name] = (found, time.monotonic() + SECONDS)
    return found.actor


def recaller(kind: str, find: Callable[[str], Actor | None]) -> None:
    """Register how a program whose `again` begins with this kind is found without its token."""
    _recallers[kind] = find


def words_of(token: str) -> str:
    """How the program behind a token is found later."""
    found = _find(token)
    return found.again if found else ""


def recalled(words: str) -> Actor | None:
    """The program of `again`, as it may act at this moment; None when it may not act any more."""
    kind, _, rest = words.partition(" ")
    find = _recallers.get(kind)
    return find(rest) if find else None


def _find(token: str) -> Holder | None:
    return next((holder for load in _loaders if (holder := load(token))), None)


def _is_over(holder: Holder) -> bool:
    return holder.ends is not None and holder.ends <= clock.now()


@event.listens_for(Session, "before_flush")
def _look_at_rows(current: Session, *_: object) -> None:
    touched = (*current.new, *current.deleted, *(row for row in current.dirty if _says_something(row)))
    for row in touched:
        if isinstance(row, TenantRow) and row.decides_access:
            current.info[WORD] = row.tenant_id or isolation.tenant_id()


def _says_something(row: object) -> bool:
    """Has more changed than when it was last used?"""
    if not getattr(row, "decides_access", False):
        return False
    state = inspect(row)
    return any(one.history.has_changes() for one in state.attrs if one.key not in _SAYS_NOTHING)


@event.listens_for(Session, "do_orm_execute")
def _look_at_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(getattr(state.statement, "table", None), "name", "")
        if table in _tables():
            state.session.info[WORD] = isolation.tenant_id()


_names: set[str] = set()


def _tables() -> set[str]:
    """The tables of marked models; asked after all rooms were imported."""
    if not _names:
        marked = (mapper.class_ for mapper in Base.registry.mappers)
        _names.update(model.__tablename__ for model in marked if model.decides_access)
    return _names


@event.listens_for(Session, "before_commit")
def _tell(current: Session) -> None:
    if current.in_nested_transaction():
        return
    current.flush()
    tenant = current.info.pop(WORD, None)
    if tenant is not None:
        words = {"channel": CHANNEL, "words": f"{tenant} {WORD}"}
        current.execute(_TELL, words, bind_arguments={"bind": db.db.engines[None]})
        current.info["access told"] = tenant


@event.listens_for(Session, "after_commit")
def _forget_at_once(current: Session) -> None:
    """This process knows before its answer leaves; the others are told by the database."""
    tenant = None if current.in_nested_transaction() else current.info.pop("access told", None)
    if tenant is not None:
        kept.forget(tenant)


@event.listens_for(Session, "after_transaction_end")
def _forget_marks(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        current.info.pop(WORD, None)
        current.info.pop("access told", None)
