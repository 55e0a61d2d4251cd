"""Visits of the platform's operator for programs: see them and end them. Letting somebody in is left to people."""

from __future__ import annotations

from uuid import UUID

from app.core import keyset
from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public
from app.core.rest import ApiDoor, Page, Paging, accepts, page_of, returns
from app.platform.support import queries, service
from app.platform.support.models import SupportRequest, SupportSession
from app.platform.support.programs import VisitOut, VisitRequestOut, VisitsWanted

door = ApiDoor("support")


@door.get("/visits")
@requires("support.read")
@returns(Page[VisitOut])
@accepts(VisitsWanted)
def list_visits(query: VisitsWanted) -> Page[VisitOut]:
    """List the visits of the platform's operator, newest first or as `sort` says."""
    found = queries.listed(query)
    return page_of([_visit(one) for one in found.rows], found.next or None)


@door.get("/visits/<visit_id>")
@requires("support.read")
@returns(VisitOut)
def get_visit(visit_id: str) -> VisitOut:
    """Read one visit."""
    return _visit(queries.find_or_404(_id(visit_id)))


@door.get("/visits/<visit_id>/requests")
@requires("support.read")
@returns(Page[VisitRequestOut])
@accepts(Paging)
def list_visit_requests(query: Paging, visit_id: str) -> Page[VisitRequestOut]:
    """List everything that was asked for in a visit, the newest first."""
    found = queries.requests_of(queries.find_or_404(_id(visit_id)).id, keyset.known(query.cursor), query.limit)
    return page_of([_request(one) for one in found.rows], found.next or None)


@door.post("/visits/<visit_id>/end")
@requires("support.write")
@returns(VisitOut)
def end_visit(visit_id: str) -> VisitOut:
    """End a visit from its next request on, or refuse one that waits."""
    return _visit(service.end(_id(visit_id), by=current_actor()))


def _id(text: str) -> UUID:
    return from_public(PREFIXES["visit_id"], text)


def _visit(one: SupportSession) -> VisitOut:
    state = "waiting" if one.waits else "running" if one.is_running else "over"
    return VisitOut(
        id=to_public(PREFIXES["visit_id"], one.id), by=one.operator_name, reason=one.reason, state=state,
        minutes=one.minutes, may_write=one.may_write, asked_at=one.asked_at, ends_at=one.ends_at,
        ended_at=one.ended_at, ended_by=one.ended_by,
    )  # fmt: skip


def _request(one: SupportRequest) -> VisitRequestOut:
    return VisitRequestOut(one.at, one.method, one.path, one.status)
