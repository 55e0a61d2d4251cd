"""The room's pages: coming in and out, answering an invitation, colleagues, and one's own profile."""

from app.platform.staff.backoffice import entry, invitation, members, profile, recovery  # noqa: F401 - they add routes
from app.platform.staff.backoffice.door import door

__all__ = ["door"]
