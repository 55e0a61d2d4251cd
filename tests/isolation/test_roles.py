"""Every staff route of the house, by every role: shut to whoever lacks its permission, and at another shop to all."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

import pytest

from app.core import access
from app.core.access import Actor
from app.core.errors import Forbidden
from app.core.ids import new_id
from app.platform.staff import granting, queries
from app.platform.staff.roles import ROLES, Role
from app.platform.staff.schemas import RoleForm
from tests.isolation.requests import Probe, probes

OWN = {"Packing": ["orders.read", "orders.fulfil"], "Figures": ["orders.read", "orders.export", "customers.read"]}
"""Roles that a shop made itself."""


@pytest.fixture
def own(app, shop, owner) -> dict[str, Role]:
    """The shop's own roles."""
    with app.app_context(), shop.entered():
        made = [granting.make_role(RoleForm(label, "", wanted), by=owner) for label, wanted in OWN.items()]
        return {str(row.id): queries.as_role(row) for row in made}


@pytest.fixture
def people(own, make_member, staff_browser) -> dict[str, Any]:
    """A browser for each role, built in or the shop's own, of a member of the shop."""
    return {name: staff_browser(make_member(role=name, email=f"{name}@example.com")) for name in (*ROLES, *own)}


def guarded(app: Any) -> list[tuple[Probe, str]]:
    """Staff routes with the permission that each asks for; ids in them are nobody's."""
    table = [(probe, app.view_functions[probe.endpoint].__access__) for probe in probes(app, None)]
    return [(probe, asked) for probe, asked in table if probe.path.startswith("/admin") and asked != access.PUBLIC]


def send(browser: Any, probe: Probe) -> int:
    return int((browser.get(probe.path) if probe.method == "GET" else browser.post_form(probe.path)).status_code)


def is_let_past(app: Any, probe: Probe, role: Role) -> bool:
    """Does the gate let this role through to the view? What the view does without a shop is of no interest."""
    _, arguments = app.url_map.bind("x").match(probe.path, method=probe.method)
    with app.test_request_context(probe.path, method=probe.method):
        access.become(Actor("staff", new_id(), role.label, role.permissions))
        try:
            app.view_functions[probe.endpoint](**arguments)
        except Forbidden:
            return False
        except Exception:  # noqa: BLE001 - the view was reached, outside of any shop
            return True
    return True


def wrong_answers(app: Any, roles: list[Role]) -> list[tuple[str, str]]:
    """Who is let in without the permission, or shut out with it."""
    wrong = []
    for probe, asked in guarded(app):
        holders = [role for role in roles if asked in role.permissions]
        for role in holders[:1]:  # the view is reached: once is enough
            wrong += [] if is_let_past(app, probe, role) else [(role.label, f"{probe.method} {probe.path}")]
        for role in roles:
            if role not in holders and is_let_past(app, probe, role):
                wrong.append((role.label, f"{probe.method} {probe.path}"))
    return wrong


def test_every_staff_route_asks_for_a_permission_of_the_catalogue(app):
    known = access.catalogue_of_permissions()
    table = guarded(app)

    assert len(table) > 100
    assert [(probe.path, asked) for probe, asked in table if asked not in known] == []


def test_every_route_lets_in_who_holds_its_permission_and_nobody_else(app, own):
    assert wrong_answers(app, [*own.values(), *ROLES.values()]) == []


def test_over_the_wire_every_route_refuses_somebody_without_its_permission(app, own, people):
    roles = ROLES | own
    turns, refused = cycle(people), []
    for probe, asked in guarded(app)[::3]:  # the gate itself is driven above, for every route and role
        role = next((one for one in islice(turns, len(people)) if asked not in roles[one].permissions), None)
        if role is not None:
            refused.append((role, probe.path, send(people[role], probe)))

    assert len(refused) > 30
    assert [one for one in refused if one[2] != 403] == []


def test_a_role_counts_for_nothing_at_another_shop(app, shop, other_shop, people):
    let_in = []
    for (probe, _), (role, browser) in zip(guarded(app), cycle(people.items()), strict=False):
        intruder = other_shop.browser()
        intruder.set_cookie("staff", browser.get_cookie("staff", domain=shop.host).value, domain=other_shop.host)
        status = send(intruder, probe)
        if status not in {303, 401}:
            let_in.append((role, probe.path, status))

    assert let_in == []


def test_without_the_gate_the_table_would_notice(app, monkeypatch):
    monkeypatch.setattr(access.Actor, "may", lambda actor, permission: True)

    assert len(wrong_answers(app, [ROLES["analyst"]])) > 50
