"""One schema a form."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from app.core.i18n import gettext, mark

LIFETIMES = {"30": mark("30 days"), "90": mark("90 days"), "365": mark("One year"), "never": mark("No end")}


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class RequestFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which lines of the log; `before` is the last line of the page before."""

    program: UUID | None = None
    only: Literal["", "refused"] = ""
    before: UUID | None = None


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """A key for one program."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    scopes: list[Annotated[str, msgspec.Meta(max_length=100)]] = []
    lasts: Literal["30", "90", "365", "never"] = "90"

    def problems(self) -> dict[str, str]:
        """A key that may do nothing helps nobody."""
        return {} if self.scopes else {"scopes": gettext("Choose at least one thing that the key may do.")}


class NewOrigin(msgspec.Struct, forbid_unknown_fields=True):
    """A site whose pages may call the API."""

    origin: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
