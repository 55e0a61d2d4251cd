"""Where a room above says how else staff may come in: by a provider that the shop trusts.

There is one such way at most. `other_way` holds a function that answers it for the current shop, or None.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from app.core.access import Actor
from app.core.errors import DomainError
from app.core.i18n import mark

ELSEWHERE = "sso"
"""What stands among the proofs of a session that began by it. The shop has chosen to trust it, second factors too."""


@dataclass(frozen=True)
class OtherWay:
    """A way in that is not ours: what its button says, and where it leads."""

    label: str
    address: str
    is_only: bool
    """Nobody but owners may come in otherwise; they may, so that a provider that fails locks no shop."""


class SignInElsewhere(DomainError):
    """Their password may be right; this shop does not take it."""

    code, status = "sign_in_elsewhere", 403
    message = mark("In this shop people sign in with “{label}”.")


visitors: list[Callable[[UUID], Actor | None]] = []
"""At most one function: who is behind a session of staff whose subject is no member, such as a visit for support."""

other_way: list[Callable[[], OtherWay | None]] = []


def way() -> OtherWay | None:
    """The other way into this shop."""
    return other_way[0]() if other_way else None


def refuse_but_elsewhere(is_owner: bool, means: Iterable[str]) -> None:
    """Raise SignInElsewhere for everybody but owners where the other way is the only one."""
    if is_owner or ELSEWHERE in set(means):
        return
    found = way()
    if found is not None and found.is_only:
        raise SignInElsewhere(label=found.label)
