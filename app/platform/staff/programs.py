"""What programs send and read of colleagues, roles and the rules for signing in."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from app.core.rest import Logged
from app.platform.staff.schemas import Email, Invite


class MemberFilter(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which colleagues."""

    role: Annotated[str, msgspec.Meta(max_length=40)] = ""
    has_second_step: bool | None = None
    sort: Literal["-created_at", "created_at"] = "created_at"


class MemberOut(msgspec.Struct):
    """Somebody who works here, and what they may do now."""

    id: str
    name: str
    email: Email
    role: str
    permissions: list[str]
    has_second_step: bool
    created_at: datetime


class RoleWritten(msgspec.Struct, forbid_unknown_fields=True):
    """Give somebody a role: a built-in one by its word, one of the shop's own by its id."""

    role: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class InvitationsWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which invitations."""


class InvitationWritten(msgspec.Struct, forbid_unknown_fields=True):
    """Invite somebody by mail."""

    email: Email
    role: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]

    def problems(self) -> dict[str, str]:
        """Something that mail can be sent to."""
        return Invite(self.email).problems()


class InvitationOut(msgspec.Struct):
    """An invitation that waits for its answer."""

    id: str
    email: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime


class RoleOut(msgspec.Struct):
    """A role: the built-in ones have a word in the place of an id."""

    id: str
    label: str
    description: str
    permissions: list[str]
    is_built_in: bool


class PermissionOut(msgspec.Struct):
    """Something that can be allowed; also the name of a scope, where programs can be given it."""

    name: str
    description: str
    is_scope: bool


class SessionOut(msgspec.Struct):
    """A browser in which somebody is signed in."""

    id: str
    device: str
    address: str
    began_at: datetime
    seen_at: datetime


class SessionsEnded(msgspec.Struct):
    """Whose sessions are over."""

    staff_id: str


class RulesOut(msgspec.Struct):
    """What the shop asks of its staff before they come in."""

    second_factor: str
    shortest_password: int
    session_hours: int
    idle_minutes: int
