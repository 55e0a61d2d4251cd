"""How the database does, for whoever runs it."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.console.ops import database
from app.console.ops.console.door import door
from app.core.access import for_operator
from app.core.web import page
from app.platform.tenancy.plans import amount


@door.get("/console/database")
@for_operator
def show_database(**_: Any) -> Response:
    """Large tables and what grows, slow statements, indexes that are broken or that nobody uses."""
    return page("ops/console/database.html", found=database.standing(), amount=amount)
