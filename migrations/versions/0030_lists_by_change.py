"""What programs ask for by when it last changed."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TABLES = ("customer", "order", "payment", "product")


def upgrade() -> None:
    """Add."""
    for table in _TABLES:
        op.create_index(f"ix_{table}_updated", table, ["tenant_id", "updated_at", "id"])


def downgrade() -> None:
    """Take away."""
    for table in _TABLES:
        op.drop_index(f"ix_{table}_updated", table)
