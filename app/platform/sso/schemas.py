"""One schema a form, and what travels between the parts of this room."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec

from app.core.i18n import gettext

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_DOMAIN = Annotated[
    str, msgspec.Meta(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$")
]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class ProviderForm(msgspec.Struct, forbid_unknown_fields=True):
    """Where staff may sign in elsewhere. An empty secret keeps the one that is stored."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    issuer: Line
    client_id: Line
    client_secret: Annotated[str, msgspec.Meta(max_length=500)] = ""
    domains: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    first_role: Annotated[str, msgspec.Meta(max_length=40)] = ""
    is_on: bool = False
    is_only_way: bool = False

    @property
    def domain_list(self) -> list[str]:
        """The domains, one each, in small letters."""
        return sorted({part.strip().lower().lstrip("@") for part in self.domains.replace(",", "\n").split("\n")} - {""})

    def problems(self) -> dict[str, str]:
        """Strangers are not given a role without saying whose mail addresses count."""
        found = {}
        try:
            msgspec.convert(self.domain_list, list[_DOMAIN])
        except msgspec.ValidationError:
            found["domains"] = gettext("Write domains such as example.com, one a line.")
        if self.first_role and not self.domain_list:
            found["domains"] = gettext("Name the domains of your own people before others get a role by themselves.")
        if self.is_only_way and not self.is_on:
            found["is_only_way"] = gettext("It must be switched on to be the only way in.")
        return found


@dataclass(frozen=True)
class Wiring:
    """A provider as a sign-in needs it: plain values, which outlive a transaction."""

    id: UUID
    issuer: str
    client_id: str
    secret: str
    come_back: str
    """Our own address that the provider sends people back to."""


@dataclass(frozen=True)
class Described:
    """What a provider says of itself, as far as it is used."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    names_itself: bool
    """Its answers carry `iss` (RFC 9207), so one without it is refused."""
    takes_basic: bool


@dataclass(frozen=True)
class Journey:
    """A sign-in that is under way, as the browser's session keeps it until the person comes back."""

    provider_id: str
    issuer: str
    client_id: str
    nonce: str
    verifier: str
    wanted: str
    ends: int
    described: dict[str, Any]
    since: int = 0
    """Who proves once more who they are must have signed in there after this moment (seconds); 0 for the first time."""


@dataclass(frozen=True)
class Person:
    """Who came back, as the provider vouches for them. `email` is empty unless the provider has checked it."""

    issuer: str
    subject: str
    email: str
    name: str
