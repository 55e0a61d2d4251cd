"""Sign-in by a mailed link: made for whoever has an account, used once, gone with every change of credentials."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import delete

from app.core import clock, db
from app.core.isolation import tenant_url
from app.core.text import is_local_path
from app.shop.customers import queries
from app.shop.customers.errors import LinkUsedUp
from app.shop.customers.models import Customer, EntryLink

LASTS = timedelta(minutes=15)


def make_entry_link(customer: Customer, wanted: str = "") -> str:
    """An address that signs this customer in once, within a quarter of an hour. Only a hash of it is stored."""
    token = secrets.token_urlsafe(32)
    db.add(EntryLink(token_hash=_hash(token), customer_id=customer.id, expires_at=clock.now() + LASTS))
    db.flush()
    return tenant_url(f"/account/link/{token}") + (f"?next={quote(wanted)}" if is_local_path(wanted) else "")


def refuse_old_entry_link(token: str) -> None:
    """Raise LinkUsedUp for a link that signs nobody in; a good one stays good: programs that read mail open links."""
    link = queries.entry_link(_hash(token))
    if link is None or link.expires_at <= clock.now():
        raise LinkUsedUp


def use_entry_link(token: str) -> Customer:
    """Who comes in by this link; it and every other link of theirs is used up. Raises LinkUsedUp."""
    link = queries.lock_entry_link(_hash(token))
    customer = queries.by_id(link.customer_id) if link and link.expires_at > clock.now() else None
    if customer is None or not customer.has_account:
        raise LinkUsedUp
    forget_entry_links(customer.id)
    return customer


def forget_entry_links(customer_id: UUID) -> None:
    """No link that is out signs this customer in any more."""
    for link in queries.entry_links_of(customer_id):
        db.delete(link)
    db.flush()


def forget_old_entry_links() -> None:
    """Remove what is over."""
    db.session.execute(delete(EntryLink).where(EntryLink.expires_at < clock.now()))


def _hash(token: str) -> bytes:
    """256 random bits: there is nothing to guess, so a plain hash will do."""
    return hashlib.sha256(token.encode()).digest()
