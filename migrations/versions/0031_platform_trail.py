"""The platform's own audit trail, and more of what tells how a tenant does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import share_catalogue

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_WORDS = ("actor_name", "action", "object_type", "object_id")
_SIGNS = ("failed_jobs", "paused_webhooks", "paused_plugins")
_INDEXES = {
    "recent": ["at", "id"],
    "object": ["object_type", "object_id", "at", "id"],
    "actor": ["actor_id", "at", "id"],
    "action": ["action", "at", "id"],
}


def upgrade() -> None:
    """Add; the trail begins with the next change."""
    op.create_table(
        "platform_entry",
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Uuid),
        *(sa.Column(name, sa.Text, nullable=False) for name in _WORDS),
        sa.Column("details", JSONB, nullable=False),
        sa.Column("changes", JSONB, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "request_id", "hash")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_platform_entry")),
        schema="catalogue",
    )
    op.create_index("uq_platform_entry_id", "platform_entry", ["id"], unique=True, schema="catalogue")
    for name, columns in _INDEXES.items():
        op.create_index(f"ix_platform_entry_{name}", "platform_entry", columns, schema="catalogue")
    op.create_table(
        "platform_head",
        sa.Column("one", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_platform_head")),
        schema="catalogue",
    )
    for name in _SIGNS:
        op.add_column("tenant_usage", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"), schema="catalogue")
        op.alter_column("tenant_usage", name, server_default=None, schema="catalogue")
    share_catalogue("platform_entry", "platform_head")
    op.execute("revoke update, delete on catalogue.platform_entry from livery_app")
    op.execute("revoke delete on catalogue.platform_head from livery_app")


def downgrade() -> None:
    """Take away."""
    for name in _SIGNS:
        op.drop_column("tenant_usage", name, schema="catalogue")
    op.drop_table("platform_head", schema="catalogue")
    op.drop_table("platform_entry", schema="catalogue")
