"""People of these tests are nobody before each of them: accounts live longer than a test's shop."""

import pytest
from sqlalchemy import delete

from app.core import db
from app.platform.staff.models import Account


@pytest.fixture(autouse=True)
def _nobody_at_example_com(app):
    with app.app_context():
        db.catalogue.execute(delete(Account).where(Account.email.endswith("@example.com")))
        db.catalogue.commit()
