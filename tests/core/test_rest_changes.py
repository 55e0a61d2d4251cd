"""A route that will go says so: Deprecation, Sunset, Link, and in its description."""

from datetime import date

import pytest

from app.core import rest_changes
from app.core.access import public
from app.core.rest import ApiDoor, returns
from app.core.rest_changes import Change
from app.factory import create_app
from app.platform.developers import describing
from tests.conftest import Browser

GOES = Change(date(2026, 3, 1), date(2027, 6, 1), "/api/v1/products", "Products say the same.")


@pytest.fixture
def old_route(configured):
    """An application with a route that is on its way out, and one that stays."""
    door = ApiDoor("old")
    door.get("/old")(public(returns(list[str], changing=GOES)(old)))
    door.get("/new")(public(returns(list[str])(new)))
    app = create_app(configured)
    app.test_client_class = Browser
    app.register_blueprint(door)
    describing._for_everybody.cache_clear()  # a process describes its routes once, and these are two more
    yield app
    describing._for_everybody.cache_clear()


def old():
    """Say something old."""
    return ["old"]


def new():
    """Say something new."""
    return ["new"]


def test_its_answers_and_its_description_tell_when_it_goes_and_what_follows(old_route, shop):
    browser = old_route.test_client().at(shop.host)

    goes, stays = browser.get("/api/v1/old"), browser.get("/api/v1/new")

    assert goes.json == ["old"]
    assert goes.headers["Deprecation"] == "@1772323200"  # RFC 9745: a structured date
    assert goes.headers["Sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"  # RFC 8594: an HTTP date
    assert f'<{GOES.anchor}>; rel="deprecation"; type="text/html"' in goes.headers["Link"]
    assert 'rel="sunset"' in goes.headers["Link"]
    assert '</api/v1/products>; rel="successor-version"' in goes.headers["Link"]
    assert not {"Deprecation", "Sunset", "Link"} & set(stays.headers.keys())
    paths = browser.get("/api/v1/openapi.json").json["paths"]
    assert paths["/api/v1/old"]["get"]["deprecated"] is True
    assert "deprecated" not in paths["/api/v1/new"]["get"]


def test_what_is_written_of_changes_is_in_order():
    days = [one.day for one in rest_changes.ENTRIES]

    assert days == sorted(days, reverse=True)
    assert {one.kind for one in rest_changes.ENTRIES} <= {"added", "changed", "deprecated", "removed", "fixed"}
