"""Why nobody can change the audit trail unseen.

Each entry carries a mark (HMAC-SHA256 under a key that is not in the database), so an entry that the application did
not write shows. It is counted in its own transaction (core/audit_lanes.py), so one that is deleted at once is missed.
Within a minute it gets a seal: a number without gaps and a hash over the hash before it, so an entry that was changed,
moved, put in or taken out shows. The newest seal is noted outside of the database as well, so that an end that was cut
off shows. A beginning that a shop's own rule deleted leaves an anchor (core/audit_cutting.py). The application's role
can neither change nor delete entries and seals.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Index, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import settings
from app.core import clock, crypto, db, isolation
from app.core.audit import AuditEntry
from app.core.audit_anchor import AuditAnchor
from app.core.audit_lanes import Roll
from app.core.db import TenantRow

BEGINNING = "0" * 64
_SEALS_AT_ONCE = 2_000
_SEALED_WITHIN = timedelta(minutes=10)
_LOOKED_BACK = timedelta(days=1)
_FIELDS = (
    "id", "at", "actor_kind", "actor_id", "actor_name", "action", "object_type", "object_id", "details",
    "changes", "reason", "request_id",
)  # fmt: skip


class AuditSeal(TenantRow):
    """The place of an entry in its tenant's chain."""

    __tablename__ = "audit_seal"
    __table_args__ = (
        Index("uq_audit_seal_entry", "tenant_id", "entry_id", unique=True),
        Index("ix_audit_seal_sealed_at", "sealed_at"),
    )
    is_audited = False

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    entry_id: Mapped[uuid.UUID]
    hash: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(default=clock.now)


@dataclass(frozen=True)
class Verdict:
    """What a look at one tenant's chain found; `problems` is empty when all is well.

    `entries` are sealed and there, `gone` were deleted by the shop's own rule, which took what is older than `until`.
    """

    entries: int
    head: str
    problems: list[str]
    gone: int = 0
    until: datetime | None = None


def mac_of(entry: AuditEntry) -> str:
    """The mark of an entry as it will be stored."""
    told = told_of(entry) | {"tenant_id": entry.tenant_id or isolation.tenant_id()}
    if entry.lane is not None:
        told |= {"lane": entry.lane, "turn": entry.turn}
    return mark_on(told)


def told_of(entry: Any) -> dict[str, Any]:
    """What a mark covers of an entry, of a tenant or of the platform, once its empty columns have their values."""
    if entry.at is None:
        entry.at = clock.now()
    entry.actor_name, entry.details, entry.changes = entry.actor_name or "", entry.details or {}, entry.changes or []
    entry.reason, entry.request_id = entry.reason or "", entry.request_id or ""
    entry.object_type, entry.object_id = entry.object_type or "", entry.object_id or ""
    return {name: getattr(entry, name) for name in _FIELDS} | {"at": entry.at.astimezone(UTC).isoformat()}


