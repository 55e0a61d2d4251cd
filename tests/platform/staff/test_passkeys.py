"""Passkeys, with an authenticator of the tests' own: what is taken, and each lie that is refused
(WebAuthn 7.1, 7.2).
"""

import json
from datetime import timedelta

import pytest

from app.core import clock
from app.platform.staff import queries
from tests.platform.staff.devices import PRESENT, code_of, codes_in, device_at, make_passkey, set_up_app, sign_with

OPTIONS, COME_IN = "/admin/sign-in/passkey/options", "/admin/sign-in/passkey"


def is_in(browser) -> bool:
    return browser.get("/admin/profile").status_code == 200


@pytest.fixture
def device(shop, staff_client):
    """A device with the owner's passkey."""
    device = device_at(shop)
    assert make_passkey(staff_client, device, "My phone").status_code == 200
    return device


def test_a_passkey_is_made_and_comes_in_without_a_password(shop, staff_client, outbox, run_jobs):
    device = device_at(shop)
    made = make_passkey(staff_client, device, "My phone")
    assert len(codes_in(made.text)) == 10, "the first factor brings recovery codes"
    second = device_at(shop)
    assert make_passkey(staff_client, second).location == "/admin/security", "several a person"
    assert make_passkey(staff_client, second).status_code == 422, "the same one twice"

    for one in (device, second):
        browser = shop.browser()
        assert sign_with(browser, one).location == "/admin" and is_in(browser)
    shown = staff_client.get("/admin/security").text
    assert "My phone" in shown and shown.count("/remove") >= 2
    run_jobs()
    assert sum("a passkey" in letter.text for letter in outbox) == 2


def test_a_passkey_is_named_and_removed_and_then_opens_nothing(app, shop, staff_client, device):
    with app.app_context(), shop.entered():
        (row,) = queries.passkeys_of(queries.staff_by_email(shop.owner_email).id)
    staff_client.post_form(f"/admin/security/passkeys/{row.id}/name", {"title": "Laptop"})
    assert "Laptop" in staff_client.get("/admin/security").text
    other = shop.browser()
    assert sign_with(other, device).status_code == 303

    assert staff_client.post_form(f"/admin/security/passkeys/{row.id}/remove").status_code == 303

    assert not is_in(other), "other sessions end with a factor"
    assert is_in(staff_client)
    assert sign_with(shop.browser(), device).status_code == 422


def test_a_passkey_is_a_second_step_for_its_own_person_only(shop, staff_client, device, make_member, staff_browser):
    def first_step():
        browser = shop.browser()
        browser.post_form("/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password})
        return browser

    stranger = device_at(shop)
    make_passkey(staff_browser(make_member()), stranger)
    browser = first_step()
    offered = browser.post_form(OPTIONS).json["allowCredentials"]
    assert len(offered) == 1, "the person's own"
    assert sign_with(browser, stranger).status_code == 422 and not is_in(browser)
    assert sign_with(browser, device).location == "/admin" and is_in(browser)
    assert shop.browser().post_form(OPTIONS).json.get("allowCredentials", []) == [], "nobody's are told to strangers"


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=["another origin", "the platform's origin", "another rp id", "no finger", "nobody there"],
)
def test_what_was_signed_elsewhere_or_by_nobody_is_refused(shop, staff_client, device, lie):
    browser = shop.browser()

    answer = sign_with(browser, device, **lie)

    assert answer.status_code == 422 and "could not be checked" in answer.text and not is_in(browser)
    assert make_passkey(staff_client, device_at(shop), **lie).status_code == 422
    assert sign_with(browser, device).status_code == 303, "the control: the truth is taken"


def test_a_challenge_is_signed_once_in_its_own_session_for_its_own_purpose(shop, staff_client, device):
    browser, other = shop.browser(), shop.browser()
    signed = {"credential": device.sign(browser.post_form(OPTIONS).json)}
    assert other.post_form(COME_IN, signed).status_code == 422, "a browser without a challenge"
    other.post_form(OPTIONS)
    assert other.post_form(COME_IN, signed).status_code == 422, "the challenge of another browser"
    assert browser.post_form(COME_IN, signed).status_code == 303
    browser.post_form("/admin/sign-out")
    assert browser.post_form(COME_IN, signed).status_code == 422, "replayed"

    options = browser.post_form(OPTIONS).json
    assert browser.post_form(COME_IN, {"credential": "{}"}).status_code == 422
    assert browser.post_form(COME_IN, {"credential": device.sign(options)}).status_code == 422, "one try a challenge"
    late = browser.post_form(OPTIONS).json
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert browser.post_form(COME_IN, {"credential": device.sign(late)}).status_code == 422
    to_make = staff_client.post_form("/admin/sign-in/passkeys/options").json
    assert staff_client.post_form(COME_IN, {"credential": device.sign(to_make)}).status_code == 422, "made for making"


def test_a_counter_that_goes_back_is_a_copy_of_the_device(shop, device):
    assert sign_with(shop.browser(), device, ticks=5).status_code == 303
    assert sign_with(shop.browser(), device, ticks=-2).status_code == 422
    assert sign_with(shop.browser(), device, ticks=0).status_code == 422
    assert sign_with(shop.browser(), device, ticks=3).status_code == 303


def test_a_passkey_of_one_shop_is_nothing_at_another(shop, other_shop, device):
    thief = device_at(other_shop)
    thief.id, thief.key, thief.user = device.id, device.key, device.user

    assert sign_with(other_shop.browser(), thief).status_code == 422
    assert sign_with(other_shop.browser(), device).status_code == 422


@pytest.mark.parametrize(
    "word", ["[]", "null", "7", '{"rawId": 7}', '{"rawId": "a", "response": {}}', "no json", "{" * 999]
)
def test_nonsense_instead_of_a_signature_is_a_sentence(shop, device, word):
    browser = shop.browser()
    browser.post_form(OPTIONS)

    assert browser.post_form(COME_IN, {"credential": word}).status_code == 422


def test_damaged_answers_of_a_device_are_refused_too(shop, staff_client, device):
    options = staff_client.post_form("/admin/sign-in/passkeys/options").json
    told = json.loads(device_at(shop).make(options))
    told["response"]["attestationObject"] = "o2NmbXRkbm9uZQ"
    answer = staff_client.post_form("/admin/sign-in/passkeys", {"credential": json.dumps(told)})
    assert answer.status_code == 422


def test_a_factor_is_added_only_by_somebody_who_has_proven_themselves(shop, staff_client):
    """Half-way in, and signed in long ago: neither may add a passkey."""
    phone, _ = set_up_app(staff_client)
    half = shop.browser()
    half.post_form("/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password})
    assert "/admin/sign-in" in half.post_form("/admin/sign-in/passkeys/options").location
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        answer = staff_client.post_form("/admin/sign-in/passkeys/options")
        assert answer.location.startswith("/admin/prove")
        assert staff_client.post_form("/admin/prove", {"code": code_of(phone)}).status_code == 303
        assert make_passkey(staff_client, device_at(shop)).status_code == 303
