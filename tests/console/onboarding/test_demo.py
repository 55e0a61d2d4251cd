"""The demo shops of a developer's machine."""

import pytest

from app.console.onboarding import demo
from app.core import db
from app.platform.staff import credentials
from app.platform.tenancy import queries as tenancy
from app.shop.orders import queries as orders
from app.shop.orders.schemas import OrderFilter


@pytest.mark.slow
def test_the_demo_shops_are_filled_once_with_owners_who_can_sign_in(app):
    said = []
    with app.app_context():
        rows = demo.seed_demo(lambda what, done, whole: said.append((done, whole)))
        with db.unit_of_work(tenancy.tenant_named("kiln").id):
            first = orders.listing_with_counts(OrderFilter())[1]
        again = demo.seed_demo()
        with db.unit_of_work(tenancy.tenant_named("kiln").id):
            assert orders.listing_with_counts(OrderFilter())[1] == first

        assert [row.name for row in rows] == ["Kiln & Kin", "Northfall", "Sundae Bath"]
        assert again == rows
        assert all(credentials.password_fits(row.email, row.password) for row in rows)
        assert first["to_fulfil"] > 0
        assert said[-1][0] == said[-1][1]
