"""What programs send and read of apps and consents."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from app.core.rest import Logged
from app.platform.oauth.schemas import NewApp

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Scope = Annotated[str, msgspec.Meta(max_length=100)]


class AppsWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which apps, or consents to one."""


class AppWritten(msgspec.Struct, forbid_unknown_fields=True):
    """What an app is called, where people come back to, and what it may ask for."""

    name: Name
    redirect_uris: list[Address]
    scopes: list[Scope]

    def problems(self) -> dict[str, str]:
        """The rules of the form, for a list."""
        return as_form(self, "server").problems()


class AppRegistered(AppWritten, forbid_unknown_fields=True):
    """A new app: on a server, where it keeps a secret, or in a browser or on a phone, where it cannot."""

    kind: Literal["server", "public"] = "server"


class AppOut(msgspec.Struct):
    """An app; its `secret` stands only in the answer that made it."""

    id: str
    name: str
    kind: str
    redirect_uris: list[str]
    scopes: list[str]
    made_by: str
    created_at: datetime
    secret: str | None = None


class GrantOut(msgspec.Struct):
    """That a person agreed to what an app asked for."""

    id: str
    app_id: str
    staff_id: str
    scopes: list[str]
    created_at: datetime


class SigningKeyOut(msgspec.Struct):
    """The key that signs tokens from now on; `kid` names it in /oauth/jwks."""

    kid: str
    created_at: datetime


def as_form(body: AppWritten, kind: Literal["server", "public"]) -> NewApp:
    """The same as staff send it."""
    return NewApp(body.name, kind, "\n".join(body.redirect_uris), body.scopes)
