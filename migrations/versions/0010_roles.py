"""Roles that a tenant makes itself, and tickets to a person's other shops."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ROLES = "role in ('owner', 'manager', 'catalogue', 'fulfilment', 'support', 'analyst', 'own')"


def upgrade() -> None:
    """Add; everybody keeps the role that they have."""
    op.create_table(
        "staff_role",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("permissions", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["shop.tenant_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "label", name=op.f("uq_staff_role_tenant_id_label")),
    )
    isolate("staff_role")
    op.add_column("staff_member", sa.Column("granted", JSONB, nullable=False, server_default="[]"))
    op.alter_column("staff_member", "granted", server_default=None)
    for table in ("staff_member", "staff_invitation"):
        op.add_column(table, sa.Column("role_id", sa.Uuid))
        op.drop_constraint(op.f(f"ck_{table}_role"), table)
        op.create_check_constraint(op.f(f"ck_{table}_role"), table, _ROLES)
        keys = (["tenant_id", "role_id"], ["tenant_id", "id"])
        op.create_foreign_key(op.f(f"fk_{table}_tenant_id_role_id"), table, "staff_role", *keys)
        op.create_index(f"ix_{table}_role_id", table, ["tenant_id", "role_id"])
    op.add_column("account", sa.Column("switch_mark", sa.Text, nullable=False, server_default=""), schema="catalogue")
    op.alter_column("account", "switch_mark", server_default=None, schema="catalogue")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
