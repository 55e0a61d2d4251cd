"""How many entries were written, counted in the transaction that writes them.

A seal comes up to a minute later than its entry, so an entry that is deleted before it gets one leaves no gap in the
chain. It leaves one here: each entry has a turn in a lane, and the lane says under a mark how many turns it gave out.
A transaction takes any lane that nobody holds and opens another one when there is none, so nobody waits for anybody;
a shop has as many lanes as transactions ever wrote at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, event, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from app.core import crypto, db, isolation
from app.core.audit import AuditEntry
from app.core.db import TenantRow

_TAKEN = "the audit lane of this transaction"
_LANES = 2**40


class AuditLane(TenantRow):
    """A count of entries. `mark` is the installation's own: nobody else can lower the count."""

    __tablename__ = "audit_lane"
    is_audited = False

    lane: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    written: Mapped[int]
    mark: Mapped[str]


@dataclass
class _Held:
    """The lane of a transaction, and how many turns it has given out by now."""

    tenant: uuid.UUID
    lane: int
    written: int


_FREE = "select lane, written from audit_lane where tenant_id = %(tenant)s order by lane limit 1 for update skip locked"
_OPEN = "insert into audit_lane (tenant_id, lane, written, mark) values (%(tenant)s, %(lane)s, 0, '')"
_COUNT = "update audit_lane set written = %(written)s, mark = %(mark)s where tenant_id = %(tenant)s and lane = %(lane)s"


def give_turns(current: Session, entries: Sequence[AuditEntry]) -> None:
    """Count new entries: each gets the next turn of the lane that this transaction holds."""
    # plain words on the connection: two statements of the ORM would cost each change a millisecond more
    connection = current.connection(bind_arguments={"mapper": AuditLane})
    held = current.info.get(_TAKEN) or _take(current, connection)
    for entry in entries:
        held.written += 1
        entry.lane, entry.turn = held.lane, held.written
    mark = mark_of(held.tenant, held.lane, held.written)
    connection.exec_driver_sql(_COUNT, vars(held) | {"mark": mark})


def _take(current: Session, connection: Connection) -> _Held:
    tenant = isolation.tenant_id()
    free = connection.exec_driver_sql(_FREE, {"tenant": tenant}).first()
    held = _Held(tenant, free.lane, free.written) if free else _Held(tenant, secrets.randbelow(_LANES), 0)
    if free is None:
        connection.exec_driver_sql(_OPEN, {"tenant": tenant, "lane": held.lane})
    current.info[_TAKEN] = held
    return held


@event.listens_for(Session, "after_soft_rollback")
def _forget(current: Session, _: SessionTransaction) -> None:
    """What was counted since the savepoint counts no more; the lane is read again."""
    current.info.pop(_TAKEN, None)


@event.listens_for(Session, "after_transaction_end")
def _let_go(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        current.info.pop(_TAKEN, None)


def mark_of(tenant: uuid.UUID, lane: int, written: int) -> str:
    """What nobody without the master key can write under this count."""
    words = f"lane {tenant} {lane} {written}"
    return hmac.new(crypto.derived_key("audit"), words.encode(), hashlib.sha256).hexdigest()


class Roll:
    """What the lanes say at one moment, against the entries that are found after it."""

    def __init__(self, gone: dict[str, Any]) -> None:
        """`gone` are entries by lane that were deleted by the shop's rule, as an anchor tells them."""
        found = db.session.scalars(select(AuditLane).execution_options(populate_existing=True))
        self._lanes = {lane.lane: lane for lane in found}
        self._written = {number: lane.written for number, lane in self._lanes.items()}
        self._seen: Counter[int] = Counter({int(lane): int(count) for lane, count in gone.items()})

    def call(self, entry: AuditEntry) -> None:
        """An entry answers. Later turns than the lanes knew of were written since."""
        if entry.lane is not None and (entry.turn or 0) <= self._written.get(entry.lane, entry.turn or 0):
            self._seen[entry.lane] += 1

    def problems(self) -> Iterable[str]:
        """Who did not answer, and which lanes are not as they were written."""
        for number, lane in self._lanes.items():
            if not hmac.compare_digest(lane.mark, mark_of(lane.tenant_id, number, lane.written)):
                yield f"the count of entries in lane {number} is not as it was written"
            missing = lane.written - self._seen[number]
            if missing:
                yield f"{missing} of the {lane.written} entries that were written in lane {number} are gone"
        for number in self._seen.keys() - self._lanes.keys():
            yield f"the count of entries in lane {number} is gone"
