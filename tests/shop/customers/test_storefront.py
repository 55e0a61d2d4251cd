"""The shopper's account: opening it, signing in, address book, profile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core import clock, db
from app.core.ids import new_id
from app.shop.customers import links, queries, service
from tests.factories.customers import ADDRESS, PASSWORD

NEW = "another long phrase"
FOR_SIGNED_IN = [
    "/account",
    "/account/profile",
    "/account/password",
    "/account/email",
    "/account/addresses",
    "/account/addresses/new",
]
FORM = ADDRESS | {"line1": "1 New Street"}


def path_in(mail, start):
    return re.search(rf"http://[^/]+({start}\S+)", mail.text)[1]


def as_it_is(app, shop, customer):
    with app.app_context(), shop.entered():
        return queries.by_id(customer.id)


def addresses(app, shop, customer):
    with app.app_context(), shop.entered():
        return queries.addresses_of(customer.id)


@pytest.mark.parametrize("path", FOR_SIGNED_IN)
def test_account_pages_ask_a_stranger_to_sign_in(client, path):
    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/account/sign-in?next={path}"


@pytest.mark.parametrize("path", FOR_SIGNED_IN)
def test_account_pages_open_for_their_shopper(make_customer, sign_in_shopper, path):
    assert sign_in_shopper(make_customer()).get(path).status_code == 200


@pytest.mark.parametrize("path", FOR_SIGNED_IN)
def test_a_session_of_another_shop_is_nobody_here(shop, other_shop, make_customer, sign_in_shopper, path):
    browser = sign_in_shopper(make_customer(at=other_shop), at=other_shop)
    stolen = browser.get_cookie("shopper", domain=other_shop.host)
    here = shop.browser()
    here.set_cookie("shopper", stolen.value, domain=shop.host)

    assert here.get(path).status_code == 303


def test_an_account_opens_by_a_link_in_the_mail(app, shop, client, run_jobs, outbox):
    client.post_form("/account/sign-up", {"name": "Mei Tanaka", "email": "Mei@Example.com"})
    with app.app_context(), shop.entered():
        assert queries.by_email("mei@example.com") is None
    run_jobs()
    path = path_in(outbox.to("mei@example.com")[0], "/account/password/")
    assert "mei@example.com" in client.get(path).text

    client.post_form(path, {"password": PASSWORD})

    assert "Hello, Mei" in client.get("/account").text
    with app.app_context(), shop.entered():
        assert queries.by_email("mei@example.com").email_proved_at is not None


def test_a_link_works_once(app, shop, client, run_jobs, outbox):
    client.post_form("/account/sign-up", {"name": "Mei", "email": "mei@example.com"})
    run_jobs()
    path = path_in(outbox[0], "/account/password/")
    client.post_form(path, {"password": PASSWORD})

    assert client.get(path).status_code == 410
    assert client.post_form(path, {"password": NEW}).status_code == 410
    with app.app_context(), shop.entered():
        assert service.check_sign_in("mei@example.com", PASSWORD)


def test_a_link_ends_and_cannot_be_forged_or_carried_over(app, shop, other_shop, client):
    with app.app_context(), shop.entered():
        path = links.for_sign_up("mei@example.com", "Mei").partition(shop.host)[2].partition("/")[2]

    assert client.get(f"/{path}x").status_code == 404
    assert other_shop.browser().get(f"/{path}").status_code == 404
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert client.get(f"/{path}").status_code == 404


def test_signing_up_answers_the_same_for_an_address_with_an_account(client, make_customer, run_jobs, outbox):
    owner = make_customer()

    known = client.post_form("/account/sign-up", {"name": "X", "email": owner.email})
    unknown = client.post_form("/account/sign-up", {"name": "X", "email": "new@example.com"})
    run_jobs()

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert "already have an account" in outbox.to(owner.email)[0].subject


def test_a_forgotten_password_is_replaced_and_every_session_ends(
    client, make_customer, sign_in_shopper, run_jobs, outbox
):
    customer = make_customer()
    elsewhere = sign_in_shopper(customer)
    client.post_form("/account/forgot", {"email": customer.email})
    run_jobs()
    path = path_in(outbox.to(customer.email)[-1], "/account/password/")

    client.post_form(path, {"password": NEW})

    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert sign_in_shopper(customer, NEW).get("/account").status_code == 200


def test_a_forgotten_password_of_nobody_answers_the_same_and_sends_nothing(client, make_customer, run_jobs, outbox):
    guest = make_customer(password=None)
    account = make_customer()

    answers = [
        client.post_form("/account/forgot", {"email": email})
        for email in ("no@example.com", guest.email, account.email)
    ]
    run_jobs()

    assert len({(answer.status_code, answer.headers["Location"], answer.text) for answer in answers}) == 1
    assert [mail.to for mail in outbox] == [account.email]


def test_a_wrong_password_and_an_unknown_address_sound_the_same(client, make_customer):
    customer, guest = make_customer(), make_customer(password=None)

    answers = [
        client.post_form("/account/sign-in", {"email": email, "password": "wrong wrong wrong"})
        for email in (customer.email, guest.email, "no@example.com")
    ]

    pages = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(pages) == 1
    assert customer.email in answers[0].text


def test_a_signed_in_shopper_goes_where_they_wanted_to_but_never_away(client, make_customer, shop):
    customer = make_customer()
    for wanted, arrives in (
        ("/account/addresses", "/account/addresses"),
        ("//evil.example", "/account"),
        ("https://evil.example", "/account"),
        ("/\\evil.example", "/account"),
    ):
        answer = shop.browser().post_form(
            "/account/sign-in", {"email": customer.email, "password": PASSWORD, "next": wanted}
        )

        assert answer.headers["Location"] == arrives


def test_guessing_passwords_has_a_limit_for_each_account(client, make_customer, shop):
    customer = make_customer()
    tries = [
        shop.browser().post_form("/account/sign-in", {"email": customer.email, "password": "wrong wrong"}).status_code
        for _ in range(11)
    ]

    right = client.post_form("/account/sign-in", {"email": customer.email, "password": PASSWORD})

    assert tries == [422] * 10 + [429]
    assert right.status_code == 429


def test_signing_in_changes_the_session(client, make_customer):
    client.get("/account/sign-in")
    before = client.get_cookie("shopper", domain=client.host)
    customer = make_customer()

    client.post_form("/account/sign-in", {"email": customer.email, "password": PASSWORD})

    after = client.get_cookie("shopper", domain=client.host)
    assert after.value != (before.value if before else None)


def test_signing_out_ends_the_session(make_customer, sign_in_shopper):
    browser = sign_in_shopper(make_customer())

    assert browser.post_form("/account/sign-out").status_code == 303
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(
    "path", ["/account/sign-in", "/account/sign-up", "/account/forgot", "/account/look-in-your-mail"]
)
def test_the_way_in_is_open_to_strangers(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/sign-in", {}),
        ("/account/sign-in", {"email": "a@b.ie", "password": "x", "role": "owner"}),
        ("/account/sign-up", {"name": "", "email": "a@b.ie"}),
        ("/account/sign-up", {"name": "A", "email": "not an address"}),
        ("/account/forgot", {"email": "not an address"}),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(client, run_jobs, outbox, path, fields):
    answer = client.post_form(path, fields)
    run_jobs()

    assert answer.status_code == 422
    assert "form-summary" in answer.text
    assert all(f'value="{value}"' in answer.text for key, value in fields.items() if value and key in {"email", "name"})
    assert len(outbox) == 0


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", ""])
def test_a_weak_password_is_refused(app, shop, client, password):
    with app.app_context(), shop.entered():
        path = "/account/password/" + links.for_sign_up("mei@example.com", "Mei").rpartition("/")[2]

    answer = client.post_form(path, {"password": password})

    assert answer.status_code == 422
    with app.app_context(), shop.entered():
        assert queries.by_email("mei@example.com") is None


def test_a_password_changes_with_the_present_one_only(app, shop, make_customer, sign_in_shopper):
    customer = make_customer()
    here, elsewhere = sign_in_shopper(customer), sign_in_shopper(customer)

    refused = here.post_form("/account/password", {"current_password": "wrong wrong", "password": NEW})
    assert refused.status_code == 422
    assert "current password is not right" in refused.text

    assert here.post_form("/account/password", {"current_password": PASSWORD, "password": NEW}).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_an_address_changes_when_the_new_one_is_proved(app, shop, make_customer, sign_in_shopper, run_jobs, outbox):
    customer = make_customer()
    guest = make_customer(email="new@example.com", password=None)
    browser = sign_in_shopper(customer)

    browser.post_form("/account/email", {"email": "new@example.com", "current_password": PASSWORD})
    run_jobs()
    assert as_it_is(app, shop, customer).email == customer.email
    path = path_in(outbox.to("new@example.com")[0], "/account/email/")
    assert browser.get(path).status_code == 200
    assert as_it_is(app, shop, customer).email == customer.email
    browser.post_form(path)

    assert as_it_is(app, shop, customer).email == "new@example.com"
    assert as_it_is(app, shop, guest) is None
    assert browser.post_form(path).status_code == 410


def test_an_address_of_another_account_is_not_taken_over(app, shop, make_customer, sign_in_shopper):
    me, other = make_customer(), make_customer()
    browser = sign_in_shopper(me)
    with app.app_context(), shop.entered():
        path = "/account/email/" + links.for_new_email(queries.get(me.id), other.email).rpartition("/")[2]

    assert browser.post_form(path).status_code == 409
    assert as_it_is(app, shop, me).email == me.email


def test_somebody_elses_address_link_opens_nothing(app, shop, make_customer, sign_in_shopper):
    me, other = make_customer(), make_customer()
    with app.app_context(), shop.entered():
        path = "/account/email/" + links.for_new_email(queries.get(other.id), "x@example.com").rpartition("/")[2]
    browser = sign_in_shopper(me)

    assert (browser.get(path).status_code, browser.post_form(path).status_code) == (404, 404)


def test_a_wrong_password_asks_for_no_address_link(make_customer, sign_in_shopper, run_jobs, outbox):
    browser = sign_in_shopper(make_customer())

    answer = browser.post_form("/account/email", {"email": "new@example.com", "current_password": "wrong wrong"})
    run_jobs()

    assert answer.status_code == 422
    assert len(outbox) == 0


def test_the_profile_is_saved(app, shop, make_customer, sign_in_shopper):
    customer = make_customer()
    browser = sign_in_shopper(customer)

    answer = browser.post_form("/account/profile", {"name": "Ines D.", "phone": "+353 1", "accepts_marketing": "1"})

    now = as_it_is(app, shop, customer)
    assert answer.status_code == 303
    assert (now.name, now.phone, now.accepts_marketing) == ("Ines D.", "+353 1", True)
    assert browser.post_form("/account/profile", {"name": ""}).status_code == 422
    assert browser.post_form("/account/profile", {"name": "X", "email": "steal@example.com"}).status_code == 422


def test_addresses_are_added_corrected_preferred_and_deleted(app, shop, make_customer, sign_in_shopper):
    customer = make_customer()
    browser = sign_in_shopper(customer)
    browser.post_form("/account/addresses/new", FORM)
    browser.post_form("/account/addresses/new", FORM | {"line1": "2 New Street", "is_default": "1"})
    second, first = addresses(app, shop, customer)
    assert (second.line1, second.is_default, first.is_default) == ("2 New Street", True, False)

    browser.post_form(f"/account/addresses/{first.id}/default")
    browser.post_form(f"/account/addresses/{second.id}", FORM | {"line1": "3 New Street"})
    assert [(one.line1, one.is_default) for one in addresses(app, shop, customer)] == [
        ("1 New Street", True),
        ("3 New Street", False),
    ]

    browser.post_form(f"/account/addresses/{first.id}/delete")
    assert [(one.line1, one.is_default) for one in addresses(app, shop, customer)] == [("3 New Street", True)]
    assert "3 New Street" in browser.get("/account/addresses").text


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"line1": ""}, {"country": "Ireland"}, {"city": "x" * 121}, {"vip": "1"}]
)
def test_an_address_that_does_not_fit_is_shown_again(app, shop, make_customer, sign_in_shopper, wrong):
    customer = make_customer()

    answer = sign_in_shopper(customer).post_form("/account/addresses/new", FORM | wrong)

    assert answer.status_code == 422
    assert 'value="D02 N449"' in answer.text
    assert addresses(app, shop, customer) == []


@pytest.mark.parametrize("action", ["", "/default", "/delete"])
def test_somebody_elses_address_answers_like_an_unknown_one(
    app, shop, other_shop, make_customer, sign_in_shopper, action
):
    me, other = make_customer(), make_customer()
    foreign = make_customer(at=other_shop)
    ids = [new_id()]
    for place, customer in ((shop, other), (other_shop, foreign)):
        with app.app_context(), place.entered():
            service.remember(customer.email)
            ids.append(db.add(queries.Address(customer_id=customer.id, is_default=True, **ADDRESS)).id)
    browser = sign_in_shopper(me)

    answers = [browser.post_form(f"/account/addresses/{one}{action}", FORM if not action else {}) for one in ids]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert browser.get(f"/account/addresses/{ids[1]}").status_code == 404
    assert addresses(app, shop, other)[0].line1 == ADDRESS["line1"]
