"""Operators from the command line: who they are, and help for one who lost phone and codes."""

import secrets

import click

from app.console.ops import factors, queries
from app.console.ops.errors import NoSuchOperator
from app.core import db, text
from app.core.access import BY_HAND
from app.platform.tenancy import service


@click.group("operators")
def operators() -> None:
    """List and add who runs this installation, and help one who is locked out."""


@operators.command("list")
def list_command() -> None:
    """Show every operator, and whether a password alone lets them in."""
    for operator in queries.operators():
        click.echo(f"{operator.email}  {'second step' if operator.has_factor else 'password only'}  {operator.name}")


@operators.command("add")
@click.argument("email")
@click.option("--name", default="", help="As shops read it when this operator visits them.")
def add(email: str, name: str) -> None:
    """Add an operator, or give one another password; it is made here and shown once."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    service.add_operator(email, password, name=name, by=BY_HAND)
    db.checkpoint()
    click.echo(f"{text.normalise_email(email)}  {password}")


@operators.command("reset-second-step")
@click.argument("email")
def reset(email: str) -> None:
    """Take app, passkeys, recovery codes and sessions of a locked-out operator away; the password stays."""
    try:
        operator = factors.reset(text.normalise_email(email), by=BY_HAND)
    except NoSuchOperator as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    said = f"{operator.email} signs in by password alone now, and is signed out everywhere."
    db.checkpoint()
    click.echo(said)
