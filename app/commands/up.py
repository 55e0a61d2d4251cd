"""up: a whole installation under one parent."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import click

from app import settings
from app.commands import installation, prepared
from app.commands.only_one import OnlyOne
from app.commands.screen import Steps, has_colour
from app.core.postgres import Server
from app.core.supervisor import Program, Supervisor
from app.core.trouble import Trouble
from app.settings import Settings

PATIENCE = 90.0


class DoesNotStart(Trouble):
    """A part of the installation does not come up; the message says which and why."""


@click.command("up")
def up() -> None:
    """Start everything here: database, web and worker under one parent.

    Makes the database the first time, opens three demo shops in an empty one, and prints the addresses and sign-ins.
    Ctrl-C stops all of it. State is kept in .livery (LIVERY_HOME moves it); the port is 8000 (LIVERY_PORT moves it).
    """
    configured = settings.current()
    with OnlyOne(configured.home, configured.public_origin(configured.domain)) as alone:
        refuse_a_taken_port(configured)
        with Supervisor(report=lambda said: click.echo(f"  {said}", err=True)) as supervisor:
            start_everything(configured, supervisor, alone)
            click.echo(welcome(configured))
            supervisor.watch()
    click.echo("\n  Livery has stopped.", err=True)


def start_everything(configured: Settings, supervisor: Supervisor, alone: OnlyOne) -> None:
    """Database, migrations, demo shops, web and worker, each a step on the screen."""
    steps = Steps(total=4)
    if not configured.database_url:
        configured = start_database(configured, supervisor, alone, steps)
    prepare(configured, steps)
    web, worker = installation.web(configured), installation.worker(configured)
    with steps.step("Starting web and worker"):
        supervisor.add(web)
        alone.started("web", web.pid)
        wait_until_ready(configured, web)
        supervisor.add(worker)
        alone.started("worker", worker.pid)


def start_database(configured: Settings, supervisor: Supervisor, alone: OnlyOne, steps: Steps) -> Settings:
    """Start the embedded database; returns the settings that lead to it."""
    server = Server(configured.home)
    with steps.step("Starting PostgreSQL" if server.data.exists() else "Making the PostgreSQL database"):
        supervisor.add(installation.Database(server))
        alone.started("database", server.pid or 0)
    if server.is_elsewhere:
        click.echo(
            f"    (user {server.account.name} cannot enter {server.home}: files are in {server.folder})", err=True
        )
    return installation.embedded(configured, server)


def prepare(configured: Settings, steps: Steps) -> None:
    """Migrate and seed in a process of its own, so that the parent stays small."""
    if not prepared.is_prepared(configured):
        command = installation.own_command("prepare", "--first", str(steps.done), "--of", str(steps.total))
        if subprocess.run(command, env=installation.environment(configured), check=False).returncode:
            raise DoesNotStart("The database could not be prepared; the reason stands above.")
    steps.done = steps.total - 1


def refuse_a_taken_port(configured: Settings) -> None:
    """Say so before anything starts when another program has our port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((configured.host, configured.port))
        except OSError as refused:
            raise DoesNotStart(
                f"Port {configured.port} cannot be had ({(refused.strerror or 'refused').lower()}): stop the program "
                f"that uses it, or choose another, as in `LIVERY_PORT={configured.port + 1} ./livery up`."
            ) from refused


def wait_until_ready(configured: Settings, web: Program) -> None:
    """Until the installation can sell; raises DoesNotStart with the end of the log when it cannot."""
    deadline = time.monotonic() + PATIENCE
    while not is_ready(configured):
        if web.exit_status() is not None or time.monotonic() > deadline:
            raise DoesNotStart(f"{web.name} does not get ready; {web.log} ends with:\n\n{web.last_words()}\n")
        time.sleep(0.05)


def is_ready(configured: Settings) -> bool:
    """Ask the web server itself."""
    address = "127.0.0.1" if configured.host == "0.0.0.0" else configured.host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(address, configured.port, timeout=10)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        headers = {"Host": f"{configured.domain}:{configured.port}", "Connection": "close"}
        connection.request("GET", "/health/ready", headers=headers)
        return connection.getresponse().status == 200
    return False


def welcome(configured: Settings) -> str:
    """Addresses and sign-ins, as they are now: the port may have changed since the shops were opened."""
    platform = configured.public_origin(configured.domain)
    note = configured.home / prepared.DEMO
    known: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    lines = ["", f"  {bold('Livery is running.')} Ctrl-C stops it.", ""]
    lines += [labelled("Open a new shop", f"{platform}/"), labelled("Mail that was sent", f"{platform}/mailbox")]
    if known.get("operator"):
        email, password = known["operator"]
        lines += [labelled("Operator's console", f"{platform}/console"), labelled("", f"{email}  {password}")]
    for shop in known.get("shops", ()):
        lines += ["", labelled(shop["name"], moved(configured, shop["storefront_url"]))]
        lines += [labelled("  back office", moved(configured, shop["admin_url"]))]
        lines += [labelled("", f"{shop['email']}  {shop['password']}")]
    lines += ["", labelled("Data and logs", str(configured.home)), ""]
    return "\n".join(lines)


def labelled(label: str, value: str) -> str:
    """One labelled line of the screen."""
    return f"  {label:<22}{value}"


def moved(configured: Settings, url: str) -> str:
    """The address with the port and scheme of now."""
    parts = urlsplit(url)
    return configured.public_origin(parts.hostname or configured.domain) + (parts.path or "/")


def bold(text: str) -> str:
    """Bold where the terminal can."""
    return f"\033[1m{text}\033[0m" if has_colour(sys.stdout) else text
