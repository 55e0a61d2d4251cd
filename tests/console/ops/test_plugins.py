"""The operator's switch on a page: it acts in every shop, asks for a reason, and stands in the platform's trail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core import db
from app.core.access import BY_HAND
from app.core.audit_platform import PlatformEntry
from app.platform.plugins import declaring, service, standing
from tests.console.ops.test_console import operator  # noqa: F401 - a fixture

PAGE = "/console/plugins/flat_shipping"


@pytest.fixture
def goes_on_after(app):
    """What a test stops is let go on, however it ends."""
    yield
    with app.app_context():
        service.let_go_on("flat_shipping", by=BY_HAND)
        db.checkpoint()


def is_on(app, shop) -> bool:
    with app.app_context(), shop.entered():
        return standing.is_on("flat_shipping")


def trail(app) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        wanted = select(PlatformEntry).where(PlatformEntry.object_id == "flat_shipping").order_by(PlatformEntry.number)
        return [(one.actor_kind, one.actor_name, one.action, one.reason) for one in db.catalogue.scalars(wanted)]


def test_an_operator_stops_a_plugin_in_every_shop_and_lets_it_go_on(operator, app, shop, goes_on_after):  # noqa: F811
    listed = operator.get("/console/plugins").text
    assert all(f"/console/plugins/{one.plugin.name}" in listed for one in declaring.installed())
    assert is_on(app, shop)

    assert operator.post_form(f"{PAGE}/stop", {"because": ""}).status_code == 422
    assert is_on(app, shop), "without a reason nothing happens"
    assert operator.post_form(f"{PAGE}/stop", {"because": "It leaks addresses."}).status_code == 303
    assert not is_on(app, shop)
    for path in ("/console/plugins", PAGE):
        assert "It leaks addresses." in operator.get(path).text
    assert operator.post_form(f"{PAGE}/go-on").status_code == 303
    assert is_on(app, shop)

    by = ("operator", "Olga Operator")
    assert trail(app)[-2:] == [
        (*by, "plugin.stopped_everywhere", "It leaks addresses."),
        (*by, "plugin.let_go_on", ""),
    ]


def test_nobody_else_reaches_the_switch_and_a_plugin_that_is_not_there_has_none(operator, app, shop):  # noqa: F811
    stranger = app.test_client().at("localhost")

    assert "/console/sign-in" in stranger.post_form(f"{PAGE}/stop", {"because": "for fun"}).headers["Location"]
    assert is_on(app, shop)
    for path in ("/console/plugins/unknown/stop", "/console/plugins/unknown/go-on"):
        assert operator.post_form(path, {"because": "a reason"} if "stop" in path else {}).status_code == 404
    assert operator.get("/console/plugins/unknown").status_code == 404
