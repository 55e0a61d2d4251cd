"""How long a shop keeps its audit trail, and what proves a trail whose beginning was deleted by that rule.

What is deleted is always the beginning of the chain, entry and seal together. The anchor takes their place: the number
and the hash of the last seal that is gone, and how many entries went, under the installation's own mark. The rule has
a mark too, so that whoever can only write into the tables cannot have the installation delete for them.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.core import crypto
from app.core.db import TenantRow

LEAST_MONTHS, MOST_MONTHS = 12, 360


class AuditKeeping(TenantRow):
    """For how many months a shop keeps its entries; without a row for ever."""

    __tablename__ = "audit_keeping"

    months: Mapped[int]
    mark: Mapped[str]

    @property
    def counts(self) -> bool:
        """Was this decided in the application, and does it leave the least?"""
        is_ours = hmac.compare_digest(self.mark, mark_of_keeping(self))
        return is_ours and LEAST_MONTHS <= self.months <= MOST_MONTHS


class AuditAnchor(TenantRow):
    """Where a shop's chain begins now. The application's role can read it; the operator's, in a job, writes it.

    `gone` counts deleted entries by lane; `until` is the moment before which the rule deleted; `began_at` is when the
    first seal of all was made.
    """

    __tablename__ = "audit_anchor"
    is_audited = False

    number: Mapped[int]
    hash: Mapped[str]
    gone: Mapped[dict[str, int]] = mapped_column(default=dict)
    until: Mapped[datetime]
    began_at: Mapped[datetime]
    mark: Mapped[str]

    @property
    def is_ours(self) -> bool:
        """Is it as the installation wrote it?"""
        return hmac.compare_digest(self.mark, mark_of_anchor(self))


def mark_of_keeping(rule: AuditKeeping) -> str:
    """What nobody without the master key can write beside the months."""
    return _mark(f"keeping {rule.tenant_id} {rule.months}")


def mark_of_anchor(anchor: AuditAnchor) -> str:
    """What nobody without the master key can write beside an anchor."""
    gone = " ".join(f"{lane}:{count}" for lane, count in sorted(anchor.gone.items()))
    return _mark(
        f"anchor {anchor.tenant_id} {anchor.number} {anchor.hash} {_utc(anchor.until)} {_utc(anchor.began_at)} {gone}"
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _mark(words: str) -> str:
    return hmac.new(crypto.derived_key("audit"), words.encode(), hashlib.sha256).hexdigest()
