"""Each role boots alone in a real process and answers only its own doors."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule, UUIDConverter

from app.core import db, events
from app.core.ids import to_public
from app.core.routes import PublicId
from app.platform.mail.events import MessageQueued
from app.platform.mail.models import OutgoingMessage
from app.roles import ROLES
from tests.roles.processes import WebProcess, serving, started, wait_for

pytestmark = pytest.mark.xdist_group("roles")
WEB_ROLES = sorted(role for role, about in ROLES.items() if not about.works)
EVERYWHERE = {"any", "tenant"}
MISDIRECTED = 421


@pytest.fixture(scope="module", params=WEB_ROLES)
def web(request: pytest.FixtureRequest, configured) -> Iterator[WebProcess]:
    """A process of each web role in turn."""
    with serving(configured, request.param) as process:
        yield process


@dataclass(frozen=True)
class Asked:
    """A request for one route that any stranger could send: its ids belong to nobody."""

    surface: str
    method: str
    path: str


@pytest.fixture(scope="module")
def routes(app: Flask) -> list[Asked]:
    """Every route of the installation, with every method."""
    surfaces = {name: blueprint.surface for name, blueprint in app.blueprints.items() if hasattr(blueprint, "surface")}
    return [
        Asked(surfaces.get(rule.endpoint.split(".")[0], "none"), method, path_of(app, rule, method))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(app: Flask, rule: Rule, method: str) -> str:
    """The rule's path with made-up values."""
    made_up = {UUIDConverter: uuid.uuid4(), IntegerConverter: 1, PublicId: to_public("none", uuid.uuid4())}
    values = {name: made_up.get(type(converter), "nothing") for name, converter in rule._converters.items()}
    path: str = app.url_map.bind("x").build(rule.endpoint, values, method=method)
    return path


def test_every_route_belongs_to_a_surface(routes):
    assert [asked.path for asked in routes if asked.surface == "none"] == []


def test_it_answers_its_own_doors_and_sends_everything_else_away(web, routes, shop):
    own = ROLES[web.configured.role].surfaces | EVERYWHERE
    wrong = []
    for asked in routes:
        host = web.configured.domain if asked.surface == "console" else shop.host
        status = web.status(asked.method, asked.path, host)
        if (status != MISDIRECTED) != (asked.surface in own) or status >= 500:
            wrong.append(f"{asked.method} {asked.path} ({asked.surface}) answers {status}")

    assert wrong == []


def test_strangers_are_sent_away_by_every_role(web):
    assert web.status("GET", "/", "somebody-else.example") == MISDIRECTED
    assert web.status("GET", "/admin", "no-such-shop.localhost") == MISDIRECTED


def test_its_health_is_known_on_any_host(web, shop):
    for host in (web.configured.domain, shop.host, "somebody-else.example"):
        assert web.status("GET", "/health/live", host) == 200
        assert web.status("GET", "/health/ready", host) == 200


def test_the_worker_role_does_the_jobs_that_web_processes_leave(app, configured, shop):
    with app.app_context(), shop.entered():
        message = OutgoingMessage(
            key="k", template="none", to="ann@example.com", subject="Hello", html="<p>Hello</p>", text="Hello"
        )
        db.add(message)
        db.flush()
        events.publish(MessageQueued(message_id=message.id))
        identity = (shop.id, message.id)

    def is_sent() -> bool:
        with app.app_context(), shop.entered():
            return db.session.get(OutgoingMessage, identity).status == "sent"

    assert not is_sent()
    with started(configured, "worker") as (process, _):
        wait_for(lambda: is_sent() or process.poll() is not None)
        assert is_sent()

    assert process.returncode == 0
