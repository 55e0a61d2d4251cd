"""What tenancy takes in and hands out: values, no rows."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class TenantRef:
    """What the request needs to know about a host's tenant, before any of its rows are read."""

    id: UUID
    slug: str
    status: str
    is_primary: bool = True


@dataclass(frozen=True)
class NewTenant:
    """A shop to open. What is left empty follows from the country."""

    slug: str
    name: str
    country: str = "IE"
    currency: str = ""
    locale: str = ""
    timezone: str = ""
    weight_unit: str = ""
    prices_include_tax: bool | None = None
    contact_email: str = ""
    legal_name: str = ""
    address: dict[str, Any] = field(default_factory=dict)
    announcement: str = ""
    owner_email: str = ""
    owner_name: str = ""
    owner_password: str | None = field(default=None, repr=False)
    owner_is_proven: bool = True
    """Whoever opens the shop is known to be who they say: the operator is, a visitor of the wizard is not."""
    claim: str = ""
    """Who asked: only a caller with the same claim may finish an opening that was interrupted."""


@dataclass(frozen=True)
class ShopSettings:
    """The general settings of a shop, as staff see and change them."""

    name: str
    legal_name: str
    contact_email: str
    address: dict[str, Any]
    country: str
    currency: str
    locale: str
    timezone: str
    weight_unit: str
    prices_include_tax: bool
    announcement: str
