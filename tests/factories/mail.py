"""What the shop has sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.platform.mail import queries
from app.platform.mail.models import OutgoingMessage


class Outbox:
    """The shop's messages, oldest first; read afresh whenever it is asked."""

    def __init__(self, app: Flask, shop: Any) -> None:
        self.app, self.shop = app, shop

    def all(self) -> list[OutgoingMessage]:
        """Every message."""
        with self.app.app_context(), self.shop.entered():
            return queries.recent(1000)[::-1]

    def to(self, address: str) -> list[OutgoingMessage]:
        """Messages to one address."""
        return [message for message in self.all() if message.to == address]

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[OutgoingMessage]:
        return iter(self.all())

    def __getitem__(self, place: int) -> OutgoingMessage:
        return self.all()[place]


@pytest.fixture
def outbox(app: Flask, shop: Any) -> Outbox:
    """Mails of the shop, after `run_jobs()`."""
    return Outbox(app, shop)
