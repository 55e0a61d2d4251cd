"""Keys, sites and the log of requests over the API."""

from __future__ import annotations

from app.core import clock, db, ids
from app.platform.developers import queries
from app.platform.developers.models import ApiRequest
from tests.factories.developers import Program

KEYS, ORIGINS, LOG = "/api/v1/api-keys", "/api/v1/api-origins", "/api/v1/api-requests"
STOCK = {"name": "Stock", "scopes": ["products.read"], "lasts": "never"}


def test_a_key_that_a_program_makes_may_no_more_than_it_and_stops_with_it(app, shop, program):
    api = program("developers.read", "developers.write", "products.read")
    assert api.post(KEYS, STOCK | {"scopes": ["orders.read"]}).json["code"] == "scopes_beyond_yours"
    made = api.post(KEYS, STOCK | {"scopes": ["products.read", "developers.write"]}).json
    child = Program(shop.browser(), made["secret"])
    assert made["expires_at"] is not None, "it ends with the key that made it, at the latest"
    assert child.get("/api/v1/products").status_code == 200
    assert child.post(KEYS, STOCK).json["code"] == "made_by_program"
    assert api.get(f"{KEYS}/{made['id']}").json["secret"] is None

    mine = next(one for one in api.get(KEYS).json["data"] if one["prefix"] == api.key[:12])
    assert api.delete(f"{KEYS}/{mine['id']}").json["state"] == "revoked"

    assert child.get("/api/v1/products").status_code == 401
    with app.app_context(), shop.entered():  # the control: had a person made it, it would work on
        queries.lock_key(ids.from_public("key", made["id"])).made_through = ""
        db.checkpoint()
    assert child.get("/api/v1/products").status_code == 200


def test_sites_whose_pages_may_call_are_allowed_and_forbidden(program):
    api = program("developers.read", "developers.write")
    made = api.post(ORIGINS, {"origin": "https://app.example.com/"})
    assert (made.status_code, made.json["origin"]) == (201, "https://app.example.com")
    assert [one["origin"] for one in api.get(ORIGINS).json["data"]] == ["https://app.example.com"]
    bad = api.post(ORIGINS, {"origin": "*"})
    assert (bad.status_code, bad.json["problems"][0]["pointer"]) == (422, "/origin")
    assert api.delete(f"{ORIGINS}/{made.json['id']}").status_code == 200
    assert api.get(ORIGINS).json["data"] == []


def test_the_log_of_requests_is_read_piece_by_piece_and_by_program(app, shop, api):
    keys = [ids.new_id(), ids.new_id()]
    with app.app_context(), shop.entered():
        for number in range(6):
            db.add(ApiRequest(
                at=clock.now(), program_id=keys[number % 2], program="ERP", method="GET", path=f"/{number}",
                status=404 if number < 2 else 200, milliseconds=3, code="not_found" if number < 2 else "",
            ))  # fmt: skip
        db.checkpoint()
    name = ids.to_public("key", keys[0])
    first = api.get(f"{LOG}?limit=2&program_id={name}").json
    assert [one["path"] for one in first["data"]] == ["/4", "/2"]
    rest = api.get(f"{LOG}?limit=2&program_id={name}&cursor={first['next_cursor']}").json
    assert [one["path"] for one in rest["data"]] == ["/0"] and rest["next_cursor"] is None
    refused = api.get(f"{LOG}?only_refused=true").json["data"]
    assert {one["path"] for one in refused} == {"/0", "/1"} and refused[0]["code"] == "not_found"
    assert api.get(f"{LOG}?program_id=nobody").status_code == 422
