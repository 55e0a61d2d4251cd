"""How a signed-in shopper becomes an actor, and where shoppers sign in."""

from uuid import UUID

from flask import Flask

from app.core import access, lifecycle
from app.shop.customers import queries


def register(app: Flask) -> None:
    """Called once at start."""
    access.actor_loader("customer", shopper)
    lifecycle.sign_in_pages["customer"] = "customers_storefront.sign_in"


def shopper(customer_id: UUID) -> access.Actor | None:
    """The actor of a shopper's session; None once the account is gone."""
    customer = queries.by_id(customer_id)
    if customer is None or not customer.has_account:
        return None
    return access.Actor("customer", id=customer.id, name=customer.display_name)
