"""Coming in and out, colleagues and one's own profile, as pages and as pieces of them."""

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.ids import new_id
from app.platform.staff import queries, service
from app.platform.staff.backoffice import entry, recovery
from tests.factories.staff import PASSWORD

PAGES = ["/admin/sign-in", "/admin/forgotten-password", "/admin/forgotten-password/sent"]


@pytest.fixture
def token(app, shop, owner):
    """The token of an invitation to new@example.com."""
    with app.app_context(), shop.entered():
        return service.invitation_link(service.invite("new@example.com", "manager", by=owner)).rpartition("/")[2]


def people(app, shop) -> dict[str, str]:
    with app.app_context(), shop.entered():
        return {member.email: member.role for member in queries.all_staff()}


def invited(app, shop) -> list[str]:
    with app.app_context(), shop.entered():
        return [invitation.email for invitation in queries.open_invitations()]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_sees_a_branded_page_that_names_no_product(client, shop, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert shop.name in answer.text
    assert "livery" not in f"{answer.text}{answer.headers}".lower()
    assert "style=" not in answer.text


@pytest.mark.parametrize("path", ["/admin/staff", "/admin/profile", "/admin/developers"])
def test_a_stranger_is_asked_to_sign_in_and_then_gets_there(client, shop, path):
    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.location == f"/admin/sign-in?next={path}"

    signed_in = client.post_form(
        "/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password, "next": path}
    )

    assert signed_in.location == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/%5cevil.example", "/products", "javascript:1", ""]
)
def test_after_signing_in_nobody_is_sent_elsewhere(client, shop, wanted):
    answer = client.post_form(
        "/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password, "next": wanted}
    )

    assert answer.location == "/admin"


