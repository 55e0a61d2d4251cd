"""The address book."""

from uuid import UUID

from app.core import audit, clock, db
from app.core.access import Actor
from app.shop.customers import queries
from app.shop.customers.models import ADDRESS_FIELDS, Address, Customer
from app.shop.customers.schemas import NewAddress


def keep(customer: Customer, address: dict[str, str], *, is_default: bool) -> Address:
    """Add one address from an order to the book."""
    fields = {field: (address.get(field) or "").strip() for field in ADDRESS_FIELDS}
    kept = Address(customer_id=customer.id, is_default=is_default, **fields)
    db.add(kept)
    return kept


def add_address(customer_id: UUID, form: NewAddress, *, by: Actor | None = None) -> Address:
    """Add an address; the first one is the default. `by` is for others than the customer. Raises NotFound."""
    customer = _changing(customer_id)
    is_first = not queries.addresses_of(customer.id)
    address = Address(customer_id=customer.id, is_default=False, **_fields(form))
    db.add(address)
    db.flush()
    if is_first or form.is_default:
        _prefer(customer.id, address)
    _note(by, "customer.address_added", customer_id, address)
    return address


def change_address(customer_id: UUID, address_id: UUID, form: NewAddress, *, by: Actor | None = None) -> Address:
    """Correct an address. Orders keep the address they were placed with. Raises NotFound."""
    _changing(customer_id)
    address = queries.address_of(customer_id, address_id)
    for field, value in _fields(form).items():
        setattr(address, field, value)
    if form.is_default:
        _prefer(customer_id, address)
    _note(by, "customer.address_changed", customer_id, address)
    return address


def make_default(customer_id: UUID, address_id: UUID) -> Address:
    """Use this address first at the checkout. Raises NotFound."""
    _changing(customer_id)
    address = queries.address_of(customer_id, address_id)
    _prefer(customer_id, address)
    return address


def remove_address(customer_id: UUID, address_id: UUID, *, by: Actor | None = None) -> None:
    """Forget an address; when it was the default, the oldest one left takes its place."""
    _changing(customer_id)
    address = queries.address_of(customer_id, address_id)
    was_default = address.is_default
    _note(by, "customer.address_removed", customer_id, address)
    db.delete(address)
    db.flush()
    left = queries.addresses_of(customer_id)
    if was_default and left:
        left[0].is_default = True


def _changing(customer_id: UUID) -> Customer:
    """The customer, locked. Whoever keeps a copy asks for customers that changed, and means their addresses too."""
    customer = queries.lock(customer_id)
    customer.updated_at = clock.now()
    return customer


def _note(by: Actor | None, action: str, customer_id: UUID, address: Address) -> None:
    if by is not None:
        audit.record(by, action, customer_id, address_id=str(address.id))


def _prefer(customer_id: UUID, preferred: Address) -> None:
    """The old default steps back first: two at once would break the unique index."""
    for address in queries.addresses_of(customer_id):
        if address.is_default and address.id != preferred.id:
            address.is_default = False
    db.flush()
    preferred.is_default = True


def _fields(form: NewAddress) -> dict[str, str]:
    return {field: getattr(form, field).strip() for field in ADDRESS_FIELDS}
