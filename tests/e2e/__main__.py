"""What `./livery screens` runs: every page in four states, looked at by axe, with a contact sheet."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from tests.e2e import chromium, pages, sheet
from tests.e2e.camera import STATES, Camera, Seen
from tests.e2e.installation import ROOT, Installation, running

FOLDER = ROOT / ".livery" / "screens"


@click.command()
@click.option("--only", default="")
@click.option("--state", "states", multiple=True, type=click.Choice([state.name for state in STATES]))
@click.option("--here", is_flag=True)
def screens(only: str, states: tuple[str, ...], here: bool) -> None:
    """Take the pictures and print what is wrong; exit status 1 when something is."""
    seen: list[Seen] = []
    with ExitStack() as stack:
        installation = stack.enter_context(running(_screen())) if not here else _running_one()
        planned = pages.plan(installation)
        shots = pages.wanted(planned.shots, only)
        camera = Camera(stack.enter_context(chromium.launched()), installation, planned.persons)
        if not only:
            shutil.rmtree(FOLDER, ignore_errors=True)
        wanted = [state for state in STATES if not states or state.name in states]
        click.echo(f"{len(shots)} pages in {len(wanted)} states")
        for one in camera.look_at_all(shots, wanted, FOLDER):
            seen.append(one)
            for text in one.complaints:
                click.echo(f"  {one.shot.name} ({one.state.name}): {text}")
    for text in planned.uncovered:
        click.echo(f"  not covered: {text}")
    wrong = len(planned.uncovered) + sum(bool(one.complaints) for one in seen)
    click.echo(f"{len(seen)} pictures in {sheet.write(FOLDER, seen)}; {wrong or 'nothing'} wrong.")
    sys.exit(1 if wrong else 0)


def _screen() -> Path:
    return Path(tempfile.mkdtemp()) / "screen.txt"


def _running_one() -> Installation:
    """The installation that LIVERY_HOME and LIVERY_PORT name."""
    home = Path(os.environ.get("LIVERY_HOME", ROOT / ".livery"))
    return Installation(int(os.environ.get("LIVERY_PORT", "8000")), home, home / "screen.txt")


if __name__ == "__main__":
    screens()
