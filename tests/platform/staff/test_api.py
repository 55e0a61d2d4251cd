"""Colleagues, roles, invitations, sessions and rules for programs: nobody gives more than they hold, nor a program."""

from __future__ import annotations

import pytest

from app.core.ids import to_public

API = "/api/v1/staff"


@pytest.fixture
def hr(program):
    """A program that manages people and may read orders, and no more."""
    return program("staff.read", "staff.write", "orders.read")


def public(member):
    return to_public("staff", member.id)


def written(program, path, body):
    return program.put(path, body, seen=program.get(path.removesuffix("/role")).headers["ETag"])


def test_colleagues_are_listed_by_page_role_and_second_step(api, make_member, shop):
    members = [make_member(role=role) for role in ("manager", "analyst", "support")]

    first = api.get(f"{API}?limit=2").json
    rest = api.get(f"{API}?limit=2&cursor={first['next_cursor']}").json
    assert [one["email"] for one in first["data"] + rest["data"]] == [shop.owner_email, *(one.email for one in members)]
    assert [one["role"] for one in api.get(f"{API}?role=analyst").json["data"]] == ["analyst"]
    assert api.get(f"{API}?has_second_step=true").json["data"] == []
    assert api.get(f"{API}/{public(members[0])}").json["permissions"]
    assert api.get(f"{API}?role=king").json["code"] == "invalid_input"


def test_a_program_gives_the_roles_that_it_could_have_itself(api, make_member):
    member = make_member(role="support")
    path = f"{API}/{public(member)}/role"

    changed = written(api, path, {"role": "analyst"})

    assert (changed.status_code, changed.json["role"]) == (200, "analyst")
    assert api.put(path, {"role": "support"}).status_code == 428
    assert api.put(path, {"role": "support"}, seen='"old"').status_code == 412


@pytest.mark.parametrize("role", ["owner", "manager", "analyst"])
def test_a_program_gives_nobody_more_than_it_holds(hr, make_member, role):
    member = make_member(role="support")
    own = hr.post(f"{API}/roles", {"label": "Reader", "permissions": ["orders.read"]})
    assert own.status_code == 201, "what it holds it may give: see the role below"
    assert hr.post(f"{API}/invitations", {"email": "eve@reader.example", "role": own.json["id"]}).status_code == 201

    assert hr.post(f"{API}/invitations", {"email": "eve@x.example", "role": role}).json["code"] == "more_than_you_hold"
    given = written(hr, f"{API}/{public(member)}/role", {"role": role})
    assert (given.status_code, given.json["code"]) == (403, "more_than_you_hold")
    more = hr.post(f"{API}/roles", {"label": "More", "permissions": ["orders.read", "orders.refund"]})
    assert more.json["code"] == "more_than_you_hold"


def test_a_program_removes_nobody_who_may_more_than_it(hr, api, make_member, shop):
    member = make_member(role="manager")
    owner = api.get(f"{API}?role=owner").json["data"][0]

    assert hr.delete(f"{API}/{public(member)}").json["code"] == "more_than_you_hold"
    assert hr.delete(f"{API}/{public(member)}/sessions").json["code"] == "more_than_you_hold"
    assert api.delete(f"{API}/{owner['id']}").json["code"] == "last_owner"
    assert api.delete(f"{API}/{public(member)}").status_code == 200
    assert api.get(f"{API}/{public(member)}").status_code == 404


def test_the_last_owner_keeps_the_role(api):
    owner = api.get(f"{API}?role=owner").json["data"][0]

    assert written(api, f"{API}/{owner['id']}/role", {"role": "manager"}).json["code"] == "last_owner"


def test_an_invitation_is_sent_again_and_taken_back(api):
    made = api.post(f"{API}/invitations", {"email": "new@colleague.example", "role": "support"}).json

    assert [one["id"] for one in api.get(f"{API}/invitations").json["data"]] == [made["id"]]
    again = api.post(f"{API}/invitations/{made['id']}/again").json
    assert again["expires_at"] >= made["expires_at"]
    assert api.delete(f"{API}/invitations/{made['id']}").status_code == 200
    assert api.get(f"{API}/invitations/{made['id']}").status_code == 404
    assert api.post(f"{API}/invitations", {"email": "nobody", "role": "support"}).json["code"] == "invalid_input"


def test_roles_of_the_shop_are_made_changed_and_removed(api):
    made = api.post(f"{API}/roles", {"label": "Night shift", "permissions": ["orders.read"]}).json
    path = f"{API}/roles/{made['id']}"
    assert "orders.read" in made["permissions"]
    assert made["is_built_in"] is False

    seen = api.get(path).headers["ETag"]
    assert api.put(path, {"label": "Day shift", "permissions": ["products.read"]}).status_code == 428
    changed = api.put(path, {"label": "Day shift", "permissions": ["products.read"]}, seen=seen)
    assert "products.read" in changed.json["permissions"]
    assert api.put(path, {"label": "Late", "permissions": []}, seen=seen).status_code == 412
    assert {"owner", made["id"]} <= {one["id"] for one in api.get(f"{API}/roles").json["data"]}
    assert api.delete(path).status_code == 200
    assert {one["name"] for one in api.get(f"{API}/permissions").json["data"]} >= {"orders.read", "staff.write"}


def test_sessions_of_a_colleague_are_seen_and_ended(api, make_member, staff_browser):
    member = make_member(role="support")
    browser = staff_browser(member)
    path = f"{API}/{public(member)}/sessions"
    [session] = api.get(path).json["data"]
    assert browser.get("/admin").status_code == 200

    assert api.delete(f"{path}/{session['id']}").status_code == 200
    assert api.get(path).json["data"] == []
    assert browser.get("/admin").status_code == 303, "from the next request on"
    assert api.delete(path).status_code == 200


def test_programs_make_the_rules_stricter_and_never_looser(api):
    path = f"{API}/sign-in-rules"
    rules = api.get(path)
    stricter = rules.json | {"shortest_password": rules.json["shortest_password"] + 4}

    answer = api.put(path, stricter, seen=rules.headers["ETag"])
    assert (answer.status_code, answer.json) == (200, stricter)
    back = api.put(path, rules.json, seen=answer.headers["ETag"])
    assert (back.status_code, back.json["code"]) == (403, "only_people_loosen")


@pytest.mark.parametrize("path", ["staff/{}", "staff/{}/sessions"])
def test_a_colleague_of_another_shop_is_nobody(api, make_member, other_shop, path):
    member = make_member(at=other_shop, role="support")

    answer = api.get("/api/v1/" + path.format(public(member)))

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
