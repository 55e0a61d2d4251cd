"""The API for programs: the first answers to writes that name a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.security import isolate

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; no key was sent yet."""
    op.create_table(
        "api_answer",
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("program_id", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "program_id", "key", name=op.f("uq_api_answer_tenant_id_program_id_key")),
    )
    op.create_index("ix_api_answer_at", "api_answer", ["tenant_id", "at"])
    isolate("api_answer")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
