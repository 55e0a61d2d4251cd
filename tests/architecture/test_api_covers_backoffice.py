"""The API does everything that the back office does, in every room and by the same permissions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.core.rest import PREFIX
from app.platform.oauth import scopes
from tests.architecture import api_of_platform, api_of_shop
from tests.architecture.api_of_platform import ONESELF

TABLE: dict[str, list[str] | str] = api_of_shop.SAME | api_of_platform.SAME
FURTHER = {
    "customers_backoffice.bulk": {"customers.edit", "customers.export"},
    "orders_backoffice.bulk": {"orders.export"},
}
"""Where one form of staff does several things, each behind its own permission."""


def changes_of_staff(app: Any) -> dict[str, str]:
    """Every back-office route that changes something, with its permission."""
    return {
        rule.endpoint: app.view_functions[rule.endpoint].__access__
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }


def operations(app: Any) -> dict[str, str]:
    """Every operation of the API, "METHOD path", with its permission."""
    return {
        f"{method} {path_of(rule)}": app.view_functions[rule.endpoint].__access__
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def path_of(rule: Any) -> str:
    """The address below /api/v1, without what its ids are checked by."""
    return re.sub(r"<public:", "<", rule.rule.removeprefix(PREFIX))


def shortcomings(app: Any, table: dict[str, list[str] | str]) -> list[str]:
    """What staff can do and programs cannot, by this table; and what the table says wrongly."""
    staff, programs = changes_of_staff(app), operations(app)
    found = [f"{endpoint}: no operation and no reason" for endpoint in staff if endpoint not in table]
    found += [f"{endpoint}: there is no such route" for endpoint in table if endpoint not in staff]
    for endpoint, same in table.items():
        if isinstance(same, str):
            found += [f"{endpoint}: a reason is a sentence"] if not same.endswith(".") else []
            continue
        allowed = FURTHER.get(endpoint, set()) | {staff.get(endpoint, "")}
        for operation in same:
            if operation not in programs:
                found.append(f"{endpoint}: there is no {operation}")
            elif programs[operation] not in allowed:
                found.append(f"{endpoint}: {operation} asks for {programs[operation]}, staff for {sorted(allowed)}")
    return found


def test_whatever_staff_change_a_program_can_change_by_the_same_permission(app):
    assert shortcomings(app, TABLE) == []


def test_what_is_left_to_people_is_offered_to_no_program(app):
    staff, offered = changes_of_staff(app), set(scopes.all_of_them())
    people_only = {endpoint for endpoint, reason in TABLE.items() if reason == ONESELF}

    assert {endpoint: staff[endpoint] for endpoint in people_only if staff[endpoint] in offered} == {}


@pytest.mark.parametrize(
    ("endpoint", "line"),
    [
        ("orders_backoffice.refund", None),
        ("orders_backoffice.refund", ["POST /orders/<order_id>/refunded"]),
        ("orders_backoffice.refund", ["POST /orders/<order_id>/paid"]),
        ("orders_backoffice.refund", "todo"),
        ("orders_backoffice.gone", ["POST /orders"]),
    ],
)
def test_what_programs_cannot_do_would_be_seen(app, endpoint, line):
    table = TABLE | {endpoint: line} if line else {one: same for one, same in TABLE.items() if one != endpoint}

    assert set(shortcomings(app, table)) - set(shortcomings(app, TABLE))
