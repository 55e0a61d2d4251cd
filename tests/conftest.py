"""A real PostgreSQL for the run, a database a worker, and a tenant of its own for each test.

Tests commit like requests do. They stay out of each other's way because tenants do.
"""

from __future__ import annotations

import contextvars
import dataclasses
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from alembic import command
from alembic.config import Config
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app import settings
from app.core import db, isolation, jobs, listening, login, relay
from app.core.postgres import Server
from tests.architecture import statements

ROOT = Path(__file__).resolve().parent.parent
HOMES = ROOT / ".livery" / "tests"
TEMPLATE = "livery_template"
HOME_VARIABLE = "LIVERY_TEST_HOME"
PRODUCTION_HASHER = login._hasher
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Thousands of tests open a shop and sign somebody in: only tests of passwords take the time that these must take."""
pytest_plugins = [f"tests.factories.{path.stem}" for path in sorted((ROOT / "tests/factories").glob("[a-z]*.py"))]
_server: list[Server] = []
_in_use: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run starts the server and migrates the template; its workers join."""
    if HOME_VARIABLE in os.environ and hasattr(config, "workerinput"):
        return
    home = HOMES / str(os.getpid())
    _remove_leftovers()
    shutil.rmtree(home, ignore_errors=True)
    server = Server(home, durable=False).start()
    _server.append(server)
    os.environ[HOME_VARIABLE] = str(home)
    server.create_database(TEMPLATE)
    migrate(server.url("livery_owner", TEMPLATE))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started, and take its files away."""
    for server in _server:
        server.remove()
        shutil.rmtree(server.home, ignore_errors=True)
    _server.clear()


def migrate(owner_url: str) -> None:
    """Bring a database to the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


def _remove_leftovers() -> None:
    for home in HOMES.glob("*"):
        if home.name.isdigit() and not psutil.pid_exists(int(home.name)):
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Server:
    """The database server of this run."""
    return Server(Path(os.environ[HOME_VARIABLE]), durable=False).start()


@pytest.fixture(scope="session")
def configured(server: Server) -> Iterator[settings.Settings]:
    """Settings of this worker: a database and a folder of files of its own."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server.create_database(name, template=TEMPLATE)
    home = server.home / name
    home.mkdir(exist_ok=True)
    roles = {"database_url": "livery_app", "operator_url": "livery_operator", "owner_url": "livery_owner"}
    urls = {field: server.url(role, name) for field, role in roles.items()}
    settings.use(settings.with_kept_secrets(settings.Settings(home=home, **urls)))
    _in_use.append(name)
    yield settings.current()
    _in_use.clear()
    listening.listener.stop()
    settings.use(None)
    server.drop_database(name)


@pytest.fixture(scope="module", autouse=True)
def _nothing_of_others_waits() -> None:
    """Let the event log forget what files before this one left in it: their shops are of no interest any more."""
    if _in_use:
        with relay.connect() as connection:
            connection.execute("update public.event set relayed_at = now() where relayed_at is null")


@pytest.fixture(scope="session")
def app(configured: settings.Settings) -> Flask:
    """The application in the role `all`, as production builds it."""
    from app.factory import create_app

    login._hasher = QUICK_HASHER
    app = create_app(settings.current())
    app.test_client_class = Browser
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with app.app_context():
        statements.guard(db.db.engines[None])
    return app


class Browser(FlaskClient):
    """A browser on one host that fills in the hidden field of forms."""

    host = "localhost"
    tenant: uuid.UUID | None = None
    _secret = "test-secret-of-this-browser"

    def at(self, host: str, tenant: uuid.UUID | None = None) -> Browser:
        """Go to a host; paths that follow are below it."""
        self.host, self.tenant = host, tenant
        self.set_cookie("csrf", self._secret, domain=host)
        return self

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request to this browser's host."""
        kwargs.setdefault("base_url", f"http://{self.host}:{settings.current().port}")
        return super().open(*args, **kwargs)

    def post_form(self, path: str, fields: dict[str, Any] | None = None, *, htmx: bool = False, **options: Any) -> Any:
        """Send a form as a person does: with the page's token, and as a piece of it when `htmx`."""
        if htmx:
            options.setdefault("headers", {})
            options["headers"] |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        return self.post(path, data={"_csrf": self.csrf_token(), **(fields or {})}, **options)

    def get_fragment(self, path: str) -> Any:
        """Ask for a piece of a page, as htmx does."""
        return self.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    def csrf_token(self) -> str:
        """The token that a page of this host would carry."""
        cookie = self.get_cookie("csrf", domain=self.host)
        leave = isolation.enter(self.tenant) if self.tenant else lambda: None
        try:
            return login._csrf_mac(cookie.value if cookie else self._secret)
        finally:
            leave()


