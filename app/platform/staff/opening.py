"""What a new shop gets from this room: its first owner."""

from typing import Any

from app.platform.staff import service
from app.platform.tenancy import hooks
from app.platform.tenancy.schemas import NewTenant


def first_owner(new: NewTenant) -> None:
    """Make the person who opens the shop its owner; a shop opened from files may name nobody."""
    if new.owner_email:
        service.add_owner(new.owner_email, new.owner_name, new.owner_password, is_proven=new.owner_is_proven)


def register(app: Any) -> None:
    """Be called when a shop opens."""
    if first_owner not in hooks.on_open:
        hooks.on_open.append(first_owner)
