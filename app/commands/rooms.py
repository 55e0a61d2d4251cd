"""Commands that come with a room, such as `tenants` and `import`. They run inside the application."""

from typing import Any

import click

from app.commands.application import application
from app.roles import rooms


class RoomCommand(click.Group):
    """A room's group of commands, with the application around each call."""

    def __init__(self, group: click.Group) -> None:
        super().__init__(group.name, commands=group.commands, params=group.params, help=group.help)
        self.callback = group.callback

    def invoke(self, context: click.Context) -> Any:
        """Start what the command needs; a call for help needs nothing."""
        if not unparsed(context) & {"--help", "-h"}:
            context.with_resource(application())
        return super().invoke(context)


def unparsed(context: click.Context) -> set[str]:
    """Everything that is still to be parsed by the sub-command."""
    return {*context.args, *getattr(context, "_protected_args", ())}


def commands() -> dict[str, click.Command]:
    """The commands on the rooms' cards, by name."""
    return {str(group.name): RoomCommand(group) for card in rooms() for group in card.cli}
