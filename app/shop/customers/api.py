"""Customers for programs: who they are, where they live, and what they asked for."""

from __future__ import annotations

import msgspec
from flask import Response

from app.core import clock
from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, named, to_public
from app.core.rest import ApiDoor, Page, accepts, matches, page_of, returns
from app.core.rest_bulk import many
from app.core.rest_files import file_response, gives
from app.platform.tenancy.queries import current_shop
from app.shop.customers import exporting, queries, service
from app.shop.customers.errors import CustomerExists, NotThisCustomer, OrdersUnderWay
from app.shop.customers.models import ADDRESS_FIELDS, Address, Customer
from app.shop.customers.programs import (
    AddressesOut,
    AddressOut,
    CopyOfData,
    CustomerOut,
    ListCustomers,
    ManyChanged,
    ManyCustomers,
    TagsWritten,
)
from app.shop.customers.schemas import CustomerFilter, EditCustomer, EraseCustomer, NewAddress, NewCustomer, Sort

door = ApiDoor("customers")
CUSTOMER, ADDRESS = "cus", "addr"
_SAME = (
    "email", "name", "phone", "has_account", "accepts_marketing", "consent_at", "note", "order_count", "spent",
    "last_order_at", "erased_at", "created_at", "updated_at",
)  # fmt: skip


def _out(one: Customer) -> CustomerOut:
    plain = {name: getattr(one, name) for name in _SAME}
    tags, currency = list(one.tags or ()), current_shop().currency
    return CustomerOut(id=to_public(CUSTOMER, one.id), tags=tags, currency=currency, **plain)


_SORTS: dict[str, Sort] = {
    "-created_at": "newest", "created_at": "oldest", "-updated_at": "changed", "updated_at": "changed_up",
    "name": "name", "-name": "name_down", "-spent": "spent", "spent": "spent_up", "-order_count": "orders",
    "order_count": "orders_up",
}  # fmt: skip


def expanded(customer_ids: list[str]) -> dict[str, CustomerOut]:
    """Customers by their ids, for answers that name them."""
    return {one.id: one for one in map(_out, queries.these([from_public(CUSTOMER, one) for one in customer_ids]))}


def _shown(customer_id: str) -> CustomerOut:
    return _out(queries.with_tags(from_public(CUSTOMER, customer_id)))


def _locked(customer_id: str) -> CustomerOut:
    queries.lock(from_public(CUSTOMER, customer_id))
    return _shown(customer_id)


def _address_out(one: Address) -> AddressOut:
    plain = {name: getattr(one, name) for name in ADDRESS_FIELDS}
    return AddressOut(id=to_public(ADDRESS, one.id), is_default=one.is_default, **plain)


def _address(customer_id: str, address_id: str) -> AddressOut:
    return _address_out(queries.address_of(from_public(CUSTOMER, customer_id), from_public(ADDRESS, address_id)))


def _locked_address(customer_id: str, address_id: str) -> AddressOut:
    queries.lock(from_public(CUSTOMER, customer_id))
    return _address(customer_id, address_id)


@door.get("/customers")
@requires("customers.read")
@returns(Page[CustomerOut])
@accepts(ListCustomers)
def list_customers(query: ListCustomers) -> Page[CustomerOut]:
    """List customers, newest first or as `sort` says."""
    wanted = CustomerFilter(
        q=query.q, view=query.kind, tag=query.tag, sort=_SORTS[query.sort], cursor=query.cursor or ""
    )
    found = queries.listing_for_programs(wanted, query)
    return page_of([_out(one) for one in found.rows], found.next or None)


@door.post("/customers")
@requires("customers.edit")
@returns(CustomerOut, errors=(CustomerExists,), status=201)
@accepts(NewCustomer)
def create_customer(body: NewCustomer) -> CustomerOut:
    """Write a customer down; they open an account themselves, when they like."""
    made = service.create(body, by=current_actor())
    return _shown(to_public(CUSTOMER, made.id))


@door.get("/customers/<customer_id>")
@requires("customers.read")
@returns(CustomerOut, errors=(NotFound,))
def show_customer(customer_id: str) -> CustomerOut:
    """Show one customer."""
    return _shown(customer_id)


@door.put("/customers/<customer_id>")
@requires("customers.edit")
@returns(CustomerOut, errors=(NotFound,))
@matches(_locked)
@accepts(EditCustomer)
def update_customer(body: EditCustomer, customer_id: str) -> CustomerOut:
    """Change name, phone, consent and note. The e-mail address is the customer's own to change."""
    service.edit(from_public(CUSTOMER, customer_id), body, by=current_actor())
    return _shown(customer_id)


