"""Demo shops: what an empty installation needs before anybody can look around and buy."""

import json
import os
from pathlib import Path
from typing import Any

import click
from flask import Flask

from app import settings
from app.commands import prepared
from app.commands.application import application
from app.commands.installation import database
from app.commands.migrating import migrate, pending
from app.commands.screen import Steps
from app.console.onboarding import demo
from app.console.ops import service as operators
from app.platform.tenancy import queries as tenancy


def seed(app: Flask, steps: Steps) -> bool:
    """Fill an installation without shops; finish a seeding that was killed. False when there was nothing to do."""
    home = settings.current().home
    unfinished = home / prepared.UNFINISHED
    with app.app_context():
        if tenancy.all_tenants() and not unfinished.exists():
            return False
        unfinished.touch()
        with steps.step("Opening three demo shops"):
            known = _known(home)
            known["operator"] = operators.first_operator() or known.get("operator")
            _keep(home / prepared.DEMO, known)
            known["shops"] = [_row(row) for row in demo.seed_demo(progress=steps.part)]
            _keep(home / prepared.DEMO, known)
    unfinished.unlink()
    return True


def _known(home: Path) -> dict[str, Any]:
    path = home / prepared.DEMO
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return known


def _row(row: Any) -> dict[str, str]:
    names = ("name", "storefront_url", "admin_url", "email", "password")
    return {name: str(getattr(row, name)) for name in names}


def _keep(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=2)
    draft.replace(path)


@click.command("seed")
def seed_command() -> None:
    """Fill an empty installation with the three demo shops."""
    with database():
        migrate()
        with application() as app:
            done = seed(app, Steps(total=1))
    click.echo("The demo shops are open." if done else "There are shops already: nothing was changed.")


@click.command("prepare", hidden=True)
@click.option("--first", type=int, default=0, help="Steps that were done before, for the progress bar.")
@click.option("--of", "total", type=int, default=2, help="Steps in all.")
def prepare_command(first: int, total: int) -> None:
    """What `up` runs before it starts the web server, in a process of its own: it needs most of the code."""
    steps = Steps(total=total, done=first)
    with database() as configured:
        missing = pending()
        with steps.step("Migrating the database" if missing else "Checking the database's version"):
            migrate()
        if not configured.is_production:
            with application() as app:
                seed(app, steps)
        prepared.note(configured)
