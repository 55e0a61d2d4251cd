"""Settings of payments: which gateways are offered, under which name, with which keys."""

from __future__ import annotations

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.errors import NotFound
from app.core.i18n import gettext
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.platform.plugins import standing
from app.shop.payments import hooks, queries, service
from app.shop.payments.schemas import WriteMethod

door = BackofficeDoor("payments")


@door.get("/settings/payments")
@requires("payments.manage")
def index() -> Response:
    """Every installed gateway, and payments that a person must look at."""
    methods = {method.code: method for method in queries.all_methods()}
    return page(
        "payments/backoffice/index.html",
        gateways=[
            (gateway, methods.get(gateway.code))
            for gateway in hooks.gateways()
            if gateway.code in methods or standing.is_on(hooks.plugin_of(gateway.code))
        ],
        held=queries.held_payments(),
    )


@door.get("/settings/payments/<code>")
@requires("payments.manage")
@fresh_proof
def edit(code: str) -> Response:
    """A form for one gateway."""
    return page("payments/backoffice/method.html", gateway=_gateway(code), method=queries.method_of(code))


@door.post("/settings/payments/<code>")
@requires("payments.manage")
@fresh_proof
@accepts(WriteMethod, again=edit)
def change(form: WriteMethod, code: str) -> Response:
    """Offer a gateway or stop, and write its settings."""
    _gateway(code)
    service.write_method(code, form, by=current_actor())
    if form.is_enabled:
        return redirect_to(url_for(".index"), gettext("%(title)s is offered at the checkout.", title=form.title))
    return redirect_to(url_for(".index"), gettext("%(title)s is switched off.", title=form.title))


def _gateway(code: str) -> hooks.PaymentGateway:
    gateway = hooks.gateway(code)
    if gateway is None:
        raise NotFound()
    return gateway
