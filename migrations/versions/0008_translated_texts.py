"""The shop's texts in further languages."""

import sqlalchemy as sa
from alembic import op

from migrations.security import isolate

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; nothing is translated yet."""
    op.create_table(
        "translation",
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.Uuid, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("field", sa.String(250), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint(
            "tenant_id", "kind", "object_id", "language", "field",
            name=op.f("uq_translation_tenant_id_kind_object_id_language_field"),
        ),
    )
    isolate("translation")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
