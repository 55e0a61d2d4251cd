"""Lists kept as views, steps that can be taken back, shortcuts by choice, and products that are only just deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; the code that is running meets no row that it does not know."""
    op.create_table(
        "saved_view",
        *_own_key(),
        sa.Column("staff_id", sa.Uuid),
        sa.Column("list", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"], ["staff_member.tenant_id", "staff_member.id"], ondelete="CASCADE"
        ),
        sa.CheckConstraint("list in ('orders', 'products', 'customers')", name=op.f("ck_saved_view_list")),
    )
    op.create_index("ix_saved_view_list", "saved_view", ["tenant_id", "list"])
    op.create_index("ix_saved_view_staff_id", "saved_view", ["tenant_id", "staff_id"])
    op.create_table(
        "undo_step",
        *_own_key(),
        sa.Column("staff_id", sa.Uuid),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.Column("back_to", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_undo_step_created", "undo_step", ["tenant_id", "created_at"])
    op.add_column("staff_member", sa.Column("has_shortcuts", sa.Boolean, nullable=False, server_default=sa.true()))
    op.drop_constraint(op.f("ck_product_status"), "product")
    op.create_check_constraint(
        op.f("ck_product_status"), "product", "status in ('draft', 'active', 'archived', 'deleted')"
    )
    isolate("saved_view", "undo_step")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")


def _own_key() -> tuple[sa.SchemaItem, ...]:
    return (
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
