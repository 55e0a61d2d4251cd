"""What the shop asks of its staff before they come in, and where they are signed in."""

from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public
from app.core.rest import Page, Paging, accepts, matches, page_of, returns
from app.platform.staff import policy, queries, seats
from app.platform.staff.api.door import door
from app.platform.staff.api.members import member_id
from app.platform.staff.errors import MoreThanYouHold, OnlyPeopleLoosen
from app.platform.staff.policy import Policy
from app.platform.staff.programs import RulesOut, SessionOut, SessionsEnded
from app.platform.staff.schemas import PolicyForm
from app.platform.staff.seats import Seat
from app.platform.tenancy import queries as tenancy


@door.get("/staff/sign-in-rules")
@requires("staff.write")
@returns(RulesOut)
def get_rules() -> RulesOut:
    """Read what the shop asks of its staff."""
    return _rules(policy.current())


def _locked_rules() -> RulesOut:
    tenancy.lock_shop()
    return _rules(policy.current())


@door.put("/staff/sign-in-rules")
@requires("staff.write")
@returns(RulesOut, errors=(OnlyPeopleLoosen,))
@matches(_locked_rules)
@accepts(PolicyForm)
def change_rules(body: PolicyForm) -> RulesOut:
    """Make the rules stricter, from everybody's next request on. Only people make them looser."""
    return _rules(policy.change(body, by=current_actor()))


@door.get("/staff/<staff_id>/sessions")
@requires("staff.write")
@returns(Page[SessionOut])
@accepts(Paging)
def list_sessions(query: Paging, staff_id: str) -> Page[SessionOut]:
    """List the browsers in which a colleague is signed in here, the latest first. There is one page."""
    member = queries.staff_or_404(member_id(staff_id))
    return page_of([_session(one) for one in seats.seats_of(member.id)], None)


@door.delete("/staff/<staff_id>/sessions")
@requires("staff.write")
@returns(SessionsEnded, errors=(MoreThanYouHold,))
def end_sessions(staff_id: str) -> SessionsEnded:
    """Sign a colleague out of every browser."""
    seats.end_all_of(member_id(staff_id), by=current_actor())
    return SessionsEnded(staff_id)


@door.delete("/staff/<staff_id>/sessions/<session_id>")
@requires("staff.write")
@returns(SessionsEnded, errors=(MoreThanYouHold,))
def end_session(staff_id: str, session_id: str) -> SessionsEnded:
    """Sign a colleague out of one browser."""
    session = from_public(PREFIXES["session_id"], session_id)
    seats.end_one_of(member_id(staff_id), session, by=current_actor())
    return SessionsEnded(staff_id)


def _rules(one: Policy) -> RulesOut:
    return RulesOut(one.second_factor, one.shortest_password, one.session_hours, one.idle_minutes)


def _session(one: Seat) -> SessionOut:
    return SessionOut(to_public(PREFIXES["session_id"], one.id), one.device, one.address, one.began_at, one.seen_at)
