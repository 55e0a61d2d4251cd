"""The platform's own audit trail: what operators, commands and jobs change outside of every tenant.

Operators are few, so nobody minds waiting for the one before: each entry gets its number and its hash over the hash
before in the transaction of the change itself, and the head counts them. A change of an entry, a gap and an end that
was cut off all show. The application's role can neither change nor delete entries.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import audit, audit_chain, clock, db, ids
from app.core.access import Actor
from app.core.audit_chain import BEGINNING, Verdict
from app.core.db import CatalogueModel

NAME = "platform"
"""Under which its head is noted beside the database; no tenant's id."""
_AT_ONCE = 1_000


class PlatformEntry(CatalogueModel):
    """One change, as in a tenant's trail (core/audit.py); `number` has no gaps and `hash` covers the one before."""

    __tablename__ = "platform_entry"
    __table_args__ = (
        Index("uq_platform_entry_id", "id", unique=True),
        Index("ix_platform_entry_recent", "at", "id"),
        Index("ix_platform_entry_object", "object_type", "object_id", "at", "id"),
        Index("ix_platform_entry_actor", "actor_id", "at", "id"),
        Index("ix_platform_entry_action", "action", "at", "id"),
    )
    is_audited = False

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(default=ids.new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    object_type: Mapped[str] = mapped_column(default="")
    object_id: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    request_id: Mapped[str] = mapped_column(default="")
    hash: Mapped[str]


class PlatformHead(CatalogueModel):
    """The one row that says where the chain ends, under the installation's mark; whoever adds an entry holds it."""

    __tablename__ = "platform_head"
    is_audited = False

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str]
    mark: Mapped[str]


def record(actor: Actor, action: str, subject: Any, **details: Any) -> PlatformEntry:
    """Write down what was done to the platform, in the transaction of the change itself: both happen or neither.

    As `audit.record`; what concerns a tenant is told in its own trail as well, by its own entry.
    """
    entry = PlatformEntry(**audit.words_of(actor, action, subject, details))
    db.add(entry)
    return entry


_OPEN = (
    "insert into catalogue.platform_head (one, number, hash, mark) values (1, 0, %(hash)s, '') on conflict do nothing"
)
_HOLD = "select number, hash from catalogue.platform_head where one = 1 for update"
_MOVE = "update catalogue.platform_head set number = %(number)s, hash = %(hash)s, mark = %(mark)s where one = 1"


def give_places(current: Session, entries: Sequence[PlatformEntry]) -> None:
    """Put new entries at the end of the chain; whoever comes meanwhile waits for this transaction."""
    connection: Connection = current.connection(bind_arguments={"mapper": PlatformEntry})
    connection.exec_driver_sql(_OPEN, {"hash": BEGINNING})
    number, before = connection.exec_driver_sql(_HOLD).one()
    for entry in entries:
        number += 1
        entry.number, entry.id = number, entry.id or ids.new_id()
        entry.hash = before = _hash(before, number, entry)
    connection.exec_driver_sql(_MOVE, {"number": number, "hash": before, "mark": _mark(number, before)})


def verify(expected: str = "") -> Verdict:
    """Walk the whole chain, while nobody adds to it. `expected` is a head seen earlier: it must be part of it."""
    head = db.catalogue.scalars(
        select(PlatformHead).with_for_update().execution_options(populate_existing=True)
    ).first()
    before, number, seen, problems = BEGINNING, 0, 0, list[str]()
    hashes = {0: BEGINNING}
    while found := _behind(number):
        for entry in found:
            number, seen = number + 1, seen + 1
            if entry.number != number:
                problems.append(f"what stands before entry {entry.number}, from {number} on, is missing")
                number, before = entry.number, ""
            if before and not hmac.compare_digest(entry.hash, _hash(before, number, entry)):
                problems.append(f"entry {number} ({entry.action}) is not as it was written, or the one before is not")
            before = hashes[number] = entry.hash
    problems += [*_end(head, number, hashes), *audit_chain.missing_heads(NAME, hashes, expected)]
    return Verdict(seen, hashes.get(number, BEGINNING), problems)


def _behind(number: int) -> Sequence[PlatformEntry]:
    wanted = select(PlatformEntry).where(PlatformEntry.number > number).order_by(PlatformEntry.number).limit(_AT_ONCE)
    return db.catalogue.scalars(wanted.execution_options(populate_existing=True)).all()


def _end(head: PlatformHead | None, number: int, hashes: dict[int, str]) -> list[str]:
    """Does the chain end where the head says?"""
    if head is None or not head.number:
        return ["the count of entries is gone"] if number else []
    if not hmac.compare_digest(head.mark, _mark(head.number, head.hash)):
        return ["the count of entries is not as it was written"]
    if hashes.get(head.number) != head.hash:
        return [f"{head.number} entries were written, and the last of them is gone or another"]
    more = number - head.number
    return [f"{more} entries stand behind the last one that was written"] if more else []


def note_head() -> None:
    """Write the end of the chain down beside the database."""
    head = db.catalogue.scalars(select(PlatformHead).execution_options(populate_existing=True)).first()
    if head is not None and head.number:
        audit_chain.note(NAME, head.number, head.hash)


def _hash(before: str, number: int, entry: PlatformEntry) -> str:
    return audit_chain.mark_on(audit_chain.told_of(entry) | {"number": number, "before": before})


def _mark(number: int, head: str) -> str:
    return audit_chain.mark_on({"platform head": number, "hash": head})
