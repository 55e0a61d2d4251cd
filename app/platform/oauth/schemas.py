"""One schema a form."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from app.core.i18n import gettext, mark

MOST_ADDRESSES = 10
KINDS = {
    "server": mark("A program on a server"),
    "public": mark("An app in a browser or on a phone"),
    "alone": mark("A program without people"),
}
KIND_DETAILS = {
    "server": mark("People sign in and agree; it keeps a secret."),
    "public": mark("People sign in and agree; it cannot keep a secret."),
    "alone": mark("Nobody signs in: it acts in its own name, with a secret."),
}
_LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """What a person answers to an app."""

    decision: Literal["allow", "deny"]


class NewApp(msgspec.Struct, forbid_unknown_fields=True):
    """An app of an integrator."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    kind: Literal["server", "public", "alone"] = "server"
    redirect_uris: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    scopes: list[Annotated[str, msgspec.Meta(max_length=100)]] = []

    @property
    def addresses(self) -> list[str]:
        """Where people may be sent back to: one a line."""
        return list(dict.fromkeys(line.strip() for line in self.redirect_uris.splitlines() if line.strip()))

    def problems(self) -> dict[str, str]:
        """An app for people needs an address; every app needs something that it may do."""
        found = {}
        if not self.scopes:
            found["scopes"] = gettext("Choose at least one thing that the app may do.")
        if self.kind != "alone":
            wrong = self._problem_of_addresses()
            found |= {"redirect_uris": wrong} if wrong else {}
        return found

    def _problem_of_addresses(self) -> str:
        if not self.addresses:
            return gettext("People need an address to come back to.")
        if len(self.addresses) > MOST_ADDRESSES:
            return gettext("Ten addresses are the most.")
        bad = next((one for one in self.addresses if not is_good_address(one)), "")
        return gettext("“%(address)s” is not an https address without a # part.", address=bad) if bad else ""


def is_good_address(address: str) -> bool:
    """May people be sent there: https, http on this very machine, or an app's own scheme (RFC 8252, with a dot)."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if "#" in address or "*" in address or parts.username is not None or any(sign <= " " for sign in address):
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in _LOCAL
    return "." in parts.scheme and address.startswith(f"{parts.scheme}:/")
