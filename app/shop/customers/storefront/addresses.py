"""The shopper's address book."""

from uuid import UUID

from flask import Response, url_for

from app.core.access import for_customers
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.tenancy.queries import current_shop
from app.shop.customers import queries, service
from app.shop.customers.places import country_names
from app.shop.customers.schemas import NewAddress, OpenLink
from app.shop.customers.storefront.door import door, me, my_id


@door.get("/account/addresses")
@for_customers
def addresses() -> Response:
    """Every address, default first."""
    return page("customers/storefront/addresses.html", addresses=queries.addresses_of(my_id()))


@door.get("/account/addresses/new")
@for_customers
def new_address() -> Response:
    """An empty address form."""
    return page(
        "customers/storefront/address.html",
        address=None,
        customer=me(),
        countries=country_names(),
        home=current_shop().country,
    )


@door.post("/account/addresses/new")
@for_customers
@accepts(NewAddress, again=new_address)
def add_address(form: NewAddress) -> Response:
    """Keep a new address."""
    service.add_address(my_id(), form)
    return redirect_to(url_for(".addresses"), gettext("The address is saved."))


@door.get("/account/addresses/<uuid:address_id>")
@for_customers
def edit_address(address_id: UUID) -> Response:
    """One address in the form."""
    return page(
        "customers/storefront/address.html",
        address=queries.address_of(my_id(), address_id),
        customer=me(),
        countries=country_names(),
        home=current_shop().country,
    )


@door.post("/account/addresses/<uuid:address_id>")
@for_customers
@accepts(NewAddress, again=edit_address)
def change_address(form: NewAddress, address_id: UUID) -> Response:
    """Correct an address."""
    service.change_address(my_id(), address_id, form)
    return redirect_to(url_for(".addresses"), gettext("The address is saved."))


@door.post("/account/addresses/<uuid:address_id>/default")
@for_customers
@accepts(OpenLink)
def default_address(form: OpenLink, address_id: UUID) -> Response:
    """Use this address first."""
    service.make_default(my_id(), address_id)
    return redirect_to(url_for(".addresses"), gettext("This is your default address now."))


@door.post("/account/addresses/<uuid:address_id>/delete")
@for_customers
@accepts(OpenLink)
def remove_address(form: OpenLink, address_id: UUID) -> Response:
    """Forget an address."""
    service.remove_address(my_id(), address_id)
    return redirect_to(url_for(".addresses"), gettext("The address is deleted."))
