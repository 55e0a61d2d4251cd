"""The audit trail: what was written is counted beside it, and how long a shop keeps it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries get their turn in a lane from now on; older ones have none."""
    for name in ("lane", "turn"):
        op.add_column("audit_entry", sa.Column(name, sa.BigInteger, nullable=True))
    op.create_table(
        "audit_lane",
        _tenant(),
        sa.Column("lane", sa.BigInteger, nullable=False),
        sa.Column("written", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "lane"),
    )
    op.create_table(
        "audit_keeping",
        _tenant(),
        sa.Column("months", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id"),
    )
    op.create_table(
        "audit_anchor",
        _tenant(),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("gone", JSONB, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id"),
    )
    isolate("audit_lane", "audit_keeping", "audit_anchor")
    op.execute("revoke delete on audit_lane from livery_app")
    op.execute("revoke insert, update, delete on audit_anchor from livery_app")


def _tenant() -> sa.Column[sa.Uuid[object]]:
    return sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
