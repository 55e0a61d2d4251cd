"""Commands that bring products in and give them out."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

import click

from app.core import db, isolation
from app.core.access import system_actor
from app.core.errors import DomainError
from app.platform.tenancy import queries as tenancy
from app.shop.catalog import exporting
from app.shop.catalog.importing import queries, service
from app.shop.catalog.importing.models import ProductImport

MOST_PROBLEMS_SHOWN = 50


@click.group("import")
def imports() -> None:
    """Bring a shop's things in from a file."""


@click.group("export")
def exports() -> None:
    """Write a shop's things to a file."""


@imports.command("products")
@click.option("--tenant", "slug", required=True, help="The shop, by its address: kiln for kiln.localhost.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_products(slug: str, dry_run: bool, file: Path) -> None:
    """Bring products in from a CSV, in Shopify's format or ours.

    Exit status: 0 when every line is in, 1 when a line or the file was refused.
    """
    tenant = _tenant(slug)
    try:
        import_id = _preview(tenant, file)
    except DomainError as refusal:
        raise click.ClickException(refusal.sentence) from None
    if dry_run:
        return
    _run(tenant, import_id)
    has_failed = _report(tenant, import_id)
    sys.exit(1 if has_failed else 0)


@exports.command("products")
@click.option("--tenant", "slug", required=True, help="The shop, by its address: kiln for kiln.localhost.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else it is printed."
)
def export_products(slug: str, output: Path | None) -> None:
    """Write all products as a CSV that `import products` takes back."""
    with db.unit_of_work(_tenant(slug)):
        text = exporting.whole()
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_bytes(text.encode())
    lines = len(text.splitlines()) - 1
    click.echo(f"{output} holds {lines} lines. Bring it in elsewhere: ./livery import products --tenant SLUG {output}")


def _tenant(slug: str) -> UUID:
    found = tenancy.tenant_by_slug(slug)
    if found is None:
        raise click.ClickException(f"There is no shop “{slug}”. See ./livery tenants list.")
    db.session.rollback()
    return found.id


def _preview(tenant: UUID, file: Path) -> UUID:
    """Keep the file's rows and say what they would do."""
    by = system_actor("command line")
    with db.unit_of_work(tenant):
        row = service.start(file.read_bytes(), file.name, by=by)
        db.flush()
        _say_plan(row)
        return row.id


def _say_plan(row: ProductImport) -> None:
    found = queries.verdicts(row.id)
    kind = {"shopify": "Shopify's format", "own": "our own format"}[row.format]
    click.echo(f"{row.filename}: {row.total} lines in {kind}, {row.encoding}.")
    for note in row.notes:
        click.echo(f"  {note}")
    click.echo(
        f"  {found['create']} products to create, {found['update']} to update, {found['unchanged']} unchanged,"
        f" {found['error']} lines with a problem."
    )


def _run(tenant: UUID, import_id: UUID) -> None:
    """Confirm and do the work in this process, with a bar."""
    with db.unit_of_work(tenant):
        service.confirm(import_id, by=system_actor("command line"), here=True)
    show = _Bar()
    with db.unit_of_work(tenant):
        service.run(import_id, progress=show)
    show.close()


def _report(tenant: UUID, import_id: UUID) -> bool:
    with db.unit_of_work(tenant):
        states, pictures = queries.states(import_id), queries.pictures(import_id)
        rows = queries.rows_page(import_id, only_problems=True, cursor="").rows
        for row in rows[:MOST_PROBLEMS_SHOWN]:
            click.echo(
                f"  line {row.line}, {row.handle or 'no handle'}: {row.problem or row.warning or row.picture_problem}",
                err=True,
            )
        click.echo(
            f"{states['created']} lines created, {states['updated']} updated, {states['unchanged']} unchanged,"
            f" {states['failed']} failed; {pictures['stored']} pictures stored, {pictures['failed']} not to be had."
        )
        click.echo(f"Every line's result: {isolation.tenant_url(f'/admin/products/imports/{import_id}')}")
    return states["failed"] > 0


class _Bar:
    """A bar a stage on a terminal, a line at the end of each stage everywhere else."""

    def __init__(self) -> None:
        self.what = ""

    def __call__(self, what: str, done: int, whole: int) -> None:
        """Show how far a stage is."""
        if sys.stderr.isatty():
            if self.what and self.what != what:
                click.echo(err=True)
            filled = 24 * done // max(whole, 1)
            click.echo(f"\r  [{'#' * filled}{'.' * (24 - filled)}] {what} {done} of {whole}", nl=False, err=True)
        elif done >= whole:
            click.echo(f"  {what}: {done} of {whole}", err=True)
        self.what = what

    def close(self) -> None:
        """Leave the line of the bar."""
        if self.what and sys.stderr.isatty():
            click.echo(err=True)
