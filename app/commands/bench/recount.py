"""Count a filled shop ahead, as the worker does for shops that grew: `python -m app.commands.bench.recount TENANT`."""

from __future__ import annotations

import sys
from uuid import UUID

from app.core import db
from app.factory import create_app
from app.shop.catalog.service.counting import recount
from app.shop.home import service as home


def main(tenant: UUID) -> None:
    """Recount in a process of its own, whose settings lead to the filled database."""
    with create_app().app_context(), db.unit_of_work(tenant):
        recount()
        home.recount()


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
