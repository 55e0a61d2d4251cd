"""The operator's pages: coming in, second step, tenants, plans, plugins, database, trail, and a developer's mailbox."""

from app.console.ops.console import (  # noqa: F401 - they add routes
    database,
    entry,
    plans,
    plugins,
    second_step,
    security,
    tenants,
    trail,
)
from app.console.ops.console.door import door

__all__ = ["door"]
