"""A brand's draft holds the home page too, can be undone and waits for its time; readers of the newsletter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
SECTION_KINDS = (
    "'hero', 'usp', 'products', 'story', 'collections', 'text', 'image', 'quote', 'faq', 'newsletter'"
)


def upgrade() -> None:
    """Columns with defaults, for code that is still running and knows none of them."""
    for name, empty in (("home", "{}"), ("undo", "[]")):
        op.add_column("brand_version", sa.Column(name, JSONB, nullable=False, server_default=empty))
    op.add_column("brand_version", sa.Column("publish_at", sa.DateTime(timezone=True)))
    op.add_column("brand_version", sa.Column("publish_by", sa.String(200), nullable=False, server_default=""))
    op.drop_constraint(op.f("ck_home_section_kind"), "home_section", type_="check")
    op.create_check_constraint(op.f("ck_home_section_kind"), "home_section", f"kind in ({SECTION_KINDS})")
    op.create_table(
        "subscriber",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("status", sa.String(20), nullable=False, server_default="asked"),
        sa.Column("wording", sa.String(500), nullable=False, server_default=""),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("tenant_id", "email", name=op.f("uq_subscriber_tenant_id_email")),
        sa.CheckConstraint("status in ('asked', 'confirmed', 'left')", name=op.f("ck_subscriber_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["shop.tenant_id"], name=op.f("fk_subscriber_tenant_id"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_subscriber_recent", "subscriber", ["tenant_id", "status", "id"])
    isolate("subscriber")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
