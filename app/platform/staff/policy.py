"""What a shop asks of its staff before they come in: second factors, how long a password is, how long a session lasts.

The rules are the shop's, the factors are a membership's, and only the password is the person's.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from app.core import audit, isolation
from app.core.access import Actor
from app.core.i18n import mark
from app.core.second_steps import SECOND
from app.platform.staff import queries
from app.platform.staff.errors import OnlyPeopleLoosen
from app.platform.staff.hooks import ELSEWHERE
from app.platform.staff.models import StaffMember
from app.platform.staff.schemas import POLICY, SHORTEST_PASSWORD, PolicyForm
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenants

NOBODY, LEADERS, ALL = "nobody", "leaders", "all"
ASKED_OF = {
    NOBODY: mark("Nobody has to"),
    LEADERS: mark("Owners, managers, and whoever may manage staff or payments"),
    ALL: mark("Everybody"),
}
_LEADING = frozenset({"staff.write", "payments.manage"})


@dataclass(frozen=True)
class Policy:
    """A shop's rules. `idle_minutes` 0 is never."""

    second_factor: str = NOBODY
    shortest_password: int = SHORTEST_PASSWORD
    session_hours: int = 12
    idle_minutes: int = 0

    @property
    def session_lasts(self) -> timedelta:
        """How long one stays signed in."""
        return timedelta(hours=self.session_hours)

    def is_looser_than(self, other: "Policy") -> bool:
        """Does it ask less of anybody, in any point?"""
        steps = list(ASKED_OF)
        return (
            steps.index(self.second_factor) < steps.index(other.second_factor)
            or self.shortest_password < other.shortest_password
            or self.session_hours > other.session_hours
            or (self.idle_minutes or math.inf) > (other.idle_minutes or math.inf)
        )

    def asks(self, member: StaffMember) -> bool:
        """Must this member have a second factor?"""
        if self.second_factor == LEADERS:
            return member.role in {"owner", "manager"} or bool(_LEADING & queries.permissions_of(member))
        return self.second_factor == ALL


def current() -> Policy:
    """The rules of this shop; those of a new one while it opens, and outside of shops."""
    shop = tenancy.shop_or_none() if isolation.tenant_or_none() else None
    return Policy(**shop.settings.get(POLICY, {})) if shop else Policy()


def is_enough(member: StaffMember, means: Iterable[str]) -> bool:
    """Is somebody in who has proven this much? Asked at each request, so a new rule acts on the next one."""
    proven = frozenset(means)
    if ELSEWHERE in proven:
        return True
    return bool(proven & SECOND) if member.has_factor else not current().asks(member)


def change(form: PolicyForm, *, by: Actor) -> Policy:
    """Change the rules, from everybody's next request on. Raises OnlyPeopleLoosen."""
    before = current()
    rules = Policy(form.second_factor, form.shortest_password, form.session_hours, form.idle_minutes)
    if by.kind == "client" and rules.is_looser_than(before):
        raise OnlyPeopleLoosen
    tenants.keep_setting(POLICY, vars(rules))
    audit.record(by, "staff.policy_changed", isolation.tenant_id(), before=vars(before), after=vars(rules))
    return rules
