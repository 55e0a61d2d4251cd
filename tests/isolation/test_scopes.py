"""Every operation of the API asks for its own scope: a table test over the whole map of routes."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from app.core import access
from app.core.access import PUBLIC
from app.core.rest import PREFIX
from app.platform.oauth import scopes
from tests.isolation.requests import value_for


class Operation(NamedTuple):
    """One operation with random ids, and the scope that it asks for."""

    endpoint: str
    method: str
    path: str
    scope: str
    names_a_row: bool


def guarded(app) -> list[Operation]:
    """Every operation that a key opens."""
    found = []
    for rule in app.url_map.iter_rules():
        scope = app.view_functions[rule.endpoint].__access__
        if not rule.rule.startswith(PREFIX) or scope == PUBLIC:
            continue
        values = {name: value_for(rule, name, None) for name in sorted(rule.arguments)}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = app.url_map.bind("x").build(rule.endpoint, values, method=method)
            found.append(Operation(rule.endpoint, method, path, scope, bool(values)))
    return found


@pytest.fixture
def ask(shop):
    """Send a probe with a key, or with none; the status."""
    browser = shop.browser()

    def send(probe: Operation, key: str = "") -> int:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return browser.open(probe.path, method=probe.method, json={}, headers=headers).status_code

    return send


def test_every_operation_refuses_no_key_and_one_that_lacks_just_its_scope(app, make_key, ask):
    table, offered = guarded(app), set(scopes.all_of_them()) & set(access.catalogue_of_permissions())
    assert len(table) > 100
    lacking = {asked: make_key(*(offered - {asked})) for asked in {one.scope for one in table}}

    assert {one.endpoint for one in table if ask(one) != 401} == set()
    assert {one.endpoint for one in table if ask(one, lacking[one.scope]) != 403} == set()


def test_its_scope_alone_opens_every_list(app, make_key, ask):
    table = [one for one in guarded(app) if one.method == "GET" and not one.names_a_row]
    keys = {asked: make_key(asked) for asked in {one.scope for one in table}}

    assert {one.endpoint for one in table if ask(one, keys[one.scope]) in {401, 403}} == set()


def test_without_the_gate_the_table_would_notice(app, make_key, ask, monkeypatch):
    one = next(one for one in guarded(app) if one.method == "GET" and not one.names_a_row)
    key = make_key(*(set(scopes.all_of_them()) & set(access.catalogue_of_permissions()) - {one.scope}))
    assert ask(one, key) == 403

    monkeypatch.setattr(access.Actor, "may", lambda actor, permission: True)

    assert ask(one, key) != 403
