"""One customer: history, details, tags, a copy of their data, and erasing it."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Response, make_response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext as _
from app.core.web import accepts, done, page, redirect_to
from app.shop.customers import exporting, hooks, queries, service
from app.shop.customers.backoffice.door import door
from app.shop.customers.models import Customer
from app.shop.customers.schemas import EditCustomer, EraseCustomer, TagCustomer


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
    return _again(service.edit(customer_id, form, by=current_actor()), _("The customer is saved."))


@door.post("/customers/<uuid:customer_id>/tags")
@requires("customers.edit")
@accepts(TagCustomer, again=show)
def add_tag(form: TagCustomer, customer_id: UUID) -> Response:
    """Put a word on the customer."""
    customer = queries.get(customer_id)
    service.add_tag([customer.id], form.tag, by=current_actor())
    return _again(customer, _("The tag is set."))


@door.post("/customers/<uuid:customer_id>/tags/remove")
@requires("customers.edit")
@accepts(TagCustomer, again=show)
def remove_tag(form: TagCustomer, customer_id: UUID) -> Response:
    """Take a word off the customer."""
    customer = queries.get(customer_id)
    service.remove_tag([customer.id], form.tag, by=current_actor())
    return _again(customer, _("The tag is taken off."))


@door.get("/customers/<uuid:customer_id>/data.json")
@requires("customers.export")
@fresh_proof
def copy_of_data(customer_id: UUID) -> Response:
    """Everything that the shop knows about this person, for them (GDPR article 15)."""
    told = exporting.everything_about(queries.get(customer_id))
    answer = make_response(msgspec.json.format(msgspec.json.encode(told), indent=2))
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="customer-{customer_id}.json"'
    return answer


@door.get("/customers/<uuid:customer_id>/erase")
@requires("customers.erase")
def ask_to_erase(customer_id: UUID) -> Response:
    """Say what erasing does before it is done."""
    return page("customers/backoffice/erase.html", customer=queries.get(customer_id))


@door.post("/customers/<uuid:customer_id>/erase")
@requires("customers.erase")
@accepts(EraseCustomer, again=ask_to_erase)
def erase(form: EraseCustomer, customer_id: UUID) -> Response:
    """Erase the personal data for good."""
    service.erase(customer_id, form.email, by=current_actor())
    return redirect_to(url_for(".show", customer_id=customer_id), _("The personal data is erased."))


def _again(customer: Customer, say: str) -> Response:
    return done(
        "customers/backoffice/_customer.html",
        say=say,
        back_to=url_for(".show", customer_id=customer.id),
        **_about(customer),
    )


def _about(customer: Customer) -> dict[str, Any]:
    history = hooks.order_history()
    return {
        "customer": customer,
        "addresses": queries.addresses_of(customer.id),
        "orders": history.recent(customer.id),
        "spending": history.spending([customer.id]).get(customer.id, hooks.Spending()),
        "tags": queries.tags_of([customer.id]).get(customer.id, []),
    }
