"""Plugins that a shop switched on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate, share_catalogue

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add. Shops of today have no row, and everything that they use ships with us: it stays on."""
    op.create_table(
        "plugin_state",
        *_ids(),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("paused_because", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("settings", JSONB, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('on', 'off', 'paused')", name=op.f("ck_plugin_state_state")),
        sa.CheckConstraint(
            "paused_because in ('', 'by_hand', 'failing')", name=op.f("ck_plugin_state_paused_because")
        ),
        sa.UniqueConstraint("tenant_id", "plugin", name=op.f("uq_plugin_state_tenant_id_plugin")),
    )
    op.create_table(
        "plugin_error",
        *_ids(),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_plugin_error_plugin", "plugin_error", ["tenant_id", "plugin", "id"])
    op.create_table(
        "plugin_cost",
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("plugin", sa.Text, primary_key=True),
        sa.Column("calls", sa.BigInteger, nullable=False),
        sa.Column("microseconds", sa.BigInteger, nullable=False),
    )
    isolate("plugin_state", "plugin_error", "plugin_cost")
    op.create_table(
        "plugin_stop",
        sa.Column("plugin", sa.Text, primary_key=True),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        schema="catalogue",
    )
    share_catalogue("plugin_stop")


def _ids() -> tuple[sa.Column[object], sa.Column[object]]:
    shop = sa.ForeignKey("shop.tenant_id", ondelete="CASCADE")
    return sa.Column("tenant_id", sa.Uuid, shop, primary_key=True), sa.Column("id", sa.Uuid, primary_key=True)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
