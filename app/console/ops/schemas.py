"""What the operator's forms hold."""

from typing import Annotated

import msgspec


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who is there."""

    email: Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    next: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Next(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go after signing in."""

    next: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Suspend(msgspec.Struct, forbid_unknown_fields=True):
    """Why a tenant is suspended; visitors do not see it."""

    because: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A form that is only a button."""
