"""The demo shops of a developer's machine: three brands with products, owners, and orders of the last weeks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app import settings
from app.console.onboarding import applying, past_orders
from app.console.onboarding.commands import new_tenant
from app.core import db
from app.core.access import system_actor
from app.platform.tenancy import packs, queries, service

Progress = Callable[[str, int, int], None]
OWNERS = {
    "kiln": ("rita@kilnandkin.example", "Rita Alves"),
    "north": ("dana@northfall.example", "Dana Whitefeather"),
    "sundae": ("priya@sundaebath.example", "Priya Nair"),
}
SEEDED = "demo_orders"


@dataclass(frozen=True)
class DemoRow:
    """One shop, as the start screen prints it."""

    name: str
    storefront_url: str
    admin_url: str
    email: str
    password: str


def _silent(what: str, done: int, whole: int) -> None:
    """Nobody watches."""


def seed_demo(progress: Progress | None = None) -> list[DemoRow]:
    """Open and fill the demo shops; what is there already is left alone. Safe to call again after it was killed."""
    demos = [folder for folder in packs.folders() if folder.pack.pack.is_demo]
    whole = sum(_weight(folder) for folder in demos)
    done, rows = 0, []
    for folder in demos:
        rows.append(_seed(folder, _shifted(progress or _silent, done, whole)))
        done += _weight(folder)
    return rows


def password_of(name: str) -> str:
    """The demo owners' password: the same for one installation, different for the next."""
    digest = hashlib.sha256(f"{settings.current().secret_key}:demo:{name}".encode()).hexdigest()
    return f"{name}-{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


def _weight(folder: packs.Folder) -> int:
    return len(folder.catalogue.products) + past_orders.HOW_MANY


def _shifted(progress: Progress, before: int, whole: int) -> Progress:
    """The progress of one shop as part of all."""
    return lambda what, done, _: progress(what, before + done, whole)


def _seed(folder: packs.Folder, progress: Progress) -> DemoRow:
    email, name = OWNERS.get(folder.name, (f"owner@{folder.name}.example", "Olive Owner"))
    password = password_of(folder.name)
    tenant = queries.tenant_by_slug(folder.name)
    if tenant is None or tenant.status == "opening":
        tenant_id = service.open_tenant(new_tenant(folder, folder.name, owner=(email, name, password)))
    else:
        tenant_id = tenant.id
    _fill(folder, tenant_id, progress)
    origin = settings.current().public_origin(queries.primary_host(tenant_id))
    return DemoRow(folder.pack.shop.name, f"{origin}/", f"{origin}/admin", email, password)


def _fill(folder: packs.Folder, tenant_id: UUID, progress: Progress) -> None:
    """Products, then orders; each part is one transaction, so that a killed seeding goes on where it stood."""
    products = len(folder.catalogue.products)
    with db.unit_of_work(tenant_id):
        applying.apply(folder, by=system_actor("demo"), progress=lambda what, done, _: progress(what, done, 0))
    with db.unit_of_work(tenant_id):
        if not queries.current_shop().settings.get(SEEDED):
            past_orders.place_all(folder.name, lambda what, done, _: progress(what, products + done, 0))
            service.keep_setting(SEEDED, True)
