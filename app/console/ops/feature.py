"""The card of the ops room."""

from flask import Flask

from app.console.ops import console, jobs, models, queries
from app.core import access, lifecycle
from app.core.feature import Feature


def start(app: Flask) -> None:
    """Tell the core who an operator is and where they sign in."""
    access.actor_loader("operator", queries.actor)
    lifecycle.sign_in_pages["operator"] = "ops_console.sign_in_page"


feature = Feature(name="ops", doors=(console.door,), models=(models,), jobs=(jobs,), on_start=(start,))