def test_a_wrong_password_and_an_unknown_address_sound_the_same_and_keep_what_was_typed(client, shop, other_shop):
    answers = [
        client.post_form("/admin/sign-in", {"email": email, "password": "wrong one", "next": "/admin/staff"})
        for email in (shop.owner_email, "nobody@example.com", other_shop.owner_email)
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert all("do not go together" in answer.text for answer in answers)
    bodies = {re.sub(r'value="[^"]*@[^"]*"', "", answer.text) for answer in answers}
    assert len(bodies) == 1
    assert f'value="{shop.owner_email}"' in answers[0].text
    assert "wrong one" not in answers[0].text
    assert 'value="/admin/staff"' in answers[0].text


def test_a_person_of_another_shop_does_not_get_in_with_the_right_password(client, other_shop):
    answer = client.post_form(
        "/admin/sign-in", {"email": other_shop.owner_email, "password": other_shop.owner_password}
    )

    assert answer.status_code == 422


def test_an_empty_form_gets_a_sentence_beside_each_field(client):
    answer = client.post_form("/admin/sign-in", {"email": "", "password": ""})

    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 2


def test_an_unknown_field_is_refused(client):
    assert client.post_form("/admin/sign-in", {"email": "a@b.example", "password": "x", "role": "owner"}).status_code == 422


def test_a_form_without_its_token_is_refused(client, shop):
    fields = {"email": shop.owner_email, "password": shop.owner_password}

    assert client.post("/admin/sign-in", data=fields).status_code == 403


def test_attempts_are_counted_for_each_account(client, shop, monkeypatch):
    monkeypatch.setattr(entry, "TRIES_PER_ACCOUNT", 3)
    wrong = {"email": shop.owner_email, "password": "wrong one"}
    with clock.frozen(clock.now()):
        assert [client.post_form("/admin/sign-in", wrong).status_code for _ in range(4)] == [422, 422, 422, 429]

        right = client.post_form("/admin/sign-in", {"email": shop.owner_email.upper(), "password": shop.owner_password})
        assert right.status_code == 429
        assert "wait" in right.text
        assert client.post_form("/admin/sign-in", wrong | {"email": "other@example.com"}).status_code == 422

    with clock.frozen(clock.now() + timedelta(minutes=16)):
        again = client.post_form("/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password})
        assert again.status_code == 303


def test_attempts_are_counted_for_each_address_and_each_shop(client, other_shop, monkeypatch):
    monkeypatch.setattr(entry, "TRIES_PER_ADDRESS", 3)
    with clock.frozen(clock.now()):
        tries = [{"email": f"{number}@example.com", "password": "x"} for number in range(4)]

        assert [client.post_form("/admin/sign-in", one).status_code for one in tries] == [422, 422, 422, 429]
        assert other_shop.browser().post_form("/admin/sign-in", tries[0]).status_code == 422


def test_signing_out_ends_the_session_on_the_server_too(staff_client, shop):
    kept = staff_client.get_cookie("staff", domain=shop.host).value
    assert staff_client.get("/admin/profile").status_code == 200

    assert staff_client.post_form("/admin/sign-out").location == "/admin/sign-in"

    assert staff_client.get("/admin/profile").status_code == 303
    staff_client.set_cookie("staff", kept, domain=shop.host)
    assert staff_client.get("/admin/profile").status_code == 303


def test_a_session_of_one_shop_is_nobody_at_another(staff_client, shop, other_shop):
    kept = staff_client.get_cookie("staff", domain=shop.host).value
    browser = other_shop.browser()
    browser.set_cookie("staff", kept, domain=other_shop.host)

    assert browser.get("/admin/profile").status_code == 303


def test_an_entry_link_signs_in_once_and_goes_on(app, shop):
    with app.app_context(), shop.entered():
        link = service.entry_link(queries.staff_by_email(shop.owner_email).id)
    path = link.removeprefix(shop.url(""))
    browser = shop.browser()

    assert browser.get(f"{path}?next=/admin/staff").location == "/admin/staff"
    assert browser.get("/admin/staff").status_code == 200
    again = shop.browser().get(path)
    assert again.status_code == 404
    assert "has been used" in again.text


def test_asking_for_a_reset_answers_the_same_for_everybody(client, shop):
    answers = [client.post_form("/admin/forgotten-password", {"email": email}) for email in (shop.owner_email, "no@example.com")]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/admin/forgotten-password/sent")] * 2


def test_asking_for_a_reset_with_something_else_than_an_address_is_a_sentence(client):
    answer = client.post_form("/admin/forgotten-password", {"email": "nobody"})

    assert answer.status_code == 422
    assert "such as name@example.com" in answer.text
    assert 'value="nobody"' in answer.text


def test_letters_are_limited(client, shop, monkeypatch):
    monkeypatch.setattr(recovery, "LETTERS_PER_ACCOUNT", 2)
    with clock.frozen(clock.now()):
        asked = [client.post_form("/admin/forgotten-password", {"email": shop.owner_email}) for _ in range(3)]

    assert [answer.status_code for answer in asked] == [303, 303, 429]


def test_a_forgotten_password_is_replaced_by_the_link_in_the_letter(client, shop, staff_client, run_jobs, outbox):
    client.post_form("/admin/forgotten-password", {"email": shop.owner_email})
    run_jobs()
    path = re.search(r"http://[^/]+(/admin/reset-password/\S+)", outbox[0].text)[1]

    assert shop.owner_email in client.get(path).text
    poor = client.post_form(path, {"password": "short"})
    assert poor.status_code == 422
    assert "at least 10 characters" in poor.text
    done = client.post_form(path, {"password": "my new long password"})

    assert done.location == "/admin"
    assert client.get("/admin/profile").status_code == 200
    assert staff_client.get("/admin/profile").status_code == 303
    assert client.get(path).status_code == 404
    assert client.post_form(path, {"password": "one more password"}).status_code == 404


def test_an_invited_person_joins_by_the_form(app, shop, client, token):
    path = f"/admin/invitation/{token}"
    assert "Olive Owner invites you" in client.get(path).text

    poor = client.post_form(path, {"name": "Nora", "password": "short"})
    assert poor.status_code == 422
    assert 'value="Nora"' in poor.text
    joined = client.post_form(path, {"name": "Nora", "password": PASSWORD})

    assert joined.location == "/admin"
    assert client.get("/admin/profile").status_code == 200
    assert people(app, shop)["new@example.com"] == "manager"
    assert client.get(path).status_code == 404


def test_a_person_with_an_account_is_asked_for_its_password(client, other_shop, make_member, token):
    make_member(email="new@example.com", at=other_shop)
    path = f"/admin/invitation/{token}"

    assert "has an account already" in client.get(path).text
    wrong = client.post_form(path, {"name": "Nora", "password": "my guess at it"})
    assert wrong.status_code == 422
    assert "not right" in wrong.text
    assert client.post_form(path, {"name": "Nora", "password": PASSWORD}).status_code == 303


def test_an_invitation_of_one_shop_opens_nothing_at_another(other_shop, token):
    browser = other_shop.browser()

    assert browser.get(f"/admin/invitation/{token}").status_code == 404
    assert browser.post_form(f"/admin/invitation/{token}", {"name": "X", "password": PASSWORD}).status_code == 404


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
        staff_client.post_form(f"/admin/staff/{path.format(id=one)}", FIELDS.get(path)) for one in (stranger.id, new_id())
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
    answer = staff_client.post_form("/admin/staff/invitations", {"email": "new@example.com", "role": "manager"}, htmx=True)

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


def test_an_invitation_is_sent_again_and_withdrawn(app, shop, staff_client, token):
    with app.app_context(), shop.entered():
        identity = queries.open_invitations()[0].id

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
    [("wrong", "my new long password", "not right"), (PASSWORD, "short", "at least 10"), (PASSWORD, "", "fill this in")],
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
