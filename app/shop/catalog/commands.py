"""Commands that bring products in and give them out."""

import click


@click.group("import")
def imports() -> None:
    """Bring a shop's things in from a file."""


@click.group("export")
def exports() -> None:
    """Write a shop's things to a file."""
