"""Colleagues, their roles and how they sign in, for programs."""

from app.platform.staff.api import invitations, members, roles, signing_in
from app.platform.staff.api.door import door

__all__ = ["door", "invitations", "members", "roles", "signing_in"]
