"""Staff pages: customers list and detail."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.i18n import gettext, mark
from app.core.web import BackofficeDoor, accepts, done, is_fragment_request, page
from app.shop.customers import hooks, queries, service
from app.shop.customers.models import Customer
from app.shop.customers.schemas import CustomerFilter, EditCustomer

door = BackofficeDoor("customers")
VIEWS = (
    ("all", mark("All")),
    ("accounts", mark("With account")),
    ("guests", mark("Guests")),
    ("marketing", mark("Newsletter")),
)


def unfiltered() -> Response:
    """The list without any filter, for an address that asks for something unknown."""
    return _list(CustomerFilter())


@door.get("/customers")
@requires("customers.read")
@accepts(CustomerFilter, again=unfiltered)
def index(wanted: CustomerFilter) -> Response:
    """One page of customers; the piece below the heading for htmx."""
    return _list(wanted)


@door.get("/customers/<uuid:customer_id>")
@requires("customers.read")
def show(customer_id: UUID) -> Response:
    """One customer with orders, addresses and the staff's note."""
    return page("customers/backoffice/show.html", **_about(queries.get(customer_id)))


@door.post("/customers/<uuid:customer_id>")
@requires("customers.edit")
@accepts(EditCustomer, again=show)
def edit(form: EditCustomer, customer_id: UUID) -> Response:
    """Save name, phone, consent and note."""
    customer = service.edit(customer_id, form, by=current_actor())
    return done(
        "customers/backoffice/_customer.html",
        say=gettext("The customer is saved."),
        back_to=url_for(".show", customer_id=customer_id),
        **_about(customer),
    )


def _list(wanted: CustomerFilter) -> Response:
    found = queries.listing(wanted)
    template = "customers/backoffice/_list.html" if is_fragment_request() else "customers/backoffice/index.html"
    return page(
        template,
        found=found,
        counts=queries.counts(),
        wanted=wanted,
        views=VIEWS,
        link=_linker(wanted),
        spending=hooks.order_history().spending([customer.id for customer in found.rows]),
    )


def _about(customer: Customer) -> dict[str, Any]:
    history = hooks.order_history()
    return {
        "customer": customer,
        "addresses": queries.addresses_of(customer.id),
        "orders": history.recent(customer.id),
        "spending": history.spending([customer.id]).get(customer.id, hooks.Spending()),
    }


def _linker(wanted: CustomerFilter) -> Callable[..., str]:
    """Addresses of the same list with something changed; a change begins at the first page again."""
    plain = msgspec.to_builtins(CustomerFilter())

    def link(**changes: str) -> str:
        state = msgspec.to_builtins(wanted) | {"cursor": ""} | changes
        return url_for(".index", **{key: value for key, value in state.items() if value != plain[key]})

    return link
