"""What the customers room accepts, one schema a command."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from app.core.i18n import gettext
from app.core.text import looks_like_email

ShortText = Annotated[str, Meta(max_length=120)]
RequiredText = Annotated[str, Meta(min_length=1, max_length=120)]
EmailText = Annotated[str, Meta(min_length=3, max_length=254)]
PasswordText = Annotated[str, Meta(min_length=1, max_length=200)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", extra={"sentence": "Choose a country from the list."})]

SHORTEST_PASSWORD = 10


def email_problem(email: str) -> str | None:
    """A sentence when the text cannot be an e-mail address, else None."""
    return None if looks_like_email(email) else gettext("Write an e-mail address such as name@example.com.")


def password_problem(password: str) -> str | None:
    """A sentence when a new password is too easy to guess, else None."""
    if len(password) < SHORTEST_PASSWORD:
        return gettext("Use at least %(shortest_password)s characters.", shortest_password=SHORTEST_PASSWORD)
    if len(set(password)) < 4:
        return gettext("Use at least four different characters.")
    return None


class NewAddress(Struct, forbid_unknown_fields=True, kw_only=True):
    """One postal address."""

    name: RequiredText
    company: ShortText = ""
    line1: RequiredText
    line2: ShortText = ""
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    city: RequiredText
    region: ShortText = ""
    country: Country
    phone: Annotated[str, Meta(max_length=40)] = ""
    is_default: bool = False

    def problems(self) -> dict[str, str]:
        """Required fields must hold more than spaces."""
        return {
            field: gettext("Fill this in.") for field in ("name", "line1", "city") if not getattr(self, field).strip()
        }


class SignUp(Struct, forbid_unknown_fields=True):
    """Ask for a mail link that opens an account."""

    name: RequiredText
    email: EmailText

    def problems(self) -> dict[str, str]:
        """The address must look like one."""
        problem = email_problem(self.email)
        return {"email": problem} if problem else {}


class SignIn(Struct, forbid_unknown_fields=True):
    """Sign in with address and password."""

    email: EmailText
    password: PasswordText
    remember: bool = False
    next: Annotated[str, Meta(max_length=500)] = ""


class ForgotPassword(Struct, forbid_unknown_fields=True):
    """Ask for a mail link that sets a new password."""

    email: EmailText

    def problems(self) -> dict[str, str]:
        """The address must look like one."""
        problem = email_problem(self.email)
        return {"email": problem} if problem else {}


class AskForLink(Struct, forbid_unknown_fields=True):
    """Ask for a mail link that signs in once."""

    email: EmailText
    next: Annotated[str, Meta(max_length=500)] = ""

    def problems(self) -> dict[str, str]:
        """The address must look like one."""
        problem = email_problem(self.email)
        return {"email": problem} if problem else {}


class UseLink(Struct, forbid_unknown_fields=True):
    """The button on the page that a sign-in link opens."""

    next: Annotated[str, Meta(max_length=500)] = ""


class ChoosePassword(Struct, forbid_unknown_fields=True):
    """The first password of an account, or a new one after a reset link."""

    password: PasswordText

    def problems(self) -> dict[str, str]:
        """Length and variety."""
        problem = password_problem(self.password)
        return {"password": problem} if problem else {}


class ChangePassword(Struct, forbid_unknown_fields=True):
    """Change the password while signed in."""

    current_password: PasswordText
    password: PasswordText

    def problems(self) -> dict[str, str]:
        """Length and variety of the new one."""
        problem = password_problem(self.password)
        return {"password": problem} if problem else {}


class EditProfile(Struct, forbid_unknown_fields=True):
    """Name, phone and newsletter consent of the signed-in shopper."""

    name: RequiredText
    phone: Annotated[str, Meta(max_length=40)] = ""
    accepts_marketing: bool = False


class ChangeEmail(Struct, forbid_unknown_fields=True):
    """Ask for a mail link that moves the account to another address."""

    email: EmailText
    current_password: PasswordText

    def problems(self) -> dict[str, str]:
        """The address must look like one."""
        problem = email_problem(self.email)
        return {"email": problem} if problem else {}


Sort = Literal[
    "newest", "oldest", "changed", "changed_up", "name", "name_down", "spent", "spent_up", "orders", "orders_up"
]  # fmt: skip


class CustomerFilter(Struct, forbid_unknown_fields=True):
    """State of the customers list, as it stands in the URL."""

    q: Annotated[str, Meta(max_length=100)] = ""
    view: Literal["all", "accounts", "guests", "marketing", "returning"] = "all"
    tag: Annotated[str, Meta(max_length=40)] = ""
    sort: Sort = "newest"
    cursor: Annotated[str, Meta(max_length=400)] = ""


class EditCustomer(Struct, forbid_unknown_fields=True):
    """What staff may change about a customer; the address is the shopper's own to change."""

    name: ShortText = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    accepts_marketing: bool = False
    note: Annotated[str, Meta(max_length=4000)] = ""


class NewCustomer(Struct, forbid_unknown_fields=True):
    """Somebody whom the shop knows from elsewhere."""

    email: EmailText
    name: ShortText = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    accepts_marketing: bool = False
    note: Annotated[str, Meta(max_length=4000)] = ""
    tags: Annotated[list[Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]], Meta(max_length=100)] = []

    def problems(self) -> dict[str, str]:
        """The address must look like one."""
        problem = email_problem(self.email)
        return {"email": problem} if problem else {}


class OpenLink(Struct, forbid_unknown_fields=True):
    """A button on the page that a mail link opens; the link itself carries everything."""


class BulkCustomers(Struct, forbid_unknown_fields=True):
    """An action on the ticked customers; the export also on all that the filter finds."""

    action: Literal["tag", "untag", "no_marketing", "export"]
    customers: Annotated[list[UUID], Meta(max_length=200)] = []
    everything: bool = False
    tag_name: Annotated[str, Meta(max_length=40)] = ""
    query: Annotated[str, Meta(max_length=1000)] = ""

    def problems(self) -> dict[str, str]:
        """Somebody must be meant, and a tag needs its word."""
        if not self.customers and not (self.everything and self.action == "export"):
            return {"": gettext("Tick the customers first.")}
        if self.action in {"tag", "untag"} and not self.tag_name.strip():
            return {"tag_name": gettext("Write the tag.")}
        return {}


class TagCustomer(Struct, forbid_unknown_fields=True):
    """A word for a customer."""

    tag: Annotated[str, Meta(min_length=1, max_length=40)]


class EraseCustomer(Struct, forbid_unknown_fields=True):
    """The address of whoever is erased, typed again: this is not taken back."""

    email: EmailText