@dataclasses.dataclass(frozen=True)
class TestShop:
    """An open tenant."""

    __test__ = False
    id: uuid.UUID
    slug: str
    name: str
    app: Flask
    owner_email: str
    owner_password: str = "correct horse battery"

    @property
    def host(self) -> str:
        """Its host below the platform's."""
        return isolation.own_host(self.slug)

    def url(self, path: str = "/") -> str:
        """An absolute address on it."""
        return settings.current().public_origin(self.host) + path

    def browser(self) -> Browser:
        """A fresh browser at this shop."""
        client = self.app.test_client()
        assert isinstance(client, Browser)
        return client.at(self.host, self.id)

    def entered(self) -> Any:
        """A unit of work inside this shop; push an app context around it."""
        return db.unit_of_work(self.id)


@pytest.fixture(scope="session")
def open_shop_of() -> Callable[..., TestShop]:
    """Open a shop through an app: `open_shop_of(app, name="Acme", country="DE")`."""
    from app.platform.tenancy import service
    from app.platform.tenancy.schemas import NewTenant

    def open_one(app: Flask, **values: Any) -> TestShop:
        slug = values.pop("slug", f"t{uuid.uuid4().hex[:12]}")
        name = values.pop("name", f"Shop {slug}")
        email = values.pop("owner_email", f"owner@{slug}.example")
        password = values.pop("owner_password", TestShop.owner_password)
        new = NewTenant(
            slug=slug, name=name, owner_email=email, owner_name="Olive Owner", owner_password=password, **values
        )
        with app.app_context():
            tenant_id = service.open_tenant(new)
        return TestShop(tenant_id, slug, name, app, email, password)

    return open_one


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as production does."""
    monkeypatch.setattr(login, "_hasher", PRODUCTION_HASHER)


@pytest.fixture
def open_shop(app: Flask, open_shop_of: Callable[..., TestShop]) -> Callable[..., TestShop]:
    """Open another shop: `open_shop(name="Acme", country="DE")`."""
    return lambda **values: open_shop_of(app, **values)


@pytest.fixture
def shop(open_shop: Callable[..., TestShop]) -> TestShop:
    """An open shop in Ireland that sells in euro."""
    return open_shop()


@pytest.fixture
def other_shop(open_shop: Callable[..., TestShop]) -> TestShop:
    """A second shop, whose rows nobody of the first may see."""
    return open_shop()


@pytest.fixture
def in_shop(app: Flask, shop: TestShop) -> Iterator[TestShop]:
    """Be inside the shop; what is left uncommitted is committed at the end."""
    with app.app_context(), db.unit_of_work(shop.id):
        yield shop


@pytest.fixture
def client(shop: TestShop) -> Browser:
    """A shopper's browser at the shop."""
    return shop.browser()


@pytest.fixture
def staff_client(shop: TestShop) -> Browser:
    """A browser in which the owner is signed in."""
    return sign_in_owner(shop)


def sign_in_owner(shop: TestShop) -> Browser:
    """Sign the owner in by the form that people use."""
    browser = shop.browser()
    answer = browser.post_form("/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password})
    assert answer.status_code == 303, answer.text
    return browser


@pytest.fixture
def platform_client(app: Flask) -> Browser:
    """A browser on the platform's host."""
    client = app.test_client()
    assert isinstance(client, Browser)
    return client.at(settings.current().domain)


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Hand over what the event log holds and work until nothing is left, as the worker does."""

    return lambda: work_until_idle(app)


def work_until_idle(app: Flask) -> None:
    """Relay and work. In a thread of its own: a browser that a test drives keeps an event loop in this one."""
    with app.app_context():
        for _ in range(10):
            if not relay.relay_all():
                return
            in_a_thread(lambda: jobs.run_worker(wait=False))
    raise AssertionError("jobs keep making jobs")


def in_a_thread(run: Callable[[], Any]) -> Any:
    """Call something where no event loop is running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.copy_context().run, run).result()


@pytest.fixture
def published(in_shop: TestShop) -> Callable[[], list[str]]:
    """Names of the facts that this shop has published so far, oldest first."""
    from sqlalchemy import select

    from app.core.events import Event

    def names() -> list[str]:
        query = select(Event.name).where(Event.kind == "fact").order_by(Event.id)
        return list(db.session.scalars(query))

    return names
