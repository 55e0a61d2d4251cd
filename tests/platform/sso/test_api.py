"""The provider over the API: who names it can come in as anybody, so only a program that holds everything may."""

from __future__ import annotations

import uuid

import pytest

from app.core import access
from app.core.access import Actor
from app.platform.sso import service
from app.platform.sso.errors import OnlyWhoMayAll
from app.platform.sso.schemas import ProviderForm
from tests.platform.sso.conftest import CLIENT, ISSUER, SECRET

PLACE = "/api/v1/sign-in-provider"
FORM = ProviderForm("Company", "https://id.example", "shop", "s3cret", is_on=True)


def a_program(but: str = "") -> Actor:
    every = frozenset(access.catalogue_of_permissions()) - {but}
    return Actor("client", uuid.uuid4(), "ERP", frozenset(one for one in every if not one.startswith("profile.")))


def test_only_a_program_that_holds_every_scope_names_a_provider_or_switches_it_on(app, shop):
    with app.app_context(), shop.entered():
        for lacking in ("orders.read", "staff.write"):
            with pytest.raises(OnlyWhoMayAll):
                service.save(FORM, by=a_program(lacking))
        cashier = Actor("staff", uuid.uuid4(), "Cas", frozenset({"sso.manage", "staff.write"}))
        with pytest.raises(OnlyWhoMayAll):
            service.save(FORM, by=cashier)
        saved = service.save(FORM, by=a_program())
        assert saved.is_on

        assert not service.switch(False, by=a_program("orders.read")).is_on
        with pytest.raises(OnlyWhoMayAll):
            service.switch(True, by=a_program("orders.read"))
        assert service.switch(True, by=a_program()).is_on


def test_the_provider_is_read_without_its_secret_switched_off_and_removed(app, shop, program):
    api = program("sso.manage")
    assert api.get(PLACE).status_code == 404
    body = {"label": "Company", "issuer": "https://id.example", "client_id": "shop", "client_secret": "s3cret"}
    assert api.post(PLACE, body).json["code"] == "only_who_may_all"
    with app.app_context(), shop.entered():
        service.save(FORM, by=access.system_actor())
        service.db.checkpoint()
    read = api.get(PLACE)
    assert read.json["has_secret"] and "s3cret" not in read.text
    assert api.post(PLACE, body).status_code in {403, 409}
    assert api.put(PLACE, body).status_code == 428
    assert api.put(PLACE, body, seen='"old"').status_code == 412
    assert api.put(PLACE, body, seen=read.headers["ETag"]).json["code"] == "only_who_may_all"
    assert api.post(f"{PLACE}/on").json["code"] == "only_who_may_all"
    assert api.post(f"{PLACE}/off").json["is_on"] is False
    assert api.delete(PLACE).status_code == 200
    assert api.get(PLACE).status_code == 404


def test_a_program_that_may_everything_adds_changes_and_tests_a_provider(api, provider, visit, make_member):
    body = {"label": "Northwind", "issuer": ISSUER, "client_id": CLIENT, "client_secret": SECRET, "is_on": True}
    make_member(role="support", email="ada@id.example")

    made = api.post(PLACE, body)
    assert made.status_code == 201, made.text
    assert SECRET not in made.text + api.get(PLACE).text
    assert api.post(PLACE, body).json["code"] == "provider_is_there"
    visit.through()
    assert visit.is_in

    seen = api.get(PLACE).headers["ETag"]
    off = body | {"label": "South", "client_secret": "", "is_on": False}
    assert api.put(PLACE, off).status_code == 428
    assert api.put(PLACE, off, seen=seen).json["label"] == "South"
    assert not visit.is_in, "who came in by it is out"
    assert api.put(PLACE, off, seen=seen).status_code == 412
    assert api.post(f"{PLACE}/test").json["is_good"] is True
    provider.description = {"issuer": "https://other.example"}
    assert api.post(f"{PLACE}/test").json["is_good"] is False
