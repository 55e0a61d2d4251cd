"""A new integrator walks through the developers' pages, in a real browser, until the first answer is in the log."""

from __future__ import annotations

import json
import re
import urllib.request
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.e2e.installation import Installation
from tests.e2e.test_colleagues_and_programs import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("installation")]


def test_a_new_integrator_gets_from_no_key_to_an_answer_that_the_log_shows(installation, visit):
    owner = visit("integrator")
    sign_in(owner, installation)
    page = owner.page
    page.goto(installation.url("/admin/developers", "kiln"))
    owner.look("developers")
    page.get_by_role("main").get_by_role("link", name="First call").click()
    owner.look("first call")
    page.get_by_role("button", name="Make a key for it").click()
    expect(page.get_by_text("Waiting for the first request")).to_be_visible()
    owner.look("key for the first call")

    page.get_by_role("button", name="Send it from here").click()
    expect(page.locator("#answer")).to_contain_text(re.compile(r"^200 "))
    expect(page.locator("#answer")).to_contain_text('"data"')
    expect(page.get_by_text("It has arrived.")).to_be_visible()
    owner.look("first answer")

    line = page.locator("code", has_text="curl -H").inner_text()
    assert as_the_line_says(line, installation)["data"], "the line to copy does the same"
    page.goto(installation.url("/admin/developers/requests", "kiln"))
    asked = page.get_by_role("row").filter(has_text="GET /api/v1/products").filter(has_text="First call")
    expect(asked.first.get_by_text("200", exact=True)).to_be_visible()
    owner.look("log of requests")

    page.goto(installation.url("/admin/developers", "kiln"))
    expect(page.get_by_role("row").filter(has_text="First call")).to_contain_text("active")
    further = page.get_by_role("navigation", name="For developers").get_by_role("link")
    addresses = [urljoin(page.url, one.get_attribute("href") or "") for one in further.all()]
    assert len(addresses) == 5, addresses
    for address in addresses:
        answer = page.goto(address)
        assert answer and answer.ok, address
    assert owner.complaints == []


def as_the_line_says(line: str, installation: Installation) -> dict[str, object]:
    """What somebody hears who pastes the line; curl resolves names below localhost itself, Python does not."""
    bearer, address = re.fullmatch(r'curl -H "Authorization: (Bearer key_\S+)" "(http\S+)"', line.strip()).groups()
    here = address.replace("kiln.localhost", "127.0.0.1")
    host = f"kiln.localhost:{installation.port}"
    wanted = urllib.request.Request(here, headers={"Authorization": bearer, "Host": host})
    with urllib.request.urlopen(wanted, timeout=30) as answer:
        return json.load(answer)
