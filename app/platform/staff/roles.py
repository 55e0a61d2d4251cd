"""What the roles of a shop's staff may do. The built-in ones follow the one catalogue, so new rooms join unasked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from app.core import access
from app.core.i18n import gettext, mark

OWN = "own"
"""The word that stands on a membership whose role the shop made itself."""
EVERYBODY = frozenset({"home.read", "profile.write"})
"""What every role may: come in, and look after oneself."""
_OWNERS_ONLY = ("staff.", "sso.", "settings.close", "support.write", "audit.keep")
_CATALOGUE = ("products.", "pages.", "translations.", "branding.read")
_FULFILMENT = ("orders.read", "orders.fulfil", "orders.note", "orders.organise", "customers.read", "products.read")
_SUPPORT: tuple[str, ...] = (
    "orders.read",
    "orders.note",
    "orders.organise",
    "orders.cancel",
    "orders.refund",
    "products.read",
)
_SUPPORT += ("customers.read", "customers.edit", "pages.read")
_ANALYST = ("orders.read", "orders.export", "products.read", "customers.read", "pages.read", "branding.read")


@dataclass(frozen=True)
class Role:
    """A role as people choose it: `name` is a built-in one's word, or the id of one of the shop's own."""

    name: str
    label: str
    description: str
    choose: Callable[[str], bool] = lambda permission: False
    id: UUID | None = None
    """Of a role that the shop made itself; nothing for a built-in one."""

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that holders of this role may do, of what there is."""
        return frozenset(one for one in access.catalogue_of_permissions() if one in EVERYBODY or self.choose(one))

    @property
    def word(self) -> str:
        """What a membership stores."""
        return OWN if self.id else self.name

    @property
    def title(self) -> str:
        """Its name in the reader's language; a shop's own stays as it was written."""
        return self.label if self.id else gettext(self.label)

    @property
    def sentence(self) -> str:
        """What it is for, likewise."""
        return self.description if self.id else gettext(self.description)


def _these(names: tuple[str, ...]) -> Callable[[str], bool]:
    """Names of permissions; with a dot at the end, all of a room."""
    return lambda one: any(one == name or (name.endswith(".") and one.startswith(name)) for name in names)


def own_role(role_id: UUID, label: str, description: str, granted: Iterable[str]) -> Role:
    """A role that the shop made itself."""
    return Role(str(role_id), label, description, frozenset(granted).__contains__, role_id)


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role(
            "owner", mark("Owner"), mark("May do everything, also invite people and close the shop."), lambda one: True
        ),
        Role(
            "manager",
            mark("Manager"),
            mark("Runs the shop from day to day; does not manage staff or close it."),
            lambda one: not one.startswith(_OWNERS_ONLY),
        ),
        Role(
            "catalogue",
            mark("Catalogue"),
            mark("Looks after products, collections, pages and their translations."),
            _these(_CATALOGUE),
        ),
        Role("fulfilment", mark("Fulfilment"), mark("Packs and sends orders."), _these(_FULFILMENT)),
        Role(
            "support",
            mark("Support"),
            mark("Answers customers: changes their details, cancels orders and gives money back."),
            _these(_SUPPORT),
        ),
        Role(
            "analyst",
            mark("Analyst"),
            mark("Sees orders, products and figures, and changes nothing."),
            _these(_ANALYST),
        ),
    )
}
