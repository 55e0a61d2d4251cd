"""No statement on tenant rows without a tenant predicate. The guard listens in every test."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from app.core import db
from app.core.events import Event
from tests.architecture.statements import NoTenantPredicate, breach


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("select * from event", "event"),
        ('select * from "order" o where o.number = 1', "order"),
        ("update variant set on_hand = 0 where id = 1", "variant"),
        ("delete from cart_line", "cart_line"),
        ("select 1 from pg_class", None),
        ("select * from event where event.tenant_id = %(t)s", None),
        ('select * from "order" where tenant_id = %(t)s', None),
        ("insert into event (tenant_id, id) values (1, 2)", None),
        ("insert into event (id) values (2)", "event"),
        ("select 1 from catalogue.tenant", None),
    ],
)
def test_the_guard_knows_a_breach(app, statement, table):
    assert breach(statement) == table


def test_raw_sql_without_a_predicate_is_refused_in_tests(app, shop):
    with app.app_context(), shop.entered(), pytest.raises(NoTenantPredicate):
        db.session.execute(text("select name from event"))


def test_an_orm_query_gets_its_predicate_by_itself(app, shop):
    with app.app_context(), shop.entered():
        assert isinstance(db.session.scalars(select(Event.name)).all(), list)
