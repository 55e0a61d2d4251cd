"""Everything that changes customers."""

from app.core import db
from app.core.text import fold, normalise_email
from app.shop.customers import queries
from app.shop.customers.models import ADDRESS_FIELDS, Address, Customer


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
    customer = queries.by_email(email)
    if customer is None:
        customer = Customer(email=normalise_email(email))
        db.add(customer)
    if not customer.has_account:
        customer.name = name.strip() or customer.name
        customer.phone = (address or {}).get("phone", "") or customer.phone
    customer.accepts_marketing = customer.accepts_marketing or accepts_marketing
    customer.search = search_text(customer)
    db.flush()
    if address and not customer.addresses:
        keep_address(customer, address, is_default=True)
    return customer


def search_text(customer: Customer) -> str:
    """What the search box of the customers list looks through."""
    return fold(f"{customer.name} {customer.email} {customer.phone}")


def keep_address(customer: Customer, address: dict[str, str], *, is_default: bool) -> Address:
    """Add one address to the address book."""
    fields = {field: (address.get(field) or "").strip() for field in ADDRESS_FIELDS}
    kept = Address(customer_id=customer.id, is_default=is_default, **fields)
    customer.addresses.append(kept)
    db.flush()
    return kept
