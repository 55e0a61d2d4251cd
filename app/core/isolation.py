"""Which tenant is this? Host -> tenant -> context.

The tenant of a request comes from its Host header only, the tenant of a job from its row. Everything below
asks `tenant_id()`; `core/db.py` puts it on the connection and into every statement.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from app import settings

NOBODY = uuid.UUID(int=0)
"""The tenant that does not exist: what the database answers to outside of every tenant."""

_tenant: ContextVar[uuid.UUID | None] = ContextVar("tenant", default=None)
_label = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class NoTenant(RuntimeError):
    """Tenant data was asked for outside every tenant."""


class CrossTenant(RuntimeError):
    """One transaction met two tenants. Nothing of it was sent."""


class TenantRef(Protocol):
    """What the registry tells of a host: see platform/tenancy."""

    id: uuid.UUID
    slug: str
    status: str


HostFinder = Callable[[str], "TenantRef | None"]


def tenant_id() -> uuid.UUID:
    """The tenant that this request or job belongs to; raises NoTenant outside of one."""
    current = _tenant.get()
    if current is None:
        raise NoTenant("no tenant is entered")
    return current


def tenant_or_none() -> uuid.UUID | None:
    """The tenant, or None on the platform's own pages."""
    return _tenant.get()


@contextmanager
def entered(tenant: uuid.UUID) -> Iterator[None]:
    """Belong to a tenant for a while."""
    token = _tenant.set(uuid.UUID(str(tenant)))
    try:
        yield
    finally:
        _tenant.reset(token)


def enter(tenant: uuid.UUID) -> Callable[[], None]:
    """As `entered`, for hooks that open and close in two places; returns what leaves."""
    before = _tenant.get()
    _tenant.set(uuid.UUID(str(tenant)))
    return lambda: _tenant.set(before) and None


def normalise_host(raw: str | None) -> str | None:
    """Lower-case host without port and final dot; None when it is not one plain host name.

    Refuses what proxies and servers read differently: empty, doubled, with user info, spaces, or odd labels.
    """
    if not raw or len(raw) > 255 or raw != raw.strip():
        return None
    host, _, port = raw.lower().partition(":")
    if port and not port.isdigit():
        return None
    host = host.removesuffix(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return None
    labels = host.split(".")
    return host if host and all(_label.fullmatch(part) for part in labels) else None


def is_platform(host: str) -> bool:
    """Is this the operator's own host?"""
    return host == settings.current().domain


def own_host(slug: str) -> str:
    """The host that every tenant has from the start."""
    return f"{slug}.{settings.current().domain}"


_primary_host: Callable[[uuid.UUID], str] | None = None


def on_primary_host(find: Callable[[uuid.UUID], str]) -> None:
    """Register the look-up behind `tenant_url`."""
    global _primary_host
    _primary_host = find


def tenant_url(path: str = "/") -> str:
    """Absolute address on this tenant's primary host, from its row and never from a request's header."""
    if _primary_host is None:
        raise NoTenant("no look-up of hosts is registered")
    return settings.current().public_origin(_primary_host(tenant_id())) + path


def platform_url(path: str = "/") -> str:
    """Absolute address on the platform's host."""
    configured = settings.current()
    return configured.public_origin(configured.domain) + path
