"""What programs send and read of the provider."""

from datetime import datetime
from typing import Annotated

import msgspec

from app.platform.sso.schemas import Line, ProviderForm


class ProviderWritten(msgspec.Struct, forbid_unknown_fields=True):
    """A provider; without a secret the one that is stored stays."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    issuer: Line
    client_id: Line
    client_secret: Annotated[str, msgspec.Meta(max_length=500)] = ""
    domains: list[Annotated[str, msgspec.Meta(max_length=253)]] = []
    first_role: Annotated[str, msgspec.Meta(max_length=40)] = ""
    is_on: bool = False
    is_only_way: bool = False

    def problems(self) -> dict[str, str]:
        """The rules of the form."""
        return as_form(self).problems()


class ProviderOut(msgspec.Struct):
    """Where staff may sign in elsewhere. Its secret is told to nobody."""

    label: str
    issuer: str
    client_id: str
    has_secret: bool
    domains: list[str]
    first_role: str
    is_on: bool
    is_only_way: bool
    come_back_url: str
    tested_at: datetime | None
    created_at: datetime


class ProviderTested(msgspec.Struct):
    """Whether it answers as a provider does; `problem` says what is wrong, and is empty when nothing is."""

    is_good: bool
    problem: str


def as_form(body: ProviderWritten) -> ProviderForm:
    """The same as staff send it."""
    return ProviderForm(
        body.label, body.issuer, body.client_id, body.client_secret, "\n".join(body.domains), body.first_role,
        body.is_on, body.is_only_way,
    )  # fmt: skip
