"""Customers as the shop knows them, with or without an account."""

from uuid import UUID

from app.core import audit, db
from app.core.access import Actor
from app.core.text import fold, normalise_email
from app.shop.customers import queries
from app.shop.customers.models import Customer
from app.shop.customers.schemas import EditCustomer
from app.shop.customers.service import book


def remember(
    email: str,
    name: str = "",
    address: dict[str, str] | None = None,
    *,
    accepts_marketing: bool = False,
) -> Customer:
    """The customer with this address, made if unknown. Called when an order is placed.

    A buyer who is not signed in has proved nothing, so an account's own details stay as
    they are; only consent to marketing is added, never taken away.
    """
    known = queries.lock_by_email(email)
    customer = known or _stranger(email)
    if not customer.has_account:
        customer.name = name.strip() or customer.name
        customer.phone = (address or {}).get("phone", "") or customer.phone
        if address and (known is None or not queries.addresses_of(customer.id)):
            book.keep(customer, address, is_default=True)
    customer.accepts_marketing = customer.accepts_marketing or accepts_marketing
    customer.search = search_text(customer)
    db.flush()
    return customer


def new_customer(email: str) -> Customer:
    """A guest nobody knows anything of yet."""
    customer = _stranger(email)
    db.flush()
    return customer


def _stranger(email: str) -> Customer:
    """A guest who is written with the next flush, so that the caller may say more first."""
    customer = Customer(
        email=normalise_email(email),
        name="",
        phone="",
        password_hash=None,
        email_proved_at=None,
        credentials_version=0,
        accepts_marketing=False,
        note="",
    )
    customer.search = search_text(customer)
    db.add(customer)
    return customer


def edit(customer_id: UUID, form: EditCustomer, *, by: Actor) -> Customer:
    """What staff may change. Raises NotFound."""
    customer = queries.lock(customer_id)
    customer.name, customer.phone = form.name.strip(), form.phone.strip()
    customer.accepts_marketing, customer.note = form.accepts_marketing, form.note.strip()
    customer.search = search_text(customer)
    audit.record(by, "customer.edited", customer)
    return customer


def search_text(customer: Customer) -> str:
    """What the search box of the customers list looks through."""
    return fold(f"{customer.name} {customer.email} {customer.phone}")
