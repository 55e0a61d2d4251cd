"""reference: the pages below docs/reference that are made from the code."""

from __future__ import annotations

import dataclasses
import inspect
import json
import typing
from collections.abc import Iterator
from pathlib import Path

import click

from app import settings
from app.core import access
from app.core.events import Fact
from app.platform.plugins.places import PLACES
from app.platform.plugins.slots import SLOTS
from app.platform.staff.roles import ROLES
from app.platform.webhooks import messages
from app.pluginapi import PaymentGateway, ShippingProvider
from app.roles import rooms
from app.settings import ROOT

FOLDER = ROOT / "docs" / "reference"
PORTS: tuple[type, ...] = (PaymentGateway, ShippingProvider)


@click.command("reference")
def reference() -> None:
    """Write the pages of docs/reference anew: settings, permissions, facts, ports and slots."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        click.echo(path.relative_to(ROOT))


def pages() -> dict[Path, str]:
    """Every generated page: its path and its text."""
    for card in rooms():
        access.declare(card.permissions)
    found = {
        "settings": settings_page(),
        "permissions": permissions_page(),
        "facts": facts_page(),
        "ports": ports_page(),
        "slots": slots_page(),
    }
    return {FOLDER / f"{name}.md": text for name, text in found.items()} | fact_schemas()


def settings_page() -> str:
    """Every environment variable."""
    lines = ["# Settings", "", "Every environment variable that is read, and nothing else is.", ""]
    lines += ["| variable | default | meaning |", "| --- | --- | --- |"]
    for one in settings.described():
        default = Path(one["default"]).name if isinstance(one["default"], Path) else one["default"]
        choices = f" One of: {', '.join(choice or 'empty' for choice in one['one_of'])}." if one["one_of"] else ""
        lines.append(
            f"| `{one['name']}` | {f'`{default}`' if default not in {'', None} else ''} | {one['meaning']}{choices} |"
        )
    return "\n".join(lines) + "\n"


def permissions_page() -> str:
    """Every permission, and which role holds it."""
    lines = ["# Permissions", "", "One catalogue for roles, API keys and templates.", ""]
    lines += [f"| permission | lets somebody | {' | '.join(ROLES)} |", f"| --- | --- |{' --- |' * len(ROLES)}"]
    for name, sentence in access.catalogue_of_permissions().items():
        held = " | ".join("yes" if name in role.permissions else "" for role in ROLES.values())
        lines.append(f"| `{name}` | {sentence} | {held} |")
    return "\n".join(lines) + "\n"


def facts_page() -> str:
    """Every fact with its fields."""
    lines = ["# Facts", "", "What rooms say has happened. They are kept in the tenant's event log, in order.", ""]
    for name, fact in sorted(Fact.registry.items()):
        if not fact.__module__.startswith("app."):
            continue
        lines += [f"## `{name}` (version {fact.fact_version})", "", inspect.cleandoc(fact.__doc__ or ""), ""]
        if fact.tells:
            schema = f"{name}.v{fact.fact_version}.json"
            lines += [f"Webhooks carry it: [{schema}](facts/{schema}).", ""]
        lines += [f"- `{field.name}`: {_type(field.type)}" for field in dataclasses.fields(fact)]  # type: ignore[arg-type]  # facts are dataclasses
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def fact_schemas() -> dict[Path, str]:
    """A JSON Schema for each fact that webhooks carry."""
    return {
        FOLDER / "facts" / f"{name}.v{fact.fact_version}.json": json.dumps(messages.schema_of(fact), indent=2) + "\n"
        for name, fact in messages.told_facts().items()
        if fact.__module__.startswith("app.")
    }


def ports_page() -> str:
    """Every port with its methods."""
    lines = ["# Ports", "", "What a plugin implements. All of it is imported from `app.pluginapi`.", ""]
    for port in PORTS:
        lines += [f"## `{port.__name__}`", "", inspect.cleandoc(port.__doc__ or ""), ""]
        for name, method in _methods(port):
            lines += [f"### `{name}{inspect.signature(method)}`", "", inspect.cleandoc(method.__doc__ or ""), ""]
    return "\n".join(lines).rstrip() + "\n"


def slots_page() -> str:
    """Every slot, and how long a plugin may take at each place where it is called."""
    lines = [
        "# Slots and budgets",
        "",
        "Named places that a plugin may fill with HTML. It is told texts and numbers.",
        "",
    ]
    for name, slot in SLOTS.items():
        lines += [f"## `{name}`", "", f"{slot.stands} ({slot.surface})", ""]
        lines += [f"- `{key}`: {meaning}" for key, meaning in slot.told.items()]
        lines.append("")
    lines += ["## How long a call may take", "", "| place | what | seconds |", "| --- | --- | --- |"]
    lines += [f"| `{place.name}` | {place.title} | {place.seconds:g} |" for place in PLACES.values()]
    return "\n".join(lines) + "\n"


def _methods(port: type) -> Iterator[tuple[str, typing.Any]]:
    for name, member in vars(port).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield name, member


def _type(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
