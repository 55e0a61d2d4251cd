"""The room's pages: coming in and out, answering an invitation, colleagues, and one's own profile."""

from app.platform.staff.backoffice import (  # noqa: F401 - they add routes
    entry,
    invitation,
    keeping,
    members,
    profile,
    recovery,
    roles,
    switching,
)
from app.platform.staff.backoffice.door import door

__all__ = ["door"]
