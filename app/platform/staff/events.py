"""Facts of the staff room."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class StaffInvited(Fact, name="staff.invited", version=1):
    """Somebody was invited, or their invitation was sent again: each `sending` is one letter."""

    sending: UUID
    invitation_id: UUID


@dataclass(frozen=True)
class StaffJoined(Fact, name="staff.joined", version=1, tells=mark("A colleague joined")):
    """Somebody works here from now on."""

    staff_id: UUID
    role: str


@dataclass(frozen=True)
class StaffRemoved(Fact, name="staff.removed", version=1, tells=mark("A colleague left")):
    """Somebody no longer works here; their sessions and keys have stopped."""

    staff_id: UUID


@dataclass(frozen=True)
class PasswordResetAsked(Fact, name="staff.password_reset_asked", version=1, waits=False):
    """Somebody asked for a new password for this address, which may be nobody's."""

    asking: UUID
    email: str


@dataclass(frozen=True)
class StaffFactorChanged(Fact, name="staff.factor_changed", version=1, waits=False):
    """A second factor of somebody came or went, or a recovery code was used; they are told by mail.

    `change` is added, removed, reset (by a colleague, `by`), recovery_used or recovery_made; `factor` app or passkey.
    """

    changing: UUID
    staff_id: UUID
    change: str
    factor: str
    by: str


@dataclass(frozen=True)
class StaffCameOnNewDevice(Fact, name="staff.came_on_new_device", version=1, waits=False):
    """Somebody signed in with a browser that they had not used here before; they are told by mail."""

    coming: UUID
    staff_id: UUID
    device: str
    address: str


@dataclass(frozen=True)
class StaffPasswordChanged(Fact, name="staff.password_changed", version=1, waits=False):
    """A member of staff has a new password (its version counts up); they are told by mail."""

    staff_id: UUID
    password_version: int


@dataclass(frozen=True)
class AddressToProve(Fact, name="staff.address_to_prove", version=1):
    """Somebody opened a shop with an address that may not be theirs; its letter box is asked."""

    proving: UUID
    staff_id: UUID
