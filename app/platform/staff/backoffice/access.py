"""How colleagues sign in: the shop's rules, and help for somebody who lost a phone or left a browser open."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext, said
from app.core.web import accepts, page, redirect_to
from app.platform.staff import factors, policy, queries, seats
from app.platform.staff.backoffice.door import door
from app.platform.staff.schemas import Nothing, PolicyForm


@door.get("/staff/sign-in")
@requires("staff.write")
@fresh_proof
def rules(**_: Any) -> Response:
    """What the shop asks of its staff before they come in."""
    members = queries.all_staff()
    return page(
        "staff/backoffice/rules.html",
        rules=policy.current(), asked_of=said(policy.ASKED_OF), members=members,
        without=[one for one in members if not one.has_factor],
    )  # fmt: skip


@door.post("/staff/sign-in")
@requires("staff.write")
@fresh_proof
@accepts(PolicyForm, again=rules)
def change_rules(form: PolicyForm) -> Response:
    """Change them, from everybody's next click on."""
    policy.change(form, by=current_actor())
    return redirect_to(url_for(".rules"), gettext("The rules are saved. They hold from everybody's next click on."))


@door.get("/staff/<uuid:staff_id>/access")
@requires("staff.write")
def colleague(staff_id: UUID) -> Response:
    """How one colleague signs in, and where they are signed in."""
    member = queries.staff_or_404(staff_id)
    app = queries.authenticator_of(member.id)
    return page(
        "staff/backoffice/colleague.html",
        member=member, has_app=bool(app and app.secret), passkeys=queries.passkeys_of(member.id),
        seats=seats.seats_of(member.id), role=queries.role_of(member),
        may_help=queries.permissions_of(member) <= current_actor().permissions,
    )  # fmt: skip


@door.post("/staff/<uuid:staff_id>/reset-factors")
@requires("staff.write")
@fresh_proof
@accepts(Nothing)
def reset_factors(form: Nothing, staff_id: UUID) -> Response:
    """They lost their phone: take their factors away, and end their sessions."""
    member = factors.reset(staff_id, by=current_actor())
    seats.end_all_of(member.id, by=current_actor())
    say = gettext("%(name)s signs in with the password and makes a new second step.", name=member.name)
    return redirect_to(url_for(".colleague", staff_id=staff_id), say)


@door.post("/staff/<uuid:staff_id>/end-sessions")
@requires("staff.write")
@accepts(Nothing)
def end_sessions_of(form: Nothing, staff_id: UUID) -> Response:
    """Sign a colleague out everywhere in this shop."""
    member = seats.end_all_of(staff_id, by=current_actor())
    say = gettext("%(name)s is signed out of every browser.", name=member.name)
    return redirect_to(url_for(".colleague", staff_id=staff_id), say)
