"""How large each table was on a day, for the operator's page of the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.security import share_catalogue

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; the first night fills it."""
    op.create_table(
        "table_size",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", "name", name=op.f("pk_table_size")),
        schema="catalogue",
    )
    share_catalogue("table_size")


def downgrade() -> None:
    """Take away."""
    op.drop_table("table_size", schema="catalogue")
