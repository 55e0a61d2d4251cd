"""Coming in and out, a forgotten password, and answering an invitation."""

import re
from datetime import timedelta

import pytest

from app.core import clock
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
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%5cevil.example", "/products", "javascript:1", ""],
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
    assert (
        client.post_form("/admin/sign-in", {"email": "a@b.example", "password": "x", "role": "owner"}).status_code
        == 422
    )


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
    answers = [
        client.post_form("/admin/forgotten-password", {"email": email})
        for email in (shop.owner_email, "no@example.com")
    ]

    assert [(answer.status_code, answer.location) for answer in answers] == [
        (303, "/admin/forgotten-password/sent")
    ] * 2


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
