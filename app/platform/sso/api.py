"""The provider by which staff sign in, for programs."""

from __future__ import annotations

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.isolation import tenant_url
from app.core.rest import ApiDoor, accepts, returns
from app.core.rest_matching import matches
from app.platform.sso import journeys, queries, service
from app.platform.sso.errors import OnlyWhoMayAll, ProviderIsThere
from app.platform.sso.models import SignInProvider
from app.platform.sso.programs import ProviderOut, ProviderTested, ProviderWritten, as_form
from app.platform.staff.errors import MoreThanYouHold

door = ApiDoor("sso")


@door.get("/sign-in-provider")
@requires("sso.manage")
@returns(ProviderOut)
def get_provider() -> ProviderOut:
    """Read the provider by which staff may sign in; 404 while there is none. Its secret is never told."""
    return _provider(queries.provider())


@door.post("/sign-in-provider")
@requires("sso.manage")
@returns(ProviderOut, errors=(OnlyWhoMayAll, ProviderIsThere, MoreThanYouHold), status=201)
@accepts(ProviderWritten)
def add_provider(body: ProviderWritten) -> ProviderOut:
    """Trust a provider. Only a program that holds every scope may: who names the provider can come in as anybody."""
    if queries.lock_provider() is not None:
        raise ProviderIsThere
    return _provider(service.save(as_form(body), by=current_actor()))


@door.put("/sign-in-provider")
@requires("sso.manage")
@returns(ProviderOut, errors=(OnlyWhoMayAll, MoreThanYouHold))
@matches(lambda: _provider(queries.lock_provider()))
@accepts(ProviderWritten)
def change_provider(body: ProviderWritten) -> ProviderOut:
    """Change the provider; an empty `client_secret` keeps what is stored. It takes every scope, as to add it."""
    return _provider(service.save(as_form(body), by=current_actor()))


@door.delete("/sign-in-provider")
@requires("sso.manage")
@returns(ProviderOut)
def remove_provider() -> ProviderOut:
    """Trust it no more. Staff sign in as before, and whoever came in by it is signed out."""
    told = _provider(queries.lock_provider())
    service.remove(by=current_actor())
    return told


@door.post("/sign-in-provider/on")
@requires("sso.manage")
@returns(ProviderOut, errors=(OnlyWhoMayAll,))
def switch_provider_on() -> ProviderOut:
    """Let staff sign in by it. It takes every scope, as to add it."""
    return _provider(service.switch(True, by=current_actor()))


@door.post("/sign-in-provider/off")
@requires("sso.manage")
@returns(ProviderOut)
def switch_provider_off() -> ProviderOut:
    """Let nobody sign in by it for a while. Whoever came in by it is signed out."""
    return _provider(service.switch(False, by=current_actor()))


@door.post("/sign-in-provider/test")
@requires("sso.manage")
@returns(ProviderTested)
def test_provider() -> ProviderTested:
    """Ask the provider for its description and its keys."""
    problem = journeys.test_connection()
    if not problem:
        service.note_test(by=current_actor())
    return ProviderTested(not problem, problem)


def _provider(one: SignInProvider | None) -> ProviderOut:
    if one is None:
        raise NotFound
    return ProviderOut(
        label=one.label, issuer=one.issuer, client_id=one.client_id, has_secret=bool(one.client_secret),
        domains=one.domains, first_role=one.first_role, is_on=one.is_on, is_only_way=one.is_only_way,
        come_back_url=tenant_url(service.COME_BACK), tested_at=one.tested_at, created_at=one.created_at,
    )  # fmt: skip
