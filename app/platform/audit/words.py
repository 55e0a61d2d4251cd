"""How an entry reads: "product.updated" and `on_hand` as words."""

from __future__ import annotations

from typing import Any

from app.core.audit import AuditEntry


def said(name: str) -> str:
    """`shipping_rate` as "Shipping rate"."""
    return name.replace("_", " ").replace(".", " ").strip().capitalize()


def by(entry: AuditEntry) -> str:
    """Who it was; of a job its own name, without the place where it stands."""
    name = entry.actor_name
    return said(name.rpartition(".")[2]) if entry.actor_kind == "system" and "." in name else name


def shown(value: Any) -> str:
    """A value of a field, for the eye."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dict):
        return ", ".join(f"{said(str(key))}: {shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "–"
    return str(value)
