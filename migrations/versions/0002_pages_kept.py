"""A version of each shop's pages: raised by every change that visitors see."""

import sqlalchemy as sa
from alembic import op

from migrations.security import isolate

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a shop, made by its first change."""
    op.create_table(
        "page_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["shop.tenant_id"], name=op.f("fk_page_version_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_page_version")),
    )
    isolate("page_version")


def downgrade() -> None:
    """Pages are kept under no version any more."""
    op.drop_table("page_version")