def mark_on(told: dict[str, Any]) -> str:
    """What nobody without the master key can write under these values."""
    words = json.dumps(told, sort_keys=True, default=str, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(crypto.derived_key("audit"), words.encode(), hashlib.sha256).hexdigest()


def seal() -> int:
    """Give every entry of the entered tenant that has no seal its place in the chain; returns how many.

    Raises nothing for two at once: the second waits.
    """
    hold(db.session)
    last = _last()
    anchor = db.session.scalars(select(AuditAnchor)).first() if last is None else None
    number, before = (last.number, last.hash) if last else (anchor.number, anchor.hash) if anchor else (0, BEGINNING)
    is_sealed = select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    waiting = db.session.scalars(
        select(AuditEntry).where(~is_sealed).order_by(AuditEntry.id).limit(_SEALS_AT_ONCE)
    ).all()
    for entry in waiting:
        number += 1
        before = _hash(before, number, entry.id, mac_of(entry))
        db.add(AuditSeal(number=number, entry_id=entry.id, hash=before))
    db.flush()
    return len(waiting)


def hold(current: Any) -> None:
    """Nobody else seals or cuts the entered tenant's chain until this transaction ends."""
    current.execute(
        text("select pg_advisory_xact_lock(hashtextextended('audit ' || cast(:tenant as text), 0))"),
        {"tenant": isolation.tenant_id()},
    )


def note_head() -> None:
    """Write the newest seal of the tenant down beside the database, after its transaction."""
    last = _last()
    if last is not None:
        note(str(isolation.tenant_id()), last.number, last.hash)


def note(whose: str, number: int, head: str) -> None:
    """Write the end of a chain down beside the database."""
    place = _noted_at(whose)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_text(f"{number} {head}\n")
    fresh.replace(place)


def verify(expected: str = "") -> Verdict:
    """Walk the whole chain of the entered tenant. `expected` is a head seen earlier: it must be part of the chain.

    Meanwhile nobody seals or cuts.
    """
    hold(db.session)
    anchor = db.session.scalars(select(AuditAnchor)).first()
    roll = Roll(anchor.gone if anchor else {})
    start = anchor.number if anchor else 0
    number, before = start, anchor.hash if anchor else BEGINNING
    problems = ["the anchor of the chain is not as it was written"] if anchor and not anchor.is_ours else []
    hashes: dict[int, str] = {number: before}
    first_sealed = anchor.began_at if anchor else None
    for one, entry in pairs(db.session, start):
        number, first_sealed = number + 1, first_sealed or one.sealed_at
        if one.number != number:
            problems.append(f"seal {number} is missing")
            number, before = one.number, ""
        problems += _problem(one, entry, before, first_sealed)
        if entry is not None:
            roll.call(entry)
        before = hashes[one.number] = one.hash
    problems += _unsealed(first_sealed, roll)
    missing = missing_heads(str(isolation.tenant_id()), hashes, expected, start)
    problems += [*roll.problems(), *_leftovers(start), *missing]
    return Verdict(number - start, hashes.get(number, BEGINNING), problems, start, anchor.until if anchor else None)


def _problem(one: AuditSeal, entry: AuditEntry | None, before: str, first_sealed: datetime | None) -> list[str]:
    """What is wrong with one link; `before` is the hash of the link before, empty when that is missing."""
    if entry is None:
        return [f"the entry of seal {one.number} is gone"]
    if not _is_ours(entry, first_sealed):
        return [f"entry {entry.id} (seal {one.number}, {entry.action}) is not as it was written"]
    if before and not hmac.compare_digest(one.hash, _hash(before, one.number, entry.id, mac_of(entry))):
        return [f"seal {one.number} does not follow from the one before"]
    return []


def is_whole(link: tuple[AuditSeal, AuditEntry | None], number: int, before: str, first_sealed: datetime) -> bool:
    """Is this the link with that number, as it was written, after one with that hash?"""
    return link[0].number == number and not _problem(*link, before, first_sealed)


def pairs(current: Any, after: int) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """The links of the entered tenant's chain behind a number, in order."""
    while True:
        found = current.execute(
            select(AuditSeal, AuditEntry)
            .outerjoin(
                AuditEntry, (AuditEntry.tenant_id == AuditSeal.tenant_id) & (AuditEntry.id == AuditSeal.entry_id)
            )
            .where(AuditSeal.number > after)
            .order_by(AuditSeal.number)
            .limit(1000)
        ).all()
        if not found:
            return
        after = found[-1][0].number
        yield from ((one, entry) for one, entry in found)


def _leftovers(start: int) -> list[str]:
    """Seals that stand where the anchor says that nothing is."""
    left = db.session.scalar(select(func.count()).select_from(AuditSeal).where(AuditSeal.number <= start))
    return [f"{left} seals stand before the anchor"] if left else []


def _is_ours(entry: AuditEntry, first_sealed: datetime | None) -> bool:
    """Entries of releases that made no marks have none; they are older than the first seal."""
    if not entry.mac:
        return first_sealed is None or entry.at < first_sealed
    return hmac.compare_digest(entry.mac, mac_of(entry))


def _unsealed(first_sealed: datetime | None, roll: Roll) -> list[str]:
    """Entries that wait for longer than sealing takes, or that we did not write."""
    is_sealed = select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    problems = []
    for entry in db.session.scalars(select(AuditEntry).where(~is_sealed)):
        roll.call(entry)
        if not _is_ours(entry, first_sealed):
            problems.append(f"entry {entry.id} ({entry.action}) was not written by this installation")
        elif entry.at < clock.now() - _SEALED_WITHIN:
            problems.append(
                f"entry {entry.id} ({entry.action}) has waited for its seal since {entry.at:%Y-%m-%d %H:%M}"
            )
    return problems


def missing_heads(whose: str, hashes: dict[int, str], expected: str, start: int = 0) -> list[str]:
    """Ends of a chain that were noted or seen, and are no part of it: `hashes` by number, of what is there."""
    problems = []
    place = _noted_at(whose)
    if place.exists():
        number, _, noted = place.read_text().strip().partition(" ")
        if int(number) >= start and hashes.get(int(number)) != noted:
            problems.append(f"the chain had seal {number} ({noted[:12]}…) and has it no more")
    if expected and expected not in hashes.values():
        problems.append(f"the chain never had the head {expected[:12]}…, or has it no more")
    return problems


def _last() -> Any:
    wanted = select(AuditSeal.number, AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1)
    return db.session.execute(wanted).first()


def _hash(before: str, number: int, entry_id: uuid.UUID, mac: str) -> str:
    words = f"{before} {number} {entry_id} {mac}"
    return hmac.new(crypto.derived_key("audit"), words.encode(), hashlib.sha256).hexdigest()


def _noted_at(whose: str) -> Path:
    return settings.current().home / "audit" / whose


def tenants_to_seal() -> list[uuid.UUID]:
    """Tenants with an entry without a seal. Asks as the operator, for what came since the last seals."""
    with db.db.engines["operator"].connect() as connection:
        newest = connection.scalar(select(func.max(AuditSeal.sealed_at)))
        is_sealed = (
            select(AuditSeal.entry_id)
            .where(AuditSeal.tenant_id == AuditEntry.tenant_id, AuditSeal.entry_id == AuditEntry.id)
            .exists()
        )
        wanted = select(AuditEntry.tenant_id).where(~is_sealed).distinct()
        if newest is not None:
            wanted = wanted.where(AuditEntry.at > min(newest, clock.now()) - _LOOKED_BACK)
        return list(connection.scalars(wanted))
