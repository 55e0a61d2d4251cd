"""Pages cost few statements, and no more when the shop grows."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.core import db
from tests.factories.catalog import a_collection, a_product


@contextmanager
def counted_statements(app) -> Iterator[list[str]]:
    """Every statement that this thread sends, transaction control left out; others note requests down meanwhile."""
    seen: list[str] = []
    here = threading.get_ident()

    def note(_connection, _cursor, statement, *_):
        if threading.get_ident() == here:
            seen.append(" ".join(statement.split()))

    with app.app_context():
        engines = list({id(engine): engine for engine in db.db.engines.values()}.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/collections/shelf?option=Colour:Ink", "/products/thing-0", "/search?q=thing", "/"])
def test_a_page_costs_the_same_few_statements_however_much_it_shows(app, shop, path):
    def add(numbers) -> list:
        options = {"Colour": ["Ink", "Cream"]}
        return [a_product(title=f"Thing {n}", options=options, tags=["a"], image=True) for n in numbers]

    def statements_of_the_page() -> list[str]:
        with counted_statements(app) as seen:
            assert shop.browser().get(path).status_code == 200
        return seen

    with app.app_context(), shop.entered():
        a_collection(add(range(2)), title="Shelf")
    few = statements_of_the_page()
    with app.app_context(), shop.entered():
        add(range(2, 14))
    many = statements_of_the_page()

    own = [one for one in many if re.search(r"from (product|collection|search_key|\(select product_facet)", one, re.I)]
    assert len(many) <= len(few)
    assert len(own) <= 3, own
    with app.app_context(), shop.entered():
        add(range(14, 16))
    assert shop.browser().get("/collections/all").status_code == 200  # makes what every page of the shop repeats
    assert len(statements_of_the_page()) <= 4
