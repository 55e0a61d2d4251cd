"""The audit trail: before and after, reason, request, and a chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXTS = ("reason", "request_id", "mac")


def upgrade() -> None:
    """Add columns with their empty values, the seals, and the indexes of the trail's page."""
    op.add_column("audit_entry", sa.Column("changes", JSONB, nullable=False, server_default="[]"))
    op.alter_column("audit_entry", "changes", server_default=None)
    for name in TEXTS:
        op.add_column("audit_entry", sa.Column(name, sa.Text, nullable=False, server_default=""))
        op.alter_column("audit_entry", name, server_default=None)
    op.drop_index("ix_audit_entry_recent", "audit_entry")
    op.drop_index("ix_audit_entry_object", "audit_entry")
    op.create_index("ix_audit_entry_recent", "audit_entry", ["tenant_id", "at", "id"])
    op.create_index("ix_audit_entry_object", "audit_entry", ["tenant_id", "object_type", "object_id", "at", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["tenant_id", "actor_id", "at", "id"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["tenant_id", "action", "at", "id"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_table(
        "audit_seal",
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number"),
    )
    op.create_index("uq_audit_seal_entry", "audit_seal", ["tenant_id", "entry_id"], unique=True)
    op.create_index("ix_audit_seal_sealed_at", "audit_seal", ["sealed_at"])
    isolate("audit_seal")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
