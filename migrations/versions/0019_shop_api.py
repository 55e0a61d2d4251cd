"""Indexes for the lists that programs read."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Payments newest first, and those of one order."""
    op.create_index("ix_payment_recent", "payment", ["tenant_id", "created_at", "id"])
    op.create_index("ix_payment_order", "payment", ["tenant_id", "order_id", "id"])


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
