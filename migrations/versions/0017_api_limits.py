"""What programs may ask at once, origins and large writes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.security import isolate, share_catalogue

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; every bucket is full, no origin is allowed, nothing waits."""
    op.create_table(
        "api_bucket",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("tokens", sa.Float, nullable=False),
        sa.Column("granted", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_api_bucket")),
        schema="catalogue",
        prefixes=["UNLOGGED"],
    )
    share_catalogue("api_bucket")
    op.create_table(
        "api_origin",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "origin", name=op.f("uq_api_origin_tenant_id_origin")),
    )
    _batches()
    isolate("api_origin", "api_batch", "api_batch_row")


def _batches() -> None:
    op.create_table(
        "api_batch",
        _tenant(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("program_id", sa.Uuid, nullable=False),
        sa.Column("program", sa.Text, nullable=False),
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("refused", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.CheckConstraint("state in ('waiting', 'running', 'finished')", name=op.f("ck_api_batch_state")),
    )
    op.create_index("ix_api_batch_at", "api_batch", ["tenant_id", "created_at"])
    op.create_table(
        "api_batch_row",
        _tenant(),
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("operation", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "batch_id", "place"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["api_batch.tenant_id", "api_batch.id"],
            ondelete="CASCADE",
            name=op.f("fk_api_batch_row_tenant_id_batch_id"),
        ),
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
