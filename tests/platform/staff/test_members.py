"""Colleagues: who works here, and what they may do; as pages and as pieces of them."""

import pytest

from app.core.ids import new_id
from app.platform.staff import queries, service


def people(app, shop) -> dict[str, str]:
    with app.app_context(), shop.entered():
        return {member.email: member.role for member in queries.all_staff()}


def invited(app, shop) -> list[str]:
    with app.app_context(), shop.entered():
        return [invitation.email for invitation in queries.open_invitations()]


STAFF_POSTS = ["invitations", "invitations/{id}/again", "invitations/{id}/withdraw", "{id}/role", "{id}/remove"]
FIELDS = {"invitations": {"email": "new@example.com", "role": "manager"}, "{id}/role": {"role": "owner"}}


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("path", STAFF_POSTS)
def test_a_stranger_changes_nothing(app, shop, client, owner, path, htmx):
    answer = client.post_form(f"/admin/staff/{path.format(id=owner.id)}", FIELDS.get(path), htmx=htmx)

    assert answer.status_code in {204, 303}
    assert "/admin/sign-in" in (answer.location or answer.headers["HX-Redirect"])
    assert people(app, shop) == {shop.owner_email: "owner"}
    assert invited(app, shop) == []


@pytest.mark.parametrize("path", STAFF_POSTS)
def test_a_manager_may_not_manage_staff(app, shop, manager_client, owner, path):
    answer = manager_client.post_form(f"/admin/staff/{path.format(id=owner.id)}", FIELDS.get(path))

    assert answer.status_code == 403
    assert people(app, shop)[shop.owner_email] == "owner"
    assert invited(app, shop) == []


def test_a_manager_sees_no_staff_page_and_no_menu_entry(manager_client):
    assert manager_client.get("/admin/staff").status_code == 403
    assert 'href="/admin/staff"' not in manager_client.get("/admin/profile").text


@pytest.mark.parametrize("path", STAFF_POSTS[1:])
def test_somebody_of_another_shop_answers_like_nobody(app, other_shop, staff_client, make_member, path):
    stranger = make_member(at=other_shop)

    answers = [
        staff_client.post_form(f"/admin/staff/{path.format(id=one)}", FIELDS.get(path))
        for one in (stranger.id, new_id())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert people(app, other_shop)[stranger.email] == "manager"


def test_the_owner_invites_by_a_plain_form(app, shop, staff_client):
    answer = staff_client.post_form("/admin/staff/invitations", {"email": "New@Example.com", "role": "manager"})

    assert answer.location == "/admin/staff"
    assert "new@example.com" in staff_client.get("/admin/staff").text
    assert invited(app, shop) == ["new@example.com"]


def test_the_owner_invites_by_htmx_and_gets_the_list(staff_client):
    answer = staff_client.post_form(
        "/admin/staff/invitations", {"email": "new@example.com", "role": "manager"}, htmx=True
    )

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="people"')
    assert "new@example.com" in answer.text
    assert "on its way" in answer.headers["HX-Trigger"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "nobody", "role": "manager"}, "such as name@example.com"),
        ({"email": "a@b.example", "role": "king"}, "offered values"),
        ({"email": "", "role": "manager"}, "fill this in"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_bad_invitation_is_a_sentence_and_loses_nothing(app, shop, staff_client, fields, sentence, htmx):
    answer = staff_client.post_form("/admin/staff/invitations", fields, htmx=htmx)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{fields["email"]}"' in answer.text
    assert invited(app, shop) == []


def test_a_member_is_not_invited_and_the_page_says_so(shop, staff_client):
    answer = staff_client.post_form("/admin/staff/invitations", {"email": shop.owner_email, "role": "manager"})

    assert answer.status_code == 409
    assert "already works here" in answer.text


def test_an_invitation_is_sent_again_and_withdrawn(app, shop, staff_client, owner):
    with app.app_context(), shop.entered():
        identity = service.invite("new@example.com", "manager", by=owner).id

    assert staff_client.post_form(f"/admin/staff/invitations/{identity}/again").status_code == 303
    assert staff_client.post_form(f"/admin/staff/invitations/{identity}/withdraw", htmx=True).status_code == 200
    assert invited(app, shop) == []
    assert staff_client.post_form(f"/admin/staff/invitations/{identity}/withdraw").status_code == 404


def test_a_new_role_acts_on_the_next_request(app, shop, staff_client, make_member, staff_browser):
    member = make_member()
    browser = staff_browser(member)
    assert browser.get("/admin/staff").status_code == 403

    assert staff_client.post_form(f"/admin/staff/{member.id}/role", {"role": "owner"}).status_code == 303

    assert browser.get("/admin/staff").status_code == 200


def test_a_removed_member_is_out_on_the_next_request(app, shop, staff_client, make_member, staff_browser):
    member = make_member()
    browser = staff_browser(member)
    assert browser.get("/admin/profile").status_code == 200

    assert "is signed out at once" in staff_client.get(f"/admin/staff/{member.id}/remove").text
    assert staff_client.post_form(f"/admin/staff/{member.id}/remove").status_code == 303

    assert browser.get("/admin/profile").status_code == 303
    assert member.email not in people(app, shop)


@pytest.mark.parametrize("path", ["{id}/remove", "{id}/role"])
def test_the_last_owner_stays_and_the_page_says_why(app, shop, staff_client, owner, path):
    fields = {"role": "manager"} if path.endswith("role") else {}

    answer = staff_client.post_form(f"/admin/staff/{path.format(id=owner.id)}", fields)

    assert answer.status_code == 409
    assert "A shop needs an owner" in answer.text
    assert people(app, shop) == {shop.owner_email: "owner"}


def test_a_member_who_is_not_there_cannot_be_removed(staff_client):
    assert staff_client.get(f"/admin/staff/{new_id()}/remove").status_code == 404
    assert staff_client.get("/admin/staff/nonsense/remove").status_code == 404
