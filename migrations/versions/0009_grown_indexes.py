"""Indexes for lists that grew."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The staff's list of products opens with the newest ones, in whatever state they are."""
    op.create_index("ix_product_created", "product", ["tenant_id", "created_at", "id"])


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
