"""Customers as the shop knows them, with or without an account."""

from collections.abc import Sequence
from uuid import UUID

from app.core import audit, clock, db, login
from app.core.access import Actor
from app.core.text import fold, name_keys, normalise_email
from app.shop.customers import hooks, queries
from app.shop.customers.errors import CustomerExists, NotThisCustomer, OrdersUnderWay
from app.shop.customers.hooks import Spending
from app.shop.customers.models import Customer, CustomerTag
from app.shop.customers.schemas import EditCustomer, NewCustomer
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
    customer.set_consent(customer.accepts_marketing or accepts_marketing, at=clock.now())
    make_findable(customer)
    db.flush()
    return customer


def create(new: NewCustomer, *, by: Actor) -> Customer:
    """Write somebody down whom staff know from elsewhere; a guest until they open an account. Raises CustomerExists."""
    if queries.lock_by_email(new.email) is not None:
        raise CustomerExists
    customer = new_customer(new.email)
    details = EditCustomer(new.name, new.phone, new.accepts_marketing, new.note)
    edit(customer.id, details, by=by)
    set_tags(customer.id, new.tags, by=by)
    audit.record(by, "customer.created", customer)
    return customer


def set_tags(customer_id: UUID, tags: Sequence[str], *, by: Actor) -> None:
    """Let a customer have exactly these words. Raises NotFound."""
    queries.lock(customer_id)
    wanted, present = {tag.strip() for tag in tags}, set(queries.tags_of([customer_id]).get(customer_id, []))
    for tag in sorted(wanted - present):
        add_tag([customer_id], tag, by=by)
    for tag in sorted(present - wanted):
        remove_tag([customer_id], tag, by=by)


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
    make_findable(customer)
    db.add(customer)
    return customer


def edit(customer_id: UUID, form: EditCustomer, *, by: Actor) -> Customer:
    """What staff may change. Raises NotFound."""
    customer = queries.lock(customer_id)
    customer.name, customer.phone = form.name.strip(), form.phone.strip()
    customer.note = form.note.strip()
    customer.set_consent(form.accepts_marketing, at=clock.now(), by=by.name)
    make_findable(customer)
    audit.record(by, "customer.edited", customer, accepts_marketing=customer.accepts_marketing)
    return customer


def make_findable(customer: Customer) -> None:
    """Write down what the customers list searches and sorts by."""
    customer.search = fold(f"{customer.name} {customer.email} {customer.phone}")
    customer.name_key, customer.surname_key = name_keys(customer.name)


def note_spending(customer_id: UUID, spending: Spending) -> None:
    """Keep what somebody bought so far beside the customer, for sorting. Raises nothing for one who is gone."""
    for customer in queries.some([customer_id]):
        customer.order_count, customer.spent = spending.orders, spending.total
        customer.last_order_at = spending.last_at


def add_tag(customer_ids: Sequence[UUID], tag: str, *, by: Actor) -> list[UUID]:
    """Put a word on customers; the ids of those that did not have it before."""
    people = queries.some(customer_ids)
    tagged = {one for one, tags in queries.tags_of([one.id for one in people]).items() if tag in tags}
    fresh = [one for one in people if one.id not in tagged]
    for customer in fresh:
        db.add(CustomerTag(tenant_id=customer.tenant_id, customer_id=customer.id, tag=tag))
        customer.updated_at = clock.now()
        audit.record(by, "customer.tagged", customer, tag=tag)
    db.flush()
    return [one.id for one in fresh]


def remove_tag(customer_ids: Sequence[UUID], tag: str, *, by: Actor) -> list[UUID]:
    """Take a word off customers; the ids of those that had it."""
    had = []
    for customer in queries.some(customer_ids):
        for row in queries.lock_tags_of(customer.id, tag):
            db.delete(row)
            customer.updated_at = clock.now()
            had.append(customer.id)
            audit.record(by, "customer.untagged", customer, tag=tag)
    db.flush()
    return had


def unsubscribe(customer_ids: Sequence[UUID], *, by: Actor) -> int:
    """Note that these people want no news; nobody is ever signed up by the dozen. Returns how many wanted some."""
    wanted = [one for one in queries.some(customer_ids) if one.accepts_marketing]
    for customer in wanted:
        customer.set_consent(False, at=clock.now(), by=by.name)
        audit.record(by, "customer.unsubscribed", customer)
    return len(wanted)


def erase(customer_id: UUID, email: str, *, by: Actor) -> Customer:
    """Erase somebody's personal data on their request (GDPR article 17).

    Account, addresses, note, tags and consent go. Orders keep their own copy: tax law asks for it (article 17(3)(b)).
    Raises NotThisCustomer when the address typed is another one, OrdersUnderWay and NotFound.
    """
    customer = queries.lock(customer_id)
    if normalise_email(email) != customer.email:
        raise NotThisCustomer()
    if hooks.order_history().has_open(customer.id):
        raise OrdersUnderWay()
    for row in [*queries.addresses_of(customer.id), *queries.lock_tags_of(customer.id)]:
        db.delete(row)
    login.sign_out_everywhere("customer", customer.id)
    customer.email, customer.name, customer.phone = f"{customer.id}@erased.invalid", "", ""
    customer.password_hash, customer.email_proved_at, customer.note = None, None, ""
    customer.accepts_marketing, customer.consent_at, customer.consent_by = False, None, ""
    customer.erased_at = clock.now()
    customer.credentials_version += 1
    make_findable(customer)
    db.flush()
    audit.record(by, "customer.erased", customer)
    return customer
