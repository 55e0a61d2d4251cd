"""Ids: UUID v7 made by the client inside, a readable type prefix ("prod_01h..") outside."""

from collections.abc import Iterable
from uuid import UUID

import uuid_utils
from typeid import TypeID
from typeid.errors import TypeIDException
from uuid_utils.compat import uuid7

from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext

PREFIXES = {
    "product_id": "prod", "variant_id": "var", "collection_id": "col", "image_id": "img", "import_id": "imp",
    "order_id": "ord", "fulfilment_id": "ful", "refund_id": "rfnd", "payment_id": "pay", "customer_id": "cus",
    "line_id": "line", "bulk_id": "bulk", "address_id": "addr", "page_id": "page", "band_id": "band",
    "subscriber_id": "sub", "tax_id": "tax", "zone_id": "zone", "rate_id": "rate",
    "batch_id": "batch", "staff_id": "staff", "event_id": "evt", "endpoint_id": "hook", "delivery_id": "dlv",
    "key_id": "key", "origin_id": "origin", "api_request_id": "req", "app_id": "app", "grant_id": "grant",
    "role_id": "role", "invitation_id": "inv", "session_id": "session", "message_id": "msg", "visit_id": "visit",
}  # fmt: skip
"""What an id under this name begins with outside: in the API, in webhooks."""


def new_id() -> UUID:
    """A new UUID v7: unique without asking the database, and increasing, so indexes stay dense."""
    return uuid7()


def to_public(prefix: str, identity: UUID) -> str:
    """Write an id as the API shows it: `prod_01h455vb4pex5vsknk084sn02q`."""
    return str(TypeID.from_uuid(uuid_utils.UUID(bytes=identity.bytes), prefix=prefix))


def from_public(prefix: str, text: str) -> UUID:
    """Read an id that came over the API.

    Raises NotFound for anything else, another type's prefix included: a stranger learns nothing from the answer.
    """
    try:
        public = TypeID.from_string(text)
    except (TypeIDException, ValueError):
        raise NotFound from None
    if public.prefix != prefix:
        raise NotFound
    return UUID(bytes=public.uuid.bytes)


def named(prefix: str, text: str, field: str) -> UUID:
    """Read an id that stands in a body; raises InvalidInput beside its field for what cannot be one."""
    try:
        return from_public(prefix, text)
    except NotFound:
        raise unknown(field) from None


def named_of(prefix: str, texts: Iterable[str], field: str, there: Iterable[str]) -> list[UUID]:
    """Read ids of a list in a body; raises InvalidInput beside the first that is not among those that are there."""
    known = set(there)
    found = []
    for place, text in enumerate(texts):
        if text not in known:
            raise unknown(f"{field}[{place}]")
        found.append(from_public(prefix, text))
    return found


def unknown(field: str) -> InvalidInput:
    """The refusal of a body that names something that is not there."""
    return InvalidInput({field: gettext("There is nothing of this id.")})


def uuid_in(text: str) -> UUID | None:
    """The id inside a public one of whatever type; None for a text that is none."""
    try:
        return UUID(bytes=TypeID.from_string(text.strip()).uuid.bytes)
    except (TypeIDException, ValueError):
        return None
