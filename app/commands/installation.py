"""What commands stand on: the settings of this installation and a database that runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app import settings
from app.core.postgres import Server
from app.core.supervisor import Program
from app.settings import ROOT, Settings

DATABASE = "livery"
STOP_WITHIN = 25.0


def embedded(configured: Settings, server: Server) -> Settings:
    """The settings with the addresses of the embedded database and the keys kept in the home."""
    return replace(
        settings.with_kept_secrets(configured),
        database_url=server.url("livery_app", DATABASE),
        operator_url=server.url("livery_operator", DATABASE),
        owner_url=server.url("livery_owner", DATABASE),
    )


@contextmanager
def database() -> Iterator[Settings]:
    """Settings whose database runs: the configured one, else the embedded one, for as long as it is needed."""
    configured = settings.current()
    if configured.database_url:
        yield configured
        return
    with Server(configured.home) as server:
        server.create_database(DATABASE)
        settings.use(embedded(configured, server))
        try:
            yield settings.current()
        finally:
            settings.use(configured)


class Database:
    """The embedded server as something a supervisor keeps running."""

    name = "The database"

    def __init__(self, server: Server) -> None:
        self.server = server

    def start(self) -> None:
        """Become the owner of the server, whoever used it before."""
        self.server.start(alone=True)
        self.server.create_database(DATABASE)

    def exit_status(self) -> int | None:
        """None while it runs."""
        return self.server.poll()

    def stop(self) -> None:
        """End it; everything committed is on disk."""
        self.server.stop()


def own_command(*arguments: str) -> list[str]:
    """One of our own commands as a program."""
    return [sys.executable, "-P", "-m", "app.cli", *arguments]


def gunicorn() -> list[str]:
    """The web server as a program; gunicorn.conf.py knows the rest."""
    configuration = str(ROOT / "gunicorn.conf.py")
    return [sys.executable, "-P", "-m", "gunicorn", "--chdir", str(ROOT), "--config", configuration, "wsgi:application"]


FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""For glibc: few heaps for all threads, and what is free at their end goes back to the system. Others ignore it."""


def environment(configured: Settings) -> dict[str, str]:
    """Our environment with these settings, and with our code on the path."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return FRUGAL | os.environ | configured.to_environment() | {"PYTHONPATH": paths}


def web(configured: Settings) -> Program:
    """The web server as something a supervisor keeps running."""
    log = configured.home / "logs" / "web.log"
    return Program("The web server", gunicorn(), environment(configured), log, patience=STOP_WITHIN)


def worker(configured: Settings) -> Program:
    """The background jobs as something a supervisor keeps running; a job in hand may finish."""
    log = configured.home / "logs" / "worker.log"
    only_jobs = environment(replace(configured, role="worker"))
    return Program("The worker", own_command("worker"), only_jobs, log, patience=STOP_WITHIN)
