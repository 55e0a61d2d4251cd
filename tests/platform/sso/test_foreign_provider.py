"""npm's oidc-provider, which we did not write, signs staff in: over real HTTP, through its own pages."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from dataclasses import replace

import httpx
import pytest

from app import settings
from app.platform.sso import service
from app.platform.staff import queries as staff
from tests.foreign import ROOT, installed

PACKAGE = "oidc-provider@9.13.3"
SCRIPT = ROOT / "tests/foreign/oidc_provider.mjs"


@pytest.fixture(params=["client_secret_basic", "client_secret_post"])
def foreign(request, shop):
    """A running provider that knows this shop as its client."""
    module = installed(PACKAGE) / "node_modules/oidc-provider/lib/index.js"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        "issuer": f"http://127.0.0.1:{port}", "port": port, "id": "the shop", "secret": "a secret: of+the shop",
        "redirect": shop.url(service.COME_BACK), "method": request.param,
    }  # fmt: skip
    with subprocess.Popen(
        ["node", str(SCRIPT)], env=os.environ | {"OIDC_PROVIDER": str(module)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as provider:  # fmt: skip
        provider.stdin.write(json.dumps(told) + "\n")
        provider.stdin.flush()
        for line in provider.stdout:
            if line.strip() == "ready":
                break
        yield told
        provider.communicate("end\n", timeout=20)


@pytest.fixture
def opened(configured):
    """The operator has opened this machine's own network."""
    before = settings.current()
    settings.use(replace(before, open_networks="127.0.0.0/8"))
    yield
    settings.use(before)


def through_its_pages(address, issuer, login):
    """Sign in and agree at the provider; where it sends the person back to."""
    with httpx.Client(trust_env=False) as person:
        for _ in range(12):
            answer = person.get(address) if isinstance(address, str) else person.post(**address)
            if answer.is_redirect:
                address = str(answer.url.join(answer.headers["Location"]))
                if not address.startswith(issuer):
                    return address
                continue
            action = re.search(r'<form[^>]+action="([^"]+)"', answer.text)[1]
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)[1]
            fields = {"prompt": prompt} | ({"login": login, "password": "any"} if prompt == "login" else {})
            address = {"url": str(answer.url.join(action)), "data": fields}
    raise AssertionError("the provider never came to an end")


def test_a_foreign_provider_signs_staff_in_and_its_unproven_people_stay_out(
    app, shop, foreign, opened, staff_client, other_shop
):
    form = {
        "label": "Northwind", "issuer": foreign["issuer"], "client_id": foreign["id"], "is_on": "1",
        "client_secret": foreign["secret"], "domains": "id.example", "first_role": "support",
    }  # fmt: skip
    saved = staff_client.post_form("/admin/sign-in-provider", form)
    assert saved.status_code == 303, saved.text
    assert staff_client.post_form("/admin/sign-in-provider/test").status_code == 303

    def sign_in(login):
        browser = shop.browser()
        assert "Sign in with Northwind" in browser.get("/admin/sign-in").text
        out = browser.get("/admin/sign-in/provider").location
        back = through_its_pages(out, foreign["issuer"], login)
        return browser, browser.get(back.removeprefix(shop.url("")))

    browser, answer = sign_in("ada")
    assert answer.location == "/admin" and browser.get("/admin").status_code == 200
    _, answer = sign_in("unproven")
    assert "why=address_not_proven" in answer.location
    with app.app_context(), shop.entered():
        ada = staff.staff_by_email("ada@id.example")
        assert (ada.name, ada.role) == ("Person ada", "support")
        assert staff.staff_by_email("unproven@id.example") is None
    assert other_shop.browser().get("/admin/sign-in/provider").status_code == 404


@pytest.mark.parametrize("foreign", ["client_secret_basic"], indirect=True)
def test_a_program_trusts_a_foreign_provider_changes_it_and_switches_it_on(shop, foreign, opened, api):
    """The control: while it is off, the same way in is none."""
    place = "/api/v1/sign-in-provider"
    told = {
        "label": "Northwind", "issuer": foreign["issuer"], "client_id": foreign["id"],
        "client_secret": foreign["secret"], "domains": ["id.example"], "first_role": "support",
    }  # fmt: skip

    def way_in():
        return shop.browser().get("/admin/sign-in/provider")

    made = api.post(place, told)
    assert (made.status_code, made.json["is_on"], way_in().status_code) == (201, False, 404), made.text
    assert api.post(f"{place}/test").json == {"is_good": True, "problem": ""}
    assert api.get(place).json["tested_at"]
    changed = api.put(place, told | {"label": "South", "client_secret": ""}, seen=api.get(place).headers["ETag"])
    assert (changed.status_code, changed.json["label"], changed.json["has_secret"]) == (200, "South", True)
    on = api.post(f"{place}/on")
    assert (on.status_code, on.json["is_on"]) == (200, True)

    browser = shop.browser()
    assert "Sign in with South" in browser.get("/admin/sign-in").text
    back = through_its_pages(browser.get("/admin/sign-in/provider").location, foreign["issuer"], "ada")
    assert browser.get(back.removeprefix(shop.url(""))).location == "/admin"
    assert api.post(f"{place}/off").json["is_on"] is False
    assert way_in().status_code == 404
