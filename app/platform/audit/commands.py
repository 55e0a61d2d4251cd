"""Proving that nobody changed the audit trail."""

from __future__ import annotations

import click

from app.core import audit_chain, audit_platform, db
from app.core.trouble import Trouble
from app.platform.tenancy import queries as tenancy

THE_PLATFORM = "(platform)"
"""No address of a shop has brackets."""


@click.group("audit")
def audit() -> None:
    """Prove that nobody changed a shop's audit trail, or the platform's own."""


@audit.command("verify")
@click.option("--tenant", "slug", default="", help="One shop, by its address; without it all of them.")
@click.option("--expect", default="", help="A head printed earlier: it must still be part of the chain.")
def verify(slug: str, expect: str) -> None:
    """Walk every chain and name what was changed, moved, put in or taken out; exit status 1 when something was.

    The platform's own trail is the last one; alone it is asked for by --tenant "(platform)".
    """
    shops = [tenant for tenant in tenancy.all_tenants() if not slug or tenant.slug == slug]
    if slug not in {"", THE_PLATFORM} and not shops:
        raise Trouble(f"No shop has the address {slug}.")
    broken = 0
    for shop in shops:
        with db.unit_of_work(shop.id):
            verdict = audit_chain.verify(expect)
        db.session.remove()
        broken += _say(shop.slug, verdict)
    if slug in {"", THE_PLATFORM}:
        broken += _say(THE_PLATFORM, audit_platform.verify(expect))
        db.checkpoint()
    if broken:
        raise click.exceptions.Exit(1)


def _say(whose: str, verdict: audit_chain.Verdict) -> bool:
    """Tell what was found; True when something is wrong."""
    click.echo(f"  {'no' if verdict.problems else 'ok':<4}{whose:<24}{verdict.entries:>8} sealed  {verdict.head}")
    if verdict.until is not None:
        click.echo(f"        {verdict.gone} older than {verdict.until:%Y-%m-%d} went by the shop's own rule")
    for problem in verdict.problems:
        click.echo(f"        {problem}")
    return bool(verdict.problems)
