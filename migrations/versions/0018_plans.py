"""Plans, their limits and support sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate, share_catalogue

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; no tenant has a plan, so nobody has a limit, and nobody from outside was ever let in."""
    _plans()
    _figures()
    share_catalogue("plan", "tenant_usage", "tenant_history")
    _support()
    isolate("support_session", "support_request")


def _plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("products", "staff", "orders_month", "storage", "api_rate")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("name", name=op.f("uq_plan_name")),
        schema="catalogue",
    )
    op.add_column("tenant", sa.Column("plan_id", sa.Uuid), schema="catalogue")
    op.create_foreign_key(
        op.f("fk_tenant_plan_id"), "tenant", "plan", ["plan_id"], ["id"],
        source_schema="catalogue", referent_schema="catalogue",
    )  # fmt: skip
    op.create_index("ix_tenant_plan_id", "tenant", ["plan_id"], schema="catalogue")


def _figures() -> None:
    op.create_table(
        "tenant_usage",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("products", "staff", "orders_month", "storage")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("api_calls", "failing_webhooks", "bounced")),
        sa.Column("refused_calls", sa.BigInteger, nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("last_sale_at", sa.DateTime(timezone=True)),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("warned", JSONB, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["catalogue.tenant.id"], ondelete="CASCADE", name=op.f("fk_tenant_usage_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_usage")),
        sa.CheckConstraint("health in ('good', 'watch', 'bad')", name=op.f("ck_tenant_usage_health")),
        schema="catalogue",
    )
    op.create_table(
        "tenant_history",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["catalogue.tenant.id"], ondelete="CASCADE", name=op.f("fk_tenant_history_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_history")),
        schema="catalogue",
    )
    op.create_index("ix_tenant_history_of", "tenant_history", ["tenant_id", "at", "id"], schema="catalogue")


def _support() -> None:
    op.create_table(
        "support_session",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("operator_id", sa.Uuid, nullable=False),
        sa.Column("operator_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("may_write", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.Column("ticket", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("ix_support_session_recent", "support_session", ["tenant_id", "asked_at", "id"])
    op.create_table(
        "support_request",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.BigInteger),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["support_session.tenant_id", "support_session.id"],
            ondelete="CASCADE",
            name=op.f("fk_support_request_tenant_id_session_id"),
        ),
    )
    op.create_index("ix_support_request_session", "support_request", ["tenant_id", "session_id", "at", "id"])


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
