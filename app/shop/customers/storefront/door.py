"""The one door of shoppers' account pages."""

from uuid import UUID

from app.core.access import current_actor
from app.core.errors import NotSignedIn
from app.core.web import StorefrontDoor
from app.shop.customers import queries
from app.shop.customers.models import Customer

door = StorefrontDoor("customers")


def me() -> Customer:
    """The signed-in shopper; raises NotSignedIn."""
    return queries.get(my_id())


def my_id() -> UUID:
    """The signed-in shopper's id; raises NotSignedIn."""
    actor = current_actor()
    if actor.kind != "customer" or actor.id is None:
        raise NotSignedIn()
    return actor.id