@door.put("/customers/<customer_id>/tags")
@requires("customers.edit")
@returns(CustomerOut, errors=(NotFound,))
@matches(_locked)
@accepts(TagsWritten)
def set_tags(body: TagsWritten, customer_id: str) -> CustomerOut:
    """Let a customer have exactly these tags."""
    service.set_tags(from_public(CUSTOMER, customer_id), body.tags, by=current_actor())
    return _shown(customer_id)


@door.get("/customers/<customer_id>/addresses")
@requires("customers.read")
@returns(AddressesOut, errors=(NotFound,))
def list_addresses(customer_id: str) -> AddressesOut:
    """List a customer's addresses, the default first."""
    identity = queries.get(from_public(CUSTOMER, customer_id)).id
    return AddressesOut([_address_out(one) for one in queries.addresses_of(identity)])


@door.post("/customers/<customer_id>/addresses")
@requires("customers.edit")
@returns(AddressOut, errors=(NotFound,), status=201)
@accepts(NewAddress)
def add_address(body: NewAddress, customer_id: str) -> AddressOut:
    """Add an address; the first one is the default."""
    return _address_out(service.add_address(from_public(CUSTOMER, customer_id), body, by=current_actor()))


@door.get("/customers/<customer_id>/addresses/<address_id>")
@requires("customers.read")
@returns(AddressOut, errors=(NotFound,))
def show_address(customer_id: str, address_id: str) -> AddressOut:
    """Show one address of a customer."""
    return _address(customer_id, address_id)


@door.put("/customers/<customer_id>/addresses/<address_id>")
@requires("customers.edit")
@returns(AddressOut, errors=(NotFound,))
@matches(_locked_address)
@accepts(NewAddress)
def change_address(body: NewAddress, customer_id: str, address_id: str) -> AddressOut:
    """Correct an address. Orders keep the one that they were placed with."""
    customer, address = from_public(CUSTOMER, customer_id), from_public(ADDRESS, address_id)
    return _address_out(service.change_address(customer, address, body, by=current_actor()))


@door.delete("/customers/<customer_id>/addresses/<address_id>")
@requires("customers.edit")
@returns(AddressOut, errors=(NotFound,))
def remove_address(customer_id: str, address_id: str) -> AddressOut:
    """Forget an address, and answer what it was."""
    was = _locked_address(customer_id, address_id)
    service.remove_address(from_public(CUSTOMER, customer_id), from_public(ADDRESS, address_id), by=current_actor())
    return was


@door.get("/customers/<customer_id>/data")
@requires("customers.export")
@returns(CopyOfData, errors=(NotFound,))
def copy_of_data(customer_id: str) -> CopyOfData:
    """Everything that the shop knows about a person, for them (GDPR, article 15)."""
    told = exporting.everything_about(queries.get(from_public(CUSTOMER, customer_id)))
    return msgspec.convert(msgspec.to_builtins(told), CopyOfData)


@door.post("/customers/<customer_id>/erase")
@requires("customers.erase")
@returns(CustomerOut, errors=(NotFound, NotThisCustomer, OrdersUnderWay))
@accepts(EraseCustomer)
def erase_customer(body: EraseCustomer, customer_id: str) -> CustomerOut:
    """Erase a person's data for good (GDPR, article 17). Name the e-mail address, so that it is nobody else's."""
    service.erase(from_public(CUSTOMER, customer_id), body.email, by=current_actor())
    return _shown(customer_id)


@door.post("/customers/actions")
@requires("customers.edit")
@returns(ManyChanged)
@accepts(ManyCustomers)
def act_on_many(body: ManyCustomers) -> ManyChanged:
    """Tag many customers, take a tag off, or note that they want no news."""
    ids = [named(CUSTOMER, one, f"customer_ids[{place}]") for place, one in enumerate(body.customer_ids)]
    queries.check_all_exist(ids, "customer_ids")
    if body.action == "no_marketing":
        return ManyChanged(service.unsubscribe(ids, by=current_actor()))
    change = service.add_tag if body.action == "tag" else service.remove_tag
    return ManyChanged(len(change(ids, body.tag.strip(), by=current_actor())))


@door.get("/customers/export.csv")
@requires("customers.export")
@gives("text/csv")
@returns(str)
def export_customers() -> Response:
    """Every customer as a file."""
    text = "".join(exporting.pieces(CustomerFilter()))
    return file_response(text, "text/csv", f"customers-{clock.now():%Y-%m-%d}.csv")


many(door, "/customers", create=create_customer, update=update_customer)
