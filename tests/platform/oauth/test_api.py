"""API: apps of integrators and what people agreed to, made and taken away by programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.access import Actor
from app.platform.oauth import scopes, server, service
from app.platform.oauth.errors import ScopesBeyondYours
from app.platform.oauth.models import OAuthClient
from app.platform.oauth.schemas import NewApp
from app.platform.staff import queries as staff

APPS = "/api/v1/apps"
ERP = {"name": "ERP", "redirect_uris": ["https://erp.example/back"], "scopes": ["orders.read"]}


def test_an_app_is_registered_read_changed_given_another_secret_and_removed(program):
    api = program("oauth.read", "oauth.write", "orders.read", "products.read")
    made = api.post(APPS, ERP)
    assert made.status_code == 201 and made.json["secret"].startswith("secret_"), made.text
    place = f"{APPS}/{made.json['id']}"
    read = api.get(place)
    assert read.json["secret"] is None and read.json["scopes"] == ["orders.read"]
    assert made.json["id"] in [one["id"] for one in api.get(APPS).json["data"]]

    more = ERP | {"scopes": ["orders.read", "products.read"]}
    assert api.put(place, more).status_code == 428
    assert api.put(place, more, seen='"old"').status_code == 412
    changed = api.put(place, more, seen=read.headers["ETag"])
    assert changed.json["scopes"] == ["orders.read", "products.read"], changed.text
    bad = api.put(place, ERP | {"redirect_uris": ["http://erp.example"]}, seen=changed.headers["ETag"])
    assert (bad.status_code, bad.json["problems"][0]["pointer"]) == (422, "/redirect_uris")

    assert api.post(f"{place}/secret").json["secret"] != made.json["secret"]
    assert api.delete(place).status_code == 200
    assert api.get(place).status_code == 404
    assert api.delete(place).json["code"] == "app_is_over"
    assert api.post(f"{APPS}/signing-key").status_code == 201


def test_a_program_makes_and_changes_no_app_that_may_more_than_itself(program, api):
    weak = program("oauth.read", "oauth.write", "orders.read")
    strong = api.post(APPS, ERP | {"scopes": ["orders.read", "customers.read"]}).json
    place = f"{APPS}/{strong['id']}"

    for refused in (
        weak.post(APPS, ERP | {"scopes": ["customers.read"]}),
        weak.put(place, ERP, seen=weak.get(place).headers["ETag"]),
        weak.post(f"{place}/secret"),
    ):
        assert (refused.status_code, refused.json["code"]) == (403, "scopes_beyond_yours")
    assert weak.post(APPS, ERP | {"kind": "alone"}).status_code == 422
    assert api.get(place).json["scopes"] == ["customers.read", "orders.read"]

    assert api.put(place, ERP, seen=api.get(place).headers["ETag"]).status_code == 200  # the control: it holds both


def test_whoever_borrows_nobodys_power_makes_no_app(app, shop):
    with app.app_context(), shop.entered(), pytest.raises(ScopesBeyondYours):
        nobodys = Actor("client", permissions=frozenset({"orders.read"}))
        service.make_app(NewApp("ERP", scopes=["orders.read"]), by=nobodys)


def test_what_people_agreed_to_is_listed_and_taken_back(app, shop, api):
    made = api.post(APPS, ERP).json
    with app.app_context(), shop.entered():
        owner = staff.staff_by_email(shop.owner_email)
        client = service.queries.app_called(made["id"])
        back = ERP["redirect_uris"][0]
        service.agree(client, owner, ["orders.read"], redirect_uri=back, challenge="c", nonce="", auth_time=0)
    place = f"{APPS}/{made['id']}/grants"
    found = api.get(place).json["data"]
    assert [one["scopes"] for one in found] == [["orders.read"]]
    other = api.post(APPS, ERP).json

    assert api.delete(f"{APPS}/{other['id']}/grants/{found[0]['id']}").status_code == 404
    assert api.delete(f"{place}/{found[0]['id']}").status_code == 200
    assert api.get(place).json["data"] == []


def test_an_app_that_names_no_scope_gets_none_that_lets_others_in(in_shop):
    app = OAuthClient(scopes=["orders.read", *sorted(scopes.EXPLICIT)], acts_alone=True, redirect_uris=[])

    assert server.Client(app).get_allowed_scope(None) == "orders.read"
    assert server.Client(app).get_allowed_scope("staff.write") == "staff.write"


def test_whoever_lets_an_app_let_others_in_has_just_proven_who_they_are(integrate, staff_client):
    app = integrate(scopes=["orders.read", "staff.write"])
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        asked = app.ask(staff_client, scope="staff.write")
        assert (asked.status_code, "/prove" in asked.location) == (303, True)
        decided = staff_client.post_form(app.path(scope="staff.write"), {"decision": "allow"})
        assert "/prove" in decided.location, "and no code goes out"
        assert app.ask(staff_client, scope="orders.read").status_code == 200, "what lets nobody in is asked as before"
