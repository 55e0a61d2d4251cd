"""The door that the files beside it hang their routes on, and what they share."""

from app.core.errors import NotFound
from app.core.ids import PREFIXES, from_public, to_public, unknown
from app.core.rest import ApiDoor
from app.platform.staff.roles import ROLES, Role

door = ApiDoor("staff")


def role_id(role: Role) -> str:
    """What programs call a role: its word, or the id of one of the shop's own."""
    return to_public(PREFIXES["role_id"], role.id) if role.id else role.name


def role_name(text: str) -> str:
    """What we call it. Raises InvalidInput for what names no role."""
    if text in ROLES:
        return text
    try:
        return str(from_public(PREFIXES["role_id"], text))
    except NotFound:
        raise unknown("role") from None
