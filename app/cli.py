"""`./livery <command>`. Each command's code is loaded when it is asked for."""

import sys
from importlib import import_module
from typing import NoReturn

import click
import psycopg

from app.core.trouble import Trouble
from app.settings import ROOT, SettingsError

COMMANDS = {
    "up": "app.commands.up:up",
    "test": "app.commands.proving:test",
    "doctor": "app.commands.doctor:doctor",
    "seed": "app.commands.seeding:seed_command",
    "serve": "app.commands.serving:serve",
    "worker": "app.commands.serving:worker",
    "migrate": "app.commands.migrating:migrate_command",
    "bench": "app.commands.bench.command:bench",
    "screens": "app.commands.showing:screens",
    "lighthouse": "app.commands.showing:lighthouse",
    "lock": "app.commands.locking:lock",
    "prepare": "app.commands.seeding:prepare_command",
    "reference": "app.commands.reference:reference",
    "words": "app.commands.words:words",
}
"""Ours, by name. The others come with the rooms: their cards carry click commands."""


class Livery(click.Group):
    """All commands: ours, loaded one by one, and those of the rooms."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Ours first, then the rooms'."""
        return [*COMMANDS, *room_commands()]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Load one command."""
        if name in COMMANDS:
            module, attribute = COMMANDS[name].split(":")
            found: click.Command = getattr(import_module(module), attribute)
            return found
        return room_commands().get(name)

    def format_help(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The page that the launcher shows too."""
        formatter.write((ROOT / "app/commands/help.txt").read_text())


def room_commands() -> dict[str, click.Command]:
    """The commands on the rooms' cards, by name. They run inside the application."""
    rooms = import_module("app.commands.rooms")
    commands: dict[str, click.Command] = rooms.commands()
    return commands


cli = Livery("livery", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})


def main() -> None:
    """Run a command. Exit status 0: done; 1: it could not be done; 2: it was asked for in the wrong way."""
    try:
        cli(prog_name="./livery")
    except SettingsError as wrong:
        refuse(str(wrong), 2)
    except Trouble as trouble:
        refuse(str(trouble), 1)
    except Exception as error:
        cause = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver says
        if not isinstance(cause, psycopg.OperationalError):
            raise
        refuse(f"The database does not answer: {str(cause).splitlines()[0]}", 1)


def refuse(sentence: str, status: int) -> NoReturn:
    """One sentence on the error output, and the exit status."""
    click.echo(f"Livery: {sentence}", err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
