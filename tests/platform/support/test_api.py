"""Visits of the platform's operator over the API: seen and ended by programs, allowed by people alone."""

from __future__ import annotations

import uuid

from app.core import db
from app.core.access import Actor
from app.platform.support import service

VISITS = "/api/v1/visits"


def test_a_visit_is_seen_with_its_requests_and_ended_at_once(app, shop, program):
    api = program("support.read", "support.write")
    with app.app_context(), shop.entered():
        visit = service.ask(Actor("operator", uuid.uuid4(), "Olga"), "Ticket 7", 30, may_write=False)
        db.checkpoint()
        service.note_request(visit.id, "GET", "/admin/orders")
    found = api.get(VISITS).json["data"][0]
    assert (found["by"], found["reason"], found["state"]) == ("Olga", "Ticket 7", "running")
    place = f"{VISITS}/{found['id']}"
    assert [one["path"] for one in api.get(f"{place}/requests").json["data"]] == ["/admin/orders"]
    assert program("support.read").post(f"{place}/end").status_code == 403
    assert api.get(place).json["state"] == "running"

    assert api.post(f"{place}/end").json["state"] == "over"
    assert api.get(place).json["ended_at"] is not None
    assert api.post(f"{place}/allow").status_code == 404
