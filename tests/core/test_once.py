"""What a transaction reads one time, and when it reads again."""

from sqlalchemy import select, update

from app.core import db
from app.core.once import read_once
from app.shop.pricing.models import TaxRate


def rates() -> list[str]:
    return read_once(TaxRate, lambda: list(db.session.scalars(select(TaxRate.name).order_by(TaxRate.country))))


def test_a_second_question_asks_nobody(in_shop):
    first = rates()

    assert rates() is first


def test_a_change_is_seen_by_the_next_question(in_shop):
    before = rates()

    db.add(TaxRate(country="AQ", name="Ice tax", rate=1000, taxes_delivery=False))
    db.flush()
    assert len(rates()) == len(before) + 1
    db.session.execute(update(TaxRate).values(name="Snow tax"))
    assert set(rates()) == {"Snow tax"}


def test_what_is_rolled_back_is_forgotten(in_shop):
    before = rates()

    savepoint = db.session.begin_nested()
    db.add(TaxRate(country="AQ", name="Ice tax", rate=1000, taxes_delivery=False))
    db.flush()
    assert "Ice tax" in rates()
    savepoint.rollback()

    assert rates() == before


def test_nothing_outlives_the_transaction(in_shop):
    first = rates()

    db.checkpoint()

    assert rates() is not first
