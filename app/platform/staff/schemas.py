"""One schema a form."""

from typing import Annotated, Literal

import msgspec

from app.core import access, i18n, isolation, text
from app.core.i18n import gettext, mark
from app.platform.tenancy import queries as tenancy

Email = Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
RoleName = Annotated[str, msgspec.Meta(min_length=1, max_length=36)]
Next = Annotated[str, msgspec.Meta(max_length=2000)]
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
POLICY = "sign_in"
"""Under which name a shop's settings hold what it asks of its staff; policy.py reads it."""
_NO_ADDRESS = mark("Type an e-mail address such as name@example.com.")


def password_problem(password: str, email: str = "") -> str | None:
    """What is wrong with a new password, in one sentence."""
    if len(password) < shortest_password():
        return gettext(
            "Use at least %(shortest_password)s characters; a short sentence is easy to remember.",
            shortest_password=shortest_password(),
        )
    if len(password) > LONGEST_PASSWORD:
        return gettext("Use at most %(longest_password)s characters.", longest_password=LONGEST_PASSWORD)
    if len(set(password)) < 4 or (email and password.casefold() == email.casefold()):
        return gettext("This password is too easy to guess.")
    return None


def shortest_password() -> int:
    """How long a new password must be at least, in this shop."""
    shop = tenancy.shop_or_none() if isolation.tenant_or_none() else None
    rules: dict[str, int] = shop.settings.get(POLICY, {}) if shop else {}
    return rules.get("shortest_password", SHORTEST_PASSWORD)


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Come in, and go on to where one wanted to be."""

    email: Email
    password: Password
    next: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class AskForReset(msgspec.Struct, forbid_unknown_fields=True):
    """Have a link mailed that sets a new password."""

    email: Email

    def problems(self) -> dict[str, str]:
        """Something that mail can be sent to."""
        return {} if text.looks_like_email(self.email) else {"email": _NO_ADDRESS}


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    """A new password, by a link from a letter."""

    password: Password

    def problems(self) -> dict[str, str]:
        """One that is not guessed at once."""
        return _password_problems("password", self.password)


class ProveAddress(msgspec.Struct, forbid_unknown_fields=True):
    """The letter's button and a password: of the account that the address has, or the one chosen with the shop."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Accept(msgspec.Struct, forbid_unknown_fields=True):
    """Join a shop. Whether the password is a new one is known to the service only."""

    name: PersonName
    password: Password


class Invite(msgspec.Struct, forbid_unknown_fields=True):
    """Invite somebody to work here."""

    email: Email
    role: RoleName = "manager"

    def problems(self) -> dict[str, str]:
        """Something that mail can be sent to."""
        return {} if text.looks_like_email(self.email) else {"email": _NO_ADDRESS}


class ChangeRole(msgspec.Struct, forbid_unknown_fields=True):
    """Give a member another role."""

    role: RoleName


class RoleForm(msgspec.Struct, forbid_unknown_fields=True):
    """A role of the shop's own."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    description: Annotated[str, msgspec.Meta(max_length=200)] = ""
    permissions: list[Annotated[str, msgspec.Meta(max_length=100)]] = []

    def problems(self) -> dict[str, str]:
        """Only what is in the catalogue."""
        known = set(self.permissions) <= access.catalogue_of_permissions().keys()
        return {} if known else {"permissions": gettext("Choose from the list.")}


class ChangeName(msgspec.Struct, forbid_unknown_fields=True):
    """The name that colleagues see."""

    name: PersonName


class ChangePassword(msgspec.Struct, forbid_unknown_fields=True):
    """A new password, after giving the current one."""

    current: Password
    new: Password

    def problems(self) -> dict[str, str]:
        """One that is not guessed at once."""
        return _password_problems("new", self.new)


def _password_problems(field: str, password: str) -> dict[str, str]:
    problem = password_problem(password)
    return {field: problem} if problem else {}


class SecondStep(msgspec.Struct, forbid_unknown_fields=True):
    """A code from the app or from paper, and where one wanted to be."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    next: Next = ""


class Signed(msgspec.Struct, forbid_unknown_fields=True):
    """What a device signed, as the browser's JSON."""

    credential: Annotated[str, msgspec.Meta(min_length=2, max_length=20_000)]
    title: Annotated[str, msgspec.Meta(max_length=60)] = ""
    next: Next = ""


class Proof(msgspec.Struct, forbid_unknown_fields=True):
    """Who one is, once more: a code where one has a second factor, else the password."""

    code: Annotated[str, msgspec.Meta(max_length=40)] = ""
    password: Annotated[str, msgspec.Meta(max_length=200)] = ""
    next: Next = ""


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """A button, and where one wanted to be."""

    next: Next = ""


class PasskeyName(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody calls a passkey."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class PolicyForm(msgspec.Struct, forbid_unknown_fields=True):
    """What the shop asks of its staff before they come in."""

    second_factor: Literal["nobody", "leaders", "all"]
    shortest_password: Annotated[int, msgspec.Meta(ge=SHORTEST_PASSWORD, le=64)]
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=720)]
    idle_minutes: Annotated[int, msgspec.Meta(ge=0, le=1440)]


class SaveView(msgspec.Struct, forbid_unknown_fields=True):
    """Keep a list's filters and order under a name, for oneself or for the team."""

    list: Literal["orders", "products", "customers"]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    query: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    shared: bool = False


class ChangeLanguage(msgspec.Struct, forbid_unknown_fields=True):
    """The language of one's back office; empty is the browser's."""

    language: Annotated[str, msgspec.Meta(max_length=8)] = ""

    def problems(self) -> dict[str, str]:
        """Only what the interface speaks."""
        return (
            {}
            if self.language == "" or i18n.is_known(self.language)
            else {"language": gettext("Choose a language from the list.")}
        )


class Shortcuts(msgspec.Struct, forbid_unknown_fields=True):
    """Whether single keys act on pages."""

    has_shortcuts: bool = False
