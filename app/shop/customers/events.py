"""Facts of the customers room that others may react to."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class AccountOpened(Fact, name="customers.account_opened", version=1, tells=mark("A customer opened an account")):
    """A shopper proved the address by a mail link and chose a password."""

    customer_id: UUID
    email: str


@dataclass(frozen=True)
class AddressProved(Fact, name="customers.address_proved", version=1, tells=mark("A customer confirmed an address")):
    """A shopper proved an e-mail address; earlier guest orders with it are theirs."""

    customer_id: UUID
    email: str


@dataclass(frozen=True)
class PasswordChanged(Fact, name="customers.password_changed", version=1):
    """A shopper's password changed and every session but the current one ended."""

    customer_id: UUID
