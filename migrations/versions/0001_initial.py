"""The first shape of the house."""

from alembic import op

from app.core.db import Base, CatalogueModel
from migrations.security import create_queue, isolate, share_catalogue

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    CatalogueModel.metadata.create_all(op.get_bind())
    isolate(*(table.name for table in Base.metadata.sorted_tables))
    share_catalogue(*(table.name for table in CatalogueModel.metadata.sorted_tables))
    create_queue()
    op.execute("grant select on alembic_version to livery_app, livery_operator")


def downgrade() -> None:
    raise RuntimeError("There is nothing before the first revision.")
