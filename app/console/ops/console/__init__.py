"""The operator's pages: coming in, second step, tenants, plans, the audit trail, and a developer's mailbox."""

from app.console.ops.console import entry, plans, second_step, security, tenants, trail  # noqa: F401 - they add routes
from app.console.ops.console.door import door

__all__ = ["door"]
