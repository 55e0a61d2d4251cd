"""A sign-in by the provider: out to its pages, and back with a code. The network is asked between two transactions."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from app.core import clock, db
from app.core.i18n import gettext
from app.core.later import later
from app.platform.sso import checking, provider, queries, service
from app.platform.sso.errors import AnswerNotTrusted, NotBegunHere, ProviderSaidNo, ProviderUnreachable
from app.platform.sso.schemas import Described, Journey, Person, Wiring
from app.platform.staff.models import StaffMember

if TYPE_CHECKING:
    from app.core import http
else:
    http = later("app.core.http")  # outgoing calls are rare, their libraries are large

log = logging.getLogger("app.sso")

LASTS = 10 * 60
"""Seconds from the way out to the way back."""


def set_out(wanted: str, *, is_again: bool = False) -> tuple[str, str, Journey]:
    """Where to send the person, the state that brings them back, and what to keep of it. Raises NotFound."""
    wiring = service.wiring(queries.provider_in_use())
    db.checkpoint()
    try:
        described = provider.describe(wiring.issuer)
        state, nonce, verifier = (secrets.token_urlsafe(size) for size in (24, 24, 48))
        sent = {"state": state, "nonce": nonce, "verifier": verifier}
        address = provider.way_out(wiring, described, **sent, is_again=is_again)
    except (http.FetchFailed, provider.Untrusted) as problem:
        log.warning("a sign-in provider cannot be used: %s", problem)
        raise ProviderUnreachable from problem
    ends = int(clock.now().timestamp()) + LASTS
    since = ends - LASTS if is_again else 0
    told = asdict(described)
    kept = Journey(str(wiring.id), wiring.issuer, wiring.client_id, nonce, verifier, wanted, ends, told, since)
    return address, state, kept


def come_back(journey: Journey | None, answer: dict[str, str]) -> StaffMember:
    """Who came back. Raises a SignInRefused.

    `answer` holds the parameters of the address. What was asked of one provider is never taken to another: the
    journey remembers the issuer and its addresses (RFC 9700, 4.4), and the issuer named in the answer is compared here,
    since the library does not.
    """
    if journey is None or journey.ends < clock.now().timestamp():
        raise NotBegunHere
    row = queries.provider_in_use()
    if row is None:
        raise NotBegunHere
    wiring = service.wiring(row)
    if (str(wiring.id), wiring.issuer, wiring.client_id) != (journey.provider_id, journey.issuer, journey.client_id):
        raise NotBegunHere
    described = msgspec.convert(journey.described, Described)
    named = answer.get("iss")
    if named != wiring.issuer if named is not None else described.names_itself:
        raise AnswerNotTrusted
    if "error" in answer or not answer.get("code"):
        raise ProviderSaidNo
    db.checkpoint()
    try:
        person = _ask(wiring, described, journey, answer["code"])
    except http.FetchFailed as problem:
        raise ProviderUnreachable from problem
    except provider.Untrusted as problem:
        log.warning("a sign-in provider's answer was refused: %s", problem)
        raise AnswerNotTrusted from problem
    return service.welcome(person)


def test_connection() -> str:
    """Ask the provider for its description and keys; a sentence where something is wrong, else nothing."""
    wiring = service.wiring(queries.provider())
    db.checkpoint()
    try:
        if not provider.keys(provider.describe(wiring.issuer)):
            return gettext("It publishes no keys.")
    except http.FetchFailed as problem:
        return str(problem)
    except provider.Untrusted as problem:
        return gettext("It does not answer as a provider does: %(problem)s.", problem=str(problem))
    return ""


def _ask(wiring: Wiring, described: Described, journey: Journey, code: str) -> Person:
    tokens = provider.redeem(wiring, described, code=code, verifier=journey.verifier)
    keys = provider.keys(described)
    claims = checking.claims_of(tokens.get("id_token"), keys, wiring, journey.nonce, since=journey.since)
    if "email" not in claims:
        more = provider.about(described, str(tokens.get("access_token", "")))
        if more and more.get("sub") != claims["sub"]:
            raise provider.Untrusted("it tells of somebody else")
        claims = more | claims
    return Person(wiring.issuer, claims["sub"], _proven(claims), str(claims.get("name") or "")[:120])


def _proven(claims: dict[str, Any]) -> str:
    """The mail address, if the provider says in so many words that it has checked it."""
    email = claims.get("email")
    is_proven = claims.get("email_verified") is True
    return email if is_proven and isinstance(email, str) and len(email) <= 254 else ""
