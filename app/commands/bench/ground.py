"""Where measurements happen: a PostgreSQL of their own, databases with made-up shops, and web servers in front."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from app import settings
from app.commands import installation
from app.commands.bench import yardsticks
from app.commands.bench.gauges import memory
from app.commands.migrating import migrate
from app.commands.up import is_ready
from app.core import db, listening
from app.core.postgres import Server
from app.core.supervisor import Program
from app.core.trouble import Trouble
from app.factory import create_app
from app.platform.developers import service as developers
from app.platform.developers.schemas import NewKey
from app.platform.staff import queries as staff
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenants
from app.platform.tenancy.schemas import NewTenant
from app.settings import Settings

PASSWORD = "correct horse battery"  # noqa: S105 - of made-up shops that nobody can reach
SHOP = "big"
_PATIENCE = 60.0
_NOT_OURS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")


@dataclass(frozen=True)
class Made:
    """A prepared database: its settings, its shops by slug, and an API key of the first."""

    configured: Settings
    shops: dict[str, UUID]
    key: str


class Ground:
    """One PostgreSQL in a folder of its own, gone when the measuring is over."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server = Server(home)

    def __enter__(self) -> Ground:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        listening.listener.stop()
        self.server.remove()
        shutil.rmtree(self.home, ignore_errors=True)

    def settings_for(self, name: str) -> Settings:
        """Production's settings for one database, on plain http."""
        configured = settings.with_kept_secrets(Settings(home=self.home))
        home = self.home / name
        home.mkdir(exist_ok=True)
        roles = {"database_url": "livery_app", "operator_url": "livery_operator", "owner_url": "livery_owner"}
        urls: dict[str, Any] = {field: self.server.url(role, name) for field, role in roles.items()}
        own = replace(configured, home=home, environment="production", public_scheme="http", port=free_port(), **urls)
        workers = settings.current().web_workers
        return replace(own, log_level="WARNING", web_workers=workers, api_rate=10_000_000)  # one program drives it all

    def make(self, name: str, shops: tuple[str, ...]) -> Made:
        """A migrated database with the yardsticks' tables and open shops. Once a process: it makes the application."""
        self.server.create_database(name)
        configured = self.settings_for(name)
        with used(configured):
            migrate()
            with psycopg.connect(configured.owner_url) as connection:
                for statement in yardsticks.TABLES:
                    connection.execute(statement)
            with create_app().app_context():
                made = Made(configured, {slug: open_shop(slug) for slug in shops}, key_of(shops[0]))
                for engine in db.db.engines.values():
                    engine.dispose()
        return made

    def copy(self, name: str, of: str) -> Settings:
        """Another database with the same in it. Nobody may be connected to the first one, not even our listener."""
        listening.listener.stop()
        self.server.create_database(name, template=of)
        return self.settings_for(name)

    def bulk(self, configured: Settings) -> psycopg.Connection[Any]:
        """A connection that may fill a database in a hurry."""
        return psycopg.connect(self.server.url("postgres", configured.home.name))

    def database_pids(self) -> int:
        """The server's process, whose children serve connections."""
        return self.server.pid or 0


class Site:
    """A web server in front of one database, as production runs it."""

    def __init__(
        self, configured: Settings, application: str = "wsgi:application", extra: tuple[str, ...] = ()
    ) -> None:
        self.configured = configured
        command = [*installation.gunicorn()[:-1], *extra, application]
        environment = installation.environment(configured)
        for name in _NOT_OURS:
            environment.pop(name, None)
        log = configured.home / "logs" / f"{application.partition(':')[0]}.log"
        self.program = Program(application, command, environment, log, patience=30)
        self.ready_after = 0.0
        """Seconds from the start of the process to its first right answer."""

    @property
    def pid(self) -> int:
        """The parent of the web workers."""
        return self.program.pid

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.configured.port

    def host(self, slug: str = SHOP) -> str:
        """A shop's host."""
        return f"{slug}.{self.configured.domain}"

    def __enter__(self) -> Site:
        began = time.monotonic()
        self.program.start()
        ready = self._answers if self.program.name != "wsgi:application" else lambda: is_ready(self.configured)
        while not ready():
            if self.program.exit_status() is not None or time.monotonic() - began > _PATIENCE:
                words = self.program.last_words()
                self.program.stop()
                raise Trouble(f"{self.program.name} does not get ready; its log ends with:\n\n{words}\n")
            time.sleep(0.01)
        self.ready_after = time.monotonic() - began
        return self

    def __exit__(self, *_: object) -> None:
        self.program.stop()

    def memory(self) -> float:
        """Megabytes of PSS of all its processes."""
        return memory(self.pid)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@contextlib.contextmanager
def used(configured: Settings) -> Iterator[None]:
    """Let this process use an installation's settings for a while."""
    before = settings.current()
    settings.use(configured)
    try:
        yield
    finally:
        settings.use(before)


def open_shop(slug: str) -> UUID:
    """Open a shop in the installation that is used now, as the wizard does."""
    new = NewTenant(
        slug=slug, name=slug.title(), owner_email=f"owner@{slug}.example", owner_name="Olive Owner",
        owner_password=PASSWORD,
    )  # fmt: skip
    return tenants.open_tenant(new)


def key_of(slug: str) -> str:
    """An API key of a shop's owner that may read products."""
    tenant = tenancy.tenant_by_slug(slug)
    assert tenant is not None  # it was opened a moment ago
    db.session.rollback()
    with db.unit_of_work(tenant.id):
        owner = staff.staff_by_email(f"owner@{slug}.example")
        assert owner is not None  # whoever opens a shop owns it
        return developers.make_key(NewKey(name="bench", scopes=["products.read"]), by=staff.actor_of(owner))[1]


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def below_the_home() -> Path:
    """A fresh folder below the installation's own, where the database's account can get to."""
    home = settings.current().home / f"bench-{os.getpid()}"
    home.mkdir(parents=True, exist_ok=True)
    return home
