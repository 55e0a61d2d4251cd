"""Nothing that a tenant's client meets names the platform."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from app import settings
from app.core import db
from app.factory import create_app
from app.platform.mail.models import OutgoingMessage
from app.shop.orders import service as orders
from tests.conftest import Browser
from tests.isolation.requests import fields_for, probes
from tests.isolation.test_routes import SURFACES_OF_PLATFORM, browser_for, worlds  # noqa: F401 - a fixture

pytestmark = pytest.mark.xdist_group("white label")
ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"(?<![a-z])livery(?![a-z])", re.IGNORECASE)


@pytest.fixture(scope="module")
def app(configured):
    app = create_app(settings.current())
    app.test_client_class = Browser
    return app


def names_the_platform(answer) -> str:
    """Where an answer says the name: its body, a header or a cookie."""
    told = answer.get_data(as_text=True) if answer.mimetype.startswith(("text/", "application/")) else ""
    told = f"{answer.headers}\n{told}"
    found = NAME.search(told)
    return told[max(found.start() - 60, 0) : found.end() + 60] if found else ""


def test_no_page_header_or_cookie_names_the_platform(app, worlds):  # noqa: F811 - a fixture
    world = worlds[0]
    telling = []
    for probe in probes(app, world):
        if probe.path.startswith(SURFACES_OF_PLATFORM):
            continue
        visitors = [world.shop.browser()] if probe.method == "GET" else []
        for browser in (browser_for(world, probe), *visitors):
            answer = browser.get(probe.path) if probe.method == "GET" else browser.post(probe.path)
            where = names_the_platform(answer)
            if where:
                telling.append(f"{probe.method} {probe.path}: {where}")

    assert telling == []


def test_refusals_do_not_name_the_platform(app, worlds):  # noqa: F811 - a fixture
    world = worlds[0]
    for probe in probes(app, world):
        if probe.method == "POST" and not probe.path.startswith(
            (*SURFACES_OF_PLATFORM, "/api", "/admin/sign-out", "/account/sign-out")
        ):
            fields = dict.fromkeys(fields_for(app, probe.endpoint, world), "")
            assert not names_the_platform(browser_for(world, probe).post_form(probe.path, fields)), probe.path
    assert not names_the_platform(app.test_client().get("/", base_url="http://nobody.example"))


def test_no_mail_names_the_platform(app, worlds, run_jobs):  # noqa: F811 - a fixture
    world = worlds[0]
    with app.app_context(), world.shop.entered():
        orders.mark_awaiting_payment(world.rows["order"]["id"])
    run_jobs()

    with app.app_context(), world.shop.entered():
        messages = db.session.scalars(select(OutgoingMessage)).all()
    assert {message.template for message in messages} >= {"staff/mail/invitation"} or len(messages) > 1
    for message in messages:
        assert not NAME.search(f"{message.subject}\n{message.html}\n{message.text}"), message.subject


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted((ROOT / "static").rglob("*"))
        if path.suffix in {".css", ".js", ".svg", ".json", ".webmanifest"}
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_served_file_names_the_platform(path):
    assert not NAME.search(path.read_text())


def test_the_crawler_would_notice(app, worlds, monkeypatch):  # noqa: F811 - a fixture
    monkeypatch.setattr("app.core.errors.NotFound.message", "Livery has nothing here.")

    assert names_the_platform(worlds[0].shop.browser().get("/nothing"))
