"""The port of payment gateways: what a plugin implements to take money.

Values go in, typed results come out. A gateway never touches an order, and no card number ever passes through here:
`start` answers with an address of the gateway's own page, or with nothing when the buyer pays later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    """What a gateway says about one payment."""

    PENDING = "pending"
    CAPTURED = "captured"
    FAILED = "failed"


@dataclass(frozen=True)
class Setting:
    """One field of a gateway's settings page. A secret is stored encrypted and never shown again."""

    name: str
    label: str
    hint: str = ""
    default: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class Account:
    """The shop's own account at the gateway: its settings and its secret."""

    settings: Mapping[str, str] = field(default_factory=dict)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class StartPayment:
    """What is to be paid. `key` is the same however often one payment is started."""

    key: str
    amount: int
    currency: str
    return_url: str
    description: str
    email: str = ""


@dataclass(frozen=True)
class Started:
    """The gateway knows the payment now. Without a redirect the buyer pays later."""

    reference: str
    redirect_url: str | None = None


@dataclass(frozen=True)
class PaymentStatus:
    """What the gateway says now, with the amount that it says it of."""

    status: Status
    amount: int
    currency: str
    reason: str = ""


@dataclass(frozen=True)
class RefundRequest:
    """Money to send back. `key` is the same however often one refund is sent."""

    key: str
    reference: str
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundResult:
    """What the gateway said of a refund."""

    succeeded: bool
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Callback:
    """A message from outside, exactly as it came. Nothing in it is true before its signature is checked."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class CallbackEvent:
    """A callback whose signature holds."""

    event_id: str
    reference: str
    status: PaymentStatus


class PaymentGateway(Protocol):
    """Takes money for a shop."""

    code: str
    """Stored with each payment and part of the callback's address, so it never changes."""

    title: str
    """What a shopper reads until the shop gives it another name."""

    settings: tuple[Setting, ...]
    has_secret: bool
    pays_later: bool
    """Whether an order is good before the money is there (bank transfer, cash on delivery)."""

    starts_enabled: bool
    """Whether a new shop offers it before staff has set anything."""

    gives_up_after: timedelta | None
    """How long a buyer may take on the gateway's page; None waits for ever."""

    def start(self, account: Account, payment: StartPayment) -> Started:
        """Tell the gateway about a payment. Called again with the same key it answers the same.

        Raises GatewayUnreachable when there is no answer.
        """

    def fetch(self, account: Account, reference: str) -> PaymentStatus:
        """Ask how a payment stands. Raises GatewayUnreachable when there is no answer."""

    def cancel(self, account: Account, reference: str) -> PaymentStatus:
        """Close a payment that nobody finished: FAILED when it is closed, CAPTURED when its money has already moved.

        PENDING says that it cannot be closed now; it is asked about again.
        """

    def refund(self, account: Account, refund: RefundRequest) -> RefundResult:
        """Send money back. Called again with the same key it sends nothing more."""

    def verify_callback(self, account: Account, callback: Callback) -> CallbackEvent:
        """Check the signature and read the message. Raises CallbackRefused; makes no network call."""


_gateways: dict[str, PaymentGateway] = {}
_plugins: dict[str, str] = {}


def register(gateway: PaymentGateway, plugin: str = "") -> None:
    """Make a gateway known to this process, and whose it is. The second of one code replaces the first."""
    _gateways[gateway.code] = gateway
    _plugins[gateway.code] = plugin or gateway.code


def plugin_of(code: str) -> str:
    """The name of the plugin that brings the gateway of this code."""
    return _plugins.get(code, code)


def gateway(code: str) -> PaymentGateway | None:
    """The gateway of this code, or None when its plugin is not installed."""
    return _gateways.get(code)


def gateways() -> list[PaymentGateway]:
    """All that are installed, by title."""
    return sorted(_gateways.values(), key=lambda each: each.title)
