"""Suspended shops: shoppers and programs find them closed; staff may come in, look, and take their data with them.

Their jobs, reactions and deliveries wait (core/jobs.py, core/relay.py) and go on when the shop is open again.
"""

from __future__ import annotations

from flask import Flask, g, request

from app.core import lifecycle
from app.core.errors import DomainError
from app.core.i18n import mark

SUSPENDED = "suspended"
_stays_possible: set[str] = set()


class ShopIsSuspended(DomainError):
    """Staff of a suspended shop tried to change something."""

    code, status = "shop_suspended", 403
    message = mark(
        "This shop is suspended, so nothing can be changed, and nothing was. You can look at everything and export it."
    )


def stays_possible(*endpoints: str) -> None:
    """Forms that work in a suspended shop too: to come in, to go, to prove who one is."""
    _stays_possible.update(endpoints)


def possible_still() -> frozenset[str]:
    """The endpoints of those forms."""
    return frozenset(_stays_possible)


def is_suspended() -> bool:
    """Does this request ask a suspended shop for something?"""
    tenant = g.get("tenant")
    return g.get("place") == "tenant" and tenant is not None and tenant.status == SUSPENDED


def init_app(app: Flask) -> None:
    """Look at each request after its reader's language is known and before its view runs."""
    app.before_request(_refuse)


def _refuse() -> None:
    if not is_suspended():
        return
    surface = lifecycle.surface()
    if surface in {"storefront", "api"}:
        raise lifecycle.ShopClosed()
    is_reading = request.method in {"GET", "HEAD", "OPTIONS"}
    if surface == "backoffice" and not is_reading and request.endpoint not in _stays_possible:
        raise ShopIsSuspended()
