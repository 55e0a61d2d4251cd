"""Large shops: grids and search read in the order of an index, filters counted ahead, what is bought together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BIT, JSONB

from migrations.security import isolate

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Wider indexes under the old names, and three tables."""
    _indexes()
    _counted_ahead()
    _bought_together()
    isolate("facet_bits", "catalogue_count", "product_together")


def _indexes() -> None:
    for name, columns in (
        ("newest", ["published_at"]),
        ("price", ["price_from"]),
        ("title", [sa.text("lower(title)")]),
        ("sold", ["sold", "published_at"]),
    ):
        op.drop_index(f"ix_product_{name}", "product")
        op.create_index(f"ix_product_{name}", "product", ["tenant_id", "status", *columns, "id"])
    op.create_index(
        "ix_collection_product_place", "collection_product", ["tenant_id", "collection_id", "position", "product_id"]
    )
    op.create_index("ix_search_posting_best", "search_posting", ["tenant_id", "word", "weight", "product_id"])


def _counted_ahead() -> None:
    op.create_table(
        "facet_bits",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("bits", BIT(varying=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", "value", name=op.f("pk_facet_bits")),
        _of_shop("facet_bits"),
    )
    op.execute(
        "alter table facet_bits alter column bits set storage external"
    )  # bits hardly shrink, and are read whole
    op.create_table(
        "catalogue_count",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("grids", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_catalogue_count")),
        _of_shop("catalogue_count"),
    )


def _bought_together() -> None:
    op.create_table(
        "product_together",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("other_id", sa.Uuid, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "product_id", "other_id", name=op.f("pk_product_together")),
        _of_shop("product_together"),
        _of_product("product_id"),
        _of_product("other_id"),
    )
    op.create_index("ix_product_together_often", "product_together", ["tenant_id", "product_id", "times", "other_id"])
    op.create_index("ix_product_together_other", "product_together", ["tenant_id", "other_id"])


def _of_shop(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], ["shop.tenant_id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"
    )


def _of_product(column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_product_together_tenant_id_{column}")
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], ["product.tenant_id", "product.id"], name=name, ondelete="CASCADE"
    )


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
