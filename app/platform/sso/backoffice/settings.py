"""Which provider the shop trusts, and how far."""

from typing import Any

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext
from app.core.isolation import tenant_url
from app.core.web import accepts, page, redirect_to
from app.platform.sso import journeys, queries, service
from app.platform.sso.backoffice.door import door
from app.platform.sso.schemas import Nothing, ProviderForm
from app.platform.staff import queries as staff


@door.get("/sign-in-provider")
@requires("sso.manage")
def index(**_: Any) -> Response:
    """The provider and its rules."""
    return _shown()


@door.post("/sign-in-provider")
@requires("sso.manage")
@fresh_proof
@accepts(ProviderForm, again=index)
def save(form: ProviderForm) -> Response:
    """Trust it from now on."""
    service.save(form, by=current_actor())
    return redirect_to(url_for(".index"), gettext("Saved. Test the connection before you send people there."))


@door.post("/sign-in-provider/test")
@requires("sso.manage")
@accepts(Nothing)
def test(form: Nothing) -> Response:
    """Ask the provider for its description and its keys."""
    problem = journeys.test_connection()
    if problem:
        return _shown(422, problem=problem)
    service.note_test(by=current_actor())
    return redirect_to(url_for(".index"), gettext("The provider answers as it should."))


@door.post("/sign-in-provider/remove")
@requires("sso.manage")
@fresh_proof
@accepts(Nothing)
def remove(form: Nothing) -> Response:
    """People sign in as before."""
    service.remove(by=current_actor())
    return redirect_to(url_for(".index"), gettext("The provider is removed. People sign in with their password again."))


def _shown(status: int = 200, problem: str = "") -> Response:
    offered = [(name, role.title) for name, role in staff.roles().items() if name != "owner"]
    return page(
        "sso/backoffice/index.html", status,
        provider=queries.provider(), roles=offered, come_back=tenant_url(service.COME_BACK), problem=problem,
    )  # fmt: skip
