"""Text pages for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core import db
from app.core.access import system_actor
from app.shop.pages import service
from app.shop.pages.models import TextPage
from app.shop.pages.schemas import NewPage


@pytest.fixture
def make_page(in_shop: Any) -> Callable[..., TextPage]:
    """Write a text page into the shop of this test. Committed at once, so that browsers see it."""

    def make(**values: Any) -> TextPage:
        page = service.create_page(NewPage(**{"title": "Journal", **values}), by=system_actor("tests"))
        db.checkpoint()
        return page

    return make
