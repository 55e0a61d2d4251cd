"""Proving that nobody changed the audit trail."""

from __future__ import annotations

import click

from app.core import audit_chain, db
from app.core.trouble import Trouble
from app.platform.tenancy import queries as tenancy


@click.group("audit")
def audit() -> None:
    """Prove that nobody changed a shop's audit trail."""


@audit.command("verify")
@click.option("--tenant", "slug", default="", help="One shop, by its address; without it all of them.")
@click.option("--expect", default="", help="A head printed earlier: it must still be part of the chain.")
def verify(slug: str, expect: str) -> None:
    """Walk every chain and name what was changed, moved, put in or taken out; exit status 1 when something was."""
    shops = [tenant for tenant in tenancy.all_tenants() if not slug or tenant.slug == slug]
    if not shops:
        raise Trouble(f"No shop has the address {slug}.")
    broken = 0
    for shop in shops:
        with db.unit_of_work(shop.id):
            verdict = audit_chain.verify(expect)
        db.session.remove()
        broken += bool(verdict.problems)
        click.echo(
            f"  {'no' if verdict.problems else 'ok':<4}{shop.slug:<24}{verdict.entries:>8} sealed  {verdict.head}"
        )
        if verdict.until is not None:
            click.echo(f"        {verdict.gone} older than {verdict.until:%Y-%m-%d} went by the shop's own rule")
        for problem in verdict.problems:
            click.echo(f"        {problem}")
    if broken:
        raise click.exceptions.Exit(1)
