"""What has been written into the books stays as it was: the database holds it, not good manners."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.core import db
from migrations.security import APPEND_ONLY


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "change",
    ['update "{}" set tenant_id = tenant_id where tenant_id = :shop', 'delete from "{}" where tenant_id = :shop'],
)
def test_the_app_can_only_add_to_the_books(app, shop, table, change):
    with app.app_context(), pytest.raises(ProgrammingError, match="permission denied"), shop.entered():
        db.session.execute(text(change.format(table)), {"shop": shop.id})
