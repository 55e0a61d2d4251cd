"""Lets the core ask this room which program sends a request."""

from typing import Any

from app.core import access
from app.platform.developers import service


def register(app: Any) -> None:
    """Keys are one kind of bearer token."""
    if service.actor_of_key not in access._bearer:
        access.bearer_loader(service.actor_of_key)
