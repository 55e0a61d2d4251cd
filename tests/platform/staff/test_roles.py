"""Roles: the built-in ones, those that a shop makes, and that nobody grants more than they hold."""

import re

import pytest

from app.core import access
from app.core.access import Actor
from app.core.errors import InvalidInput, NotFound
from app.platform.developers import service as developers
from app.platform.developers.schemas import NewKey
from app.platform.staff import granting, queries, roles, service
from app.platform.staff.errors import LastOwner, MoreThanYouHold, RoleIsTaken, RoleIsUsed
from app.platform.staff.roles import EVERYBODY, ROLES
from app.platform.staff.schemas import RoleForm

NIGHT = RoleForm("Night shift", "Packs at night", ["orders.read", "orders.fulfil"])


def limited(*permissions: str) -> Actor:
    """Somebody who manages staff and may little else."""
    return Actor("staff", None, "Lee", EVERYBODY | {"staff.read", "staff.write", *permissions})


def test_built_in_roles_name_what_there_is(in_shop):
    known = access.catalogue_of_permissions()
    for name in (*roles._CATALOGUE, *roles._FULFILMENT, *roles._SUPPORT, *roles._ANALYST, *roles._OWNERS_ONLY):
        assert any(one == name or (name.endswith(".") and one.startswith(name)) for one in known), name
    assert set(ROLES) == {"owner", "manager", "catalogue", "fulfilment", "support", "analyst"}
    assert all(role.permissions >= EVERYBODY for role in ROLES.values())
    assert not any("staff.write" in role.permissions for role in ROLES.values() if role.name != "owner")


def test_a_role_of_the_shops_own_acts_and_its_change_acts_too(in_shop, owner):
    role = granting.make_role(NIGHT, by=owner)
    person = service.add_owner("night@example.com", "Nia")
    service.change_role(person.id, str(role.id), by=owner)
    assert queries.permissions_of(person) == EVERYBODY | {"orders.read", "orders.fulfil"}

    granting.edit_role(role.id, RoleForm("Night shift", "", ["orders.read"]), by=owner)

    assert queries.permissions_of(queries.staff_or_404(person.id)) == EVERYBODY | {"orders.read"}


def test_a_smaller_role_makes_keys_smaller_at_once(in_shop, owner):
    person = service.add_owner("maker@example.com", "Mo")
    text = developers.make_key(NewKey("sync", ["orders.read", "products.read"]), by=queries.actor_of(person))[1]
    assert developers.actor_of_key(text).permissions == {"orders.read", "products.read"}

    role = granting.make_role(NIGHT, by=owner)
    service.change_role(person.id, str(role.id), by=owner)
    assert developers.actor_of_key(text).permissions == {"orders.read"}

    granting.edit_role(role.id, RoleForm("Night shift", "", ["orders.fulfil"]), by=owner)
    assert developers.actor_of_key(text).permissions == frozenset()


def test_nobody_grants_more_than_they_hold(in_shop, owner):
    role, lee = granting.make_role(NIGHT, by=owner), limited("orders.read")
    person = service.add_owner("night@example.com", "Nia")
    service.change_role(person.id, str(role.id), by=owner)
    refused = [
        lambda: granting.make_role(RoleForm("Mine", "", ["orders.cancel"]), by=lee),
        lambda: granting.edit_role(role.id, RoleForm("Night shift", "", ["orders.read"]), by=lee),
        lambda: granting.remove_role(role.id, by=lee),
        lambda: service.change_role(person.id, "fulfilment", by=lee),
        lambda: service.change_role(person.id, str(granting.make_role(RoleForm("Small"), by=owner).id), by=lee),
        lambda: service.remove(person.id, by=lee),
    ]
    for act in refused:
        with pytest.raises(MoreThanYouHold):
            act()

    assert granting.make_role(RoleForm("Mine", "", ["orders.read"]), by=lee).permissions == sorted(
        EVERYBODY | {"orders.read"}
    )
    assert queries.permissions_of(person) >= {"orders.fulfil"}


def test_the_last_owner_keeps_the_shop(in_shop, owner):
    role = granting.make_role(NIGHT, by=owner)
    with pytest.raises(LastOwner):
        service.change_role(owner.id, str(role.id), by=owner)


def test_names_are_told_apart_and_used_roles_stay(in_shop, owner):
    role = granting.make_role(NIGHT, by=owner)
    service.invite("new@example.com", str(role.id), by=owner)

    for label in ("night SHIFT", "Owner"):
        with pytest.raises(RoleIsTaken):
            granting.make_role(RoleForm(label), by=owner)
    with pytest.raises(RoleIsUsed):
        granting.remove_role(role.id, by=owner)
    with pytest.raises(InvalidInput):
        service.invite("else@example.com", "0f0f0f0f-0000-7000-8000-000000000000", by=owner)


def test_whoever_joins_by_an_own_role_holds_it_as_it_is_then(in_shop, owner):
    role = granting.make_role(NIGHT, by=owner)
    link = service.invitation_link(service.invite("new@example.com", str(role.id), by=owner))
    granting.edit_role(role.id, RoleForm("Night shift", "", ["orders.read"]), by=owner)

    member = service.accept(link.rpartition("/")[2], name="Nia", password="a rather long sentence")

    assert queries.permissions_of(member) == EVERYBODY | {"orders.read"}


def test_a_role_of_another_shop_is_none_here(app, shop, other_shop, owner):
    with app.app_context(), other_shop.entered():
        foreign = granting.make_role(NIGHT, by=access.system_actor()).id
    with app.app_context(), shop.entered():
        with pytest.raises(NotFound):
            queries.role_or_404(foreign)
        with pytest.raises(InvalidInput):
            service.invite("x@example.com", str(foreign), by=owner)


def test_the_owner_makes_and_changes_a_role_by_forms(app, shop, staff_client):
    made = {"label": "Night shift", "description": "Packs at night", "permissions": ["orders.read"]}
    assert staff_client.post_form("/admin/staff/roles", made).location == "/admin/staff/roles"
    with app.app_context(), shop.entered():
        (role,) = [one for one in queries.roles().values() if one.id]
    listed = staff_client.get("/admin/staff/roles").text
    assert "Night shift" in listed
    assert "orders.refund" in listed
    assert re.search(
        r"<b>Owner</b>.*?Who has it\">Olive Owner</td>.*?<b>Night shift</b>.*?Who has it\">–</td>", listed, re.S
    )
    assert "Night shift" in staff_client.get("/admin/staff").text

    form = staff_client.get(f"/admin/staff/roles/{role.id}").text
    assert 'value="orders.read" checked' in form
    assert staff_client.post_form(f"/admin/staff/roles/{role.id}", made | {"permissions": ["x.y"]}).status_code == 422
    assert staff_client.post_form(f"/admin/staff/roles/{role.id}/remove").location == "/admin/staff/roles"
    with app.app_context(), shop.entered():
        assert set(queries.roles()) == set(ROLES)


def test_a_change_of_role_acts_on_the_next_request(app, shop, owner, make_member, staff_browser):
    member = make_member(role="support")
    browser = staff_browser(member)
    assert browser.get("/admin/orders").status_code == 200
    assert browser.get("/admin/products/new").status_code == 403

    with app.app_context(), shop.entered():
        service.change_role(member.id, "catalogue", by=owner)

    assert browser.get("/admin/orders").status_code == 403
    assert browser.get("/admin/products").status_code == 200
