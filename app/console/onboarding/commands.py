"""`./livery tenants ...`: tenants as folders, for agencies that keep their clients in git."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, NoReturn, TypeVar

import click

from app import settings
from app.console.onboarding import applying, reading
from app.console.onboarding.shelf import Shelf
from app.core import db
from app.core.access import BY_HAND, system_actor
from app.core.errors import DomainError, InvalidInput
from app.platform.tenancy import packs, queries, service, suspending
from app.platform.tenancy.schemas import NewTenant

Result = TypeVar("Result")


@click.group("tenants")
def tenants() -> None:
    """List, open, change and suspend the tenants of this installation."""


@tenants.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs: an array of objects.")
def list_command(as_json: bool) -> None:
    """Show every tenant with its state and its address."""
    rows = [
        {
            "slug": tenant.slug,
            "name": tenant.name,
            "status": tenant.status,
            "url": settings.current().public_origin(queries.primary_host(tenant.id)) + "/",
            "created_at": tenant.created_at.isoformat(timespec="seconds"),
        }
        for tenant in queries.all_tenants()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        click.echo("There is no tenant yet. Open one: ./livery tenants apply tenants/starter --as my-shop")
    widest = max((len(row["slug"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['slug']:<{widest}}  {row['status']:<10} {row['url']}  {row['name']}")


@tenants.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What customers see.")
@click.option("--country", default="IE", show_default=True, help="Two letters; currency and tax follow from it.")
@click.option("--owner", default="", help="E-mail address of the owner.")
@click.option("--password-file", type=click.File(), help="Where the owner's password stands; - reads the input.")
def create(slug: str, name: str, country: str, owner: str, password_file: IO[str] | None) -> None:
    """Open an empty shop at SLUG."""
    password = password_file.read().strip() if password_file else None
    new = NewTenant(slug=slug, name=name, country=country, owner_email=owner, owner_password=password)
    said(lambda: service.open_tenant(new))
    click.echo(f"{name} is open: {settings.current().public_origin(f'{slug}.{settings.current().domain}')}/")


@tenants.command("apply")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--as", "slug", default="", help="Another address than the folder's name.")
def apply(folder: Path, slug: str) -> None:
    """Make a tenant agree with FOLDER, and open it when it is not there.

    Applying the same folder again changes nothing. Stock is left to the shop once a product is there, and products
    that the folder does not name stay.
    """
    pack = said(lambda: packs.Folder(folder.resolve()))
    address = slug or pack.name
    changes = said(lambda: apply_pack(pack, address, progress=_progress()))
    if not changes:
        click.echo(f"{address} agrees with {folder} already; nothing was changed.")
        return
    click.echo(f"{address}: changed {len(changes)} things: {', '.join(changes)}.")


def apply_pack(pack: packs.Folder, slug: str, *, progress: applying.Progress) -> list[str]:
    """Open the tenant when it is missing and apply the pack to it; what changed, a phrase each."""
    tenant = queries.tenant_by_slug(slug)
    opened = tenant is None or tenant.status == "opening"
    tenant_id = service.open_tenant(new_tenant(pack, slug)) if opened or tenant is None else tenant.id
    with db.unit_of_work(tenant_id):
        applied = applying.apply(pack, by=system_actor("tenants apply"), progress=progress)
    return ["opened", *applied.changes] if opened else applied.changes


def new_tenant(pack: packs.Folder, slug: str, *, owner: tuple[str, str, str] = ("", "", "")) -> NewTenant:
    """What a pack says of a shop that is to be opened; `owner` is e-mail, name and password."""
    shop = pack.pack.shop
    return NewTenant(
        slug=slug, name=shop.name, country=shop.country, currency=shop.currency, locale=shop.locale,
        timezone=shop.timezone, weight_unit=shop.weight_unit, prices_include_tax=shop.prices_include_tax,
        contact_email=shop.contact_email, legal_name=shop.legal_name, address=shop.address.to_dict(),
        announcement=shop.announcement, owner_email=owner[0], owner_name=owner[1], owner_password=owner[2] or None,
    )  # fmt: skip


@tenants.command("export")
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def export(slug: str, folder: Path | None) -> None:
    """Write a tenant to FOLDER (tenants/SLUG unless another is named). Keys, orders and customers stay here."""
    target = folder or packs.FOLDER / slug
    said(lambda: export_pack(slug, target))
    click.echo(f"{slug} is in {target}. Look at the difference, then: ./livery tenants apply {target}")


def export_pack(slug: str, target: Path) -> None:
    """Write a tenant as a folder; what the wizard says of an older pack there stays. Raises NoSuchTenant."""
    tenant = queries.tenant_named(slug)
    with db.unit_of_work(tenant.id):
        shelf = Shelf()
        pack, catalogue = reading.tenant(shelf), reading.catalogue(shelf)
        images = reading.pictures(shelf, pack, catalogue)
    if (target / packs.TENANT).is_file():
        pack.pack = packs.Folder(target).pack.pack
    packs.write(target, pack, catalogue, images)


@tenants.command("suspend")
@click.argument("slug")
@click.option("--because", default="", help="Staff of the shop read it; visitors see a neutral sentence.")
def suspend(slug: str, because: str) -> None:
    """Let a tenant's hosts answer 503 from the next request on."""
    said(lambda: suspending.suspend(slug, because, by=BY_HAND))
    click.echo(f"{slug} is suspended. To undo: ./livery tenants resume {slug}")


@tenants.command("resume")
@click.argument("slug")
def resume(slug: str) -> None:
    """Let a suspended tenant's hosts answer again."""
    said(lambda: suspending.resume(slug, by=BY_HAND))
    click.echo(f"{slug} is open again.")


def said(act: Callable[[], Result]) -> Result:
    """Do it; a refusal becomes one sentence and exit status 1."""
    try:
        return act()
    except DomainError as refusal:
        _fail(refusal)


def _fail(refusal: DomainError) -> NoReturn:
    errors = refusal.errors if isinstance(refusal, InvalidInput) else {}
    sentence = "; ".join(f"{key}: {text}" for key, text in errors.items()) or refusal.sentence
    raise click.ClickException(re.sub(r"\s+", " ", sentence))


def _progress() -> applying.Progress:
    """One line that moves, on a terminal; nothing elsewhere."""
    stream = sys.stderr

    def show(what: str, done: int, whole: int) -> None:
        if stream.isatty():
            stream.write(f"\r\033[K  {done} of {whole}  {what}" + ("\r\033[K" if done == whole else ""))
            stream.flush()

    return show
