"""Webhook endpoints, deliveries and their log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; nobody is told anything yet."""
    _endpoints()
    _deliveries()
    _attempts()
    isolate("webhook_endpoint", "webhook_delivery", "webhook_attempt")


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoint",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("paused_because", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("old_secret", sa.LargeBinary),
        sa.Column("old_secret_until", sa.DateTime(timezone=True)),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("last_success_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "url", name=op.f("uq_webhook_endpoint_tenant_id_url")),
        sa.CheckConstraint("state in ('active', 'paused')", name=op.f("ck_webhook_endpoint_state")),
        sa.CheckConstraint(
            "paused_because in ('', 'by_hand', 'failing', 'gone')", name=op.f("ck_webhook_endpoint_paused_because")
        ),
    )


def _deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("endpoint_id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggregate", sa.Text, nullable=False),
        sa.Column("occasion", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("last_status", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"], ["webhook_endpoint.tenant_id", "webhook_endpoint.id"], ondelete="CASCADE",
            name=op.f("fk_webhook_delivery_tenant_id"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'sending', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_state")
        ),
        sa.CheckConstraint(
            "occasion in ('news', 'test', 'again', 'replay', 'backfill')", name=op.f("ck_webhook_delivery_occasion")
        ),
    )  # fmt: skip
    table = "webhook_delivery"
    unfinished, waiting, leased = "state in ('waiting', 'sending')", "state = 'waiting'", "state = 'sending'"
    own = ["tenant_id", "endpoint_id"]
    op.create_index(
        "ix_webhook_delivery_unfinished", table, [*own, "aggregate", "number"], postgresql_where=sa.text(unfinished)
    )
    op.create_index("ix_webhook_delivery_due", table, [*own, "number"], postgresql_where=sa.text(waiting))
    op.create_index("ix_webhook_delivery_leased", table, ["lease_until"], postgresql_where=sa.text(leased))
    op.create_index("ix_webhook_delivery_recent", table, [*own, "created_at", "id"])
    op.create_index("ix_webhook_delivery_old", table, ["tenant_id", "created_at"])


def _attempts() -> None:
    op.create_table(
        "webhook_attempt",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("delivery_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
        sa.Column("status", sa.BigInteger),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("request_headers", JSONB, nullable=False),
        sa.Column("answer_headers", JSONB, nullable=False),
        sa.Column("answer_body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"], ["webhook_delivery.tenant_id", "webhook_delivery.id"], ondelete="CASCADE",
            name=op.f("fk_webhook_attempt_tenant_id"),
        ),
    )  # fmt: skip
    op.create_index("ix_webhook_attempt_delivery", "webhook_attempt", ["tenant_id", "delivery_id", "at"])


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
