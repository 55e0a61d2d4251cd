"""The application for commands that work inside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app.commands.installation import database
from app.factory import create_app


@contextmanager
def application() -> Iterator[Flask]:
    """The application with its database, outside any request and any tenant."""
    with database():
        app = create_app()
        with app.app_context():
            yield app
