"""What the roles of a shop's staff may do. They follow the one catalogue of permissions, so new rooms join unasked."""

from dataclasses import dataclass

from app.core import access
from app.core.i18n import mark

OWNERS_ONLY_PREFIX = "staff."
OWNERS_ONLY = {"settings.close"}


@dataclass(frozen=True)
class Role:
    """A role as people choose it."""

    name: str
    label: str
    description: str

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that holders of this role may do."""
        everything = frozenset(access.catalogue_of_permissions())
        if self.name == "owner":
            return everything
        return frozenset(one for one in everything if not one.startswith(OWNERS_ONLY_PREFIX) and one not in OWNERS_ONLY)


ROLES: dict[str, Role] = {
    "owner": Role("owner", mark("Owner"), mark("May do everything, also invite people and close the shop.")),
    "manager": Role(
        "manager", mark("Manager"), mark("Runs the shop from day to day; does not manage staff or close it.")
    ),
}
