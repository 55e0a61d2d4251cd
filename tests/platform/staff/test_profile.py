"""One's own name and password."""

import pytest

from tests.factories.staff import PASSWORD


def test_anybody_changes_their_own_name(manager_client):
    plain = manager_client.post_form("/admin/profile/name", {"name": "Mona"})
    piece = manager_client.post_form("/admin/profile/name", {"name": "Moira"}, htmx=True)

    assert plain.location == "/admin/profile"
    assert 'value="Moira"' in piece.text
    assert "Moira" in manager_client.get("/admin/profile").text


def test_a_name_cannot_be_empty(manager_client):
    answer = manager_client.post_form("/admin/profile/name", {"name": " "})

    assert answer.status_code == 422
    assert "fill this in" in answer.text


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(shop, make_member, staff_browser):
    member = make_member()
    here, elsewhere = staff_browser(member), staff_browser(member)

    changed = here.post_form("/admin/profile/password", {"current": PASSWORD, "new": "my new long password"})

    assert changed.location == "/admin/profile"
    assert here.get("/admin/profile").status_code == 200
    assert elsewhere.get("/admin/profile").status_code == 303


def test_a_new_password_ends_the_persons_sessions_in_other_shops_too(shop, other_shop, make_member, staff_browser):
    here = staff_browser(make_member(email="both@example.com"))
    there = staff_browser(make_member(email="both@example.com", at=other_shop), at=other_shop)
    assert there.get("/admin/profile").status_code == 200

    here.post_form("/admin/profile/password", {"current": PASSWORD, "new": "my new long password"})

    assert there.get("/admin/profile").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong", "my new long password", "not right"),
        (PASSWORD, "tiny one", "at least 10"),
        (PASSWORD, "", "fill this in"),
    ],
)
def test_a_password_is_not_changed_by_a_bad_form(shop, make_member, staff_browser, current, new, sentence):
    member = make_member()
    browser = staff_browser(member)

    answer = browser.post_form("/admin/profile/password", {"current": current, "new": new})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert new == "" or new not in answer.text
    signed_in = shop.browser().post_form("/admin/sign-in", {"email": member.email, "password": PASSWORD})
    assert signed_in.status_code == 303
