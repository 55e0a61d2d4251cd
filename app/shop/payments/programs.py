"""What programs send to the payments room and read from it. Amounts in minor units of `currency`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.core import keyset
from app.core.i18n import gettext
from app.core.rest import Synced

Id = Annotated[str, Meta(max_length=90)]


class ListPayments(Synced, forbid_unknown_fields=True, kw_only=True):
    """Which payments to list, newest first or as `sort` says."""

    order_id: Id = ""
    sort: Literal["-created_at", "created_at", "-updated_at", "updated_at"] = "-created_at"
    status: Literal["", "created", "pending", "captured", "failed", "expired", "held", "returned"] = ""

    def problems(self) -> dict[str, str]:
        """A cursor that we made."""
        found = super().problems()
        if self.cursor and not keyset.is_readable(self.cursor):
            found["cursor"] = gettext("This cursor is not one of ours.")
        return found


class RefundOut(Struct):
    """Money that goes back for one payment: requested, then succeeded or failed."""

    id: str
    key: str
    amount: int
    currency: str
    status: str
    reason: str
    requested_by: str
    created_at: datetime


class PaymentOut(Struct):
    """One attempt to pay an order. A held one brought another amount than was asked for: `reported_amount`."""

    id: str
    order_id: str
    gateway: str
    status: str
    amount: int
    currency: str
    captured: int
    refunded: int
    reported_amount: int | None
    reported_currency: str
    reason: str
    reference: str | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    settled_at: datetime | None
    refunds: list[RefundOut]


class SettingOut(Struct):
    """One of a gateway's own settings."""

    name: str
    value: str


class MethodOut(Struct):
    """A way to pay: how the checkout names it, and whether it is offered. Its secret is never told."""

    code: str
    title: str
    instructions: str
    is_enabled: bool
    pays_later: bool
    needs_secret: bool
    settings: list[SettingOut]


class MethodsOut(Struct):
    """Every installed way to pay."""

    data: list[MethodOut]
