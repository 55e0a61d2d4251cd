"""Lets the core ask this room which program sends a request."""

from functools import cache
from typing import Any

from app.core import bearers
from app.platform.developers import service


def register(app: Any) -> None:
    """Keys are one kind of bearer token."""
    _register_once()


@cache
def _register_once() -> None:
    """A process that builds several applications still asks once."""
    bearers.loader(service.holder_of_key)
    bearers.recaller("key", service.actor_of_key_id)
