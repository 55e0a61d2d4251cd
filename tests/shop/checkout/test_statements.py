"""How often the database is asked. What a page repeats for every line or asks twice shows here first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from app.core import db
from tests.factories.checkout import path_of

_NOT_COUNTED = re.compile(r"\s*(set local|savepoint|release|rollback)", re.IGNORECASE)


@pytest.fixture
def asked(app) -> Iterator[list[str]]:
    """The statements since the list was last emptied, without those that only set up a transaction."""
    seen: list[str] = []

    def note(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if not _NOT_COUNTED.match(statement):
            seen.append(statement)

    with app.app_context():
        engines = set(db.db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def counted(asked: list[str]) -> Callable[[Callable[[], Any]], tuple[Any, int]]:
    """Do something; what it answered, and how many statements it took."""

    def count(act: Callable[[], Any]) -> tuple[Any, int]:
        asked.clear()
        answer = act()
        return answer, len(asked)

    return count


def test_one_more_thing_in_the_bag_takes_four_statements(buyer, sell, counted, asked):
    """The shop, the locked bag, the variant, the line. Nobody asks who is shopping: no session is read."""
    variant = sell(price=6400, on_hand=9)
    buyer.put_in(variant)

    more = {"variant_id": str(variant), "quantity": 1}
    answer, statements = counted(lambda: buyer.browser.post_form("/cart/lines", more, htmx=True))

    assert answer.status_code == 200 and statements == 4, asked
    assert not [one for one in asked if "web_session" in one]


def test_a_whole_checkout_takes_thirty_statements_at_most(buyer, sell, counted):
    """From the pressed button to the way to the gateway: the order, its payment, and the stock."""
    variant = sell(price=6400, on_hand=9)
    buyer.put_in(variant)
    form = buyer.form()

    placed, statements = counted(lambda: buyer.browser.post_form("/checkout", form))

    assert placed.status_code == 303
    assert "/payments/testpay/" in placed.headers["Location"]
    assert statements <= 30


def test_a_longer_bag_takes_one_statement_more_a_line(buyer, sell, counted):
    """The stock of each variant moves by itself, in the order of ids, so that two buyers never wait in a circle."""
    for _ in range(5):
        buyer.put_in(sell(price=6400, on_hand=9))
    form = buyer.form()

    placed, statements = counted(lambda: buyer.browser.post_form("/checkout", form))

    assert "/payments/testpay/" in placed.headers["Location"]
    assert statements <= 30 + 4


def test_the_steps_around_it_stay_as_small_as_they_are(buyer, sell, counted):
    variant = sell(price=6400, on_hand=9)
    buyer.put_in(variant)

    _, again = counted(lambda: buyer.put_in(variant))
    _, page = counted(lambda: buyer.browser.get("/checkout"))
    placed = buyer.place()
    returned, settled = counted(lambda: buyer.pay(placed))
    _, order = counted(lambda: buyer.browser.get(path_of(returned)))

    assert again <= 9
    assert page <= 15  # the last asks which plugins are on; a process that hears of changes remembers it
    assert settled <= 30  # each reaction reads which language its shop speaks
    assert order <= 6
