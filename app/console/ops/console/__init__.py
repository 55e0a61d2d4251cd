"""The operator's pages: coming in, second step, tenants, plans and, on a developer's machine, the mailbox."""

from app.console.ops.console import entry, plans, second_step, security, tenants  # noqa: F401 - they add routes
from app.console.ops.console.door import door

__all__ = ["door"]
