"""`./livery plugins`: what is installed, what is wrong with it, the operator's switch, and a new one to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from app.core import db
from app.core.access import system_actor
from app.core.trouble import Trouble
from app.platform.plugins import declaring, drafting, queries, service
from app.platform.plugins.declaring import API_VERSION, Installed
from app.platform.plugins.slots import SLOTS

BY = system_actor("operator")


@click.group("plugins")
def plugins() -> None:
    """What is installed, what is wrong with it, and a switch that stops one everywhere."""


@plugins.command("list")
def list_plugins() -> None:
    """Name every installed plugin, with its version and what it brings."""
    stopped = {row.plugin: row.because for row in queries.all_stops()}
    for one in declaring.installed():
        name = one.plugin.name
        state = f"  STOPPED: {stopped[name]}" if name in stopped else ""
        click.echo(f"{name:24} {one.plugin.version:10} {_brings(one)}{state}")


@plugins.command("doctor")
def doctor() -> None:
    """Say what is wrong with the installed plugins; exit status 1 when something is."""
    problems = [f"{name}: cannot be loaded. {why}" for name, why in declaring.refused().items()]
    for one in declaring.installed():
        problems += [f"{one.plugin.name}: {problem}" for problem in one.plugin.problems(slots=SLOTS)]
    problems += [f"{row.plugin}: stopped since {row.at:%Y-%m-%d %H:%M}. {row.because}" for row in queries.all_stops()]
    if problems:
        raise Trouble("\n".join(problems))
    click.echo(f"{len(declaring.installed())} plugins, written for app.pluginapi {API_VERSION}: nothing is wrong.")


@plugins.command("stop")
@click.argument("name")
@click.option("--because", default="Stopped by the operator.", help="Shown by `plugins list`.")
def stop(name: str, because: str) -> None:
    """Let no shop's call reach a plugin any more."""
    service.stop_everywhere(name, because, by=BY)
    db.checkpoint()
    click.echo(f"{name} is stopped in every shop.")


@plugins.command("start")
@click.argument("name")
def start(name: str) -> None:
    """Take a stop back; shops find the plugin as they left it."""
    service.let_go_on(name, by=BY)
    db.checkpoint()
    click.echo(f"{name} goes on.")


@plugins.command("new")
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder around it.")
def new(name: str, into: Path) -> None:
    """Write a plugin to begin with: its own distribution, with settings, a slot and tests that pass."""
    folder = drafting.write(name, into)
    click.echo(f"{folder} is ready: pip install -e {folder}, then python -m pytest {folder}")


def _brings(one: Installed) -> str:
    plugin = one.plugin
    things = [f"gateway {each.code}" for each in plugin.gateways] + [
        f"delivery {each.code}" for each in plugin.shipping
    ]
    things += [f"slot {name}" for name in plugin.slots]
    return ", ".join(things) + (" (ships with the shop)" if one.is_bundled else "")
