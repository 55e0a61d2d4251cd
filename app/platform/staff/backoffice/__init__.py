"""The room's pages: coming in and out, answering an invitation, colleagues, and one's own profile."""

from app.platform.staff.backoffice import (  # noqa: F401 - they add routes
    access,
    entry,
    invitation,
    joining,
    keeping,
    members,
    passkeys,
    profile,
    recovery,
    roles,
    second_step,
    security,
    switching,
)
from app.platform.staff.backoffice.door import door

__all__ = ["door"]
