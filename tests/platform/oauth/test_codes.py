"""People let an app in: consent, codes, PKCE, and what is refused."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from joserfc import jwk, jwt

from app.core import clock
from app.platform.staff import service as staff_service
from tests.platform.oauth.conftest import HOME, told


def keys_of(shop):
    return jwk.KeySet.import_key_set(shop.browser().get("/oauth/jwks.json").json)


@pytest.mark.parametrize("kind", ["server", "public"])
def test_an_app_gets_tokens_for_what_a_person_agreed_to(shop, integrate, staff_client, kind):
    erp = integrate(kind=kind)
    page = erp.ask(staff_client)
    back = erp.agreed(staff_client)
    answer = erp.redeem(back["code"])

    assert page.status_code == 200
    assert "Northwind ERP" in page.text
    assert "form-action 'self' https://erp.example" in page.headers["Content-Security-Policy"]
    assert (back["state"], back["iss"]) == ("s1", shop.url(""))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 300)
    assert answer.json["scope"] == "openid profile email orders.read products.read"
    assert erp.call(answer.json["access_token"]).status_code == 200
    assert erp.call(answer.json["access_token"], "/api/v1/webhooks").status_code == 403


def test_the_access_token_is_as_rfc_9068_says(shop, erp, tokens):
    token = jwt.decode(tokens["access_token"], keys_of(shop), algorithms=["RS256"])

    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "RS256")
    assert (token.claims["iss"], token.claims["aud"]) == (shop.url(""), shop.url("/api/v1"))
    assert token.claims["client_id"] == erp.client_id
    assert token.claims["exp"] - token.claims["iat"] == 300
    assert {"jti", "sub", "scope"} <= token.claims.keys()
    assert token.claims["sub"].startswith("staff_")


def test_the_id_token_and_userinfo_tell_who_the_person_is(shop, erp, tokens):
    claims = jwt.decode(tokens["id_token"], keys_of(shop), algorithms=["RS256"]).claims
    person = erp.call(tokens["access_token"], "/oauth/userinfo")

    assert (claims["iss"], claims["aud"], claims["nonce"]) == (shop.url(""), erp.client_id, "n1")
    assert abs(claims["auth_time"] - clock.now().timestamp()) < 60
    assert person.json == {"sub": claims["sub"], "name": "Olive Owner", "email": shop.owner_email}
    assert erp.call(tokens["id_token"]).status_code == 401, "an ID token opens nothing"


def test_somebody_who_is_not_signed_in_comes_back_to_the_question(erp, client):
    answer = erp.ask(client)

    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/admin/sign-in"
    assert "next=/admin/oauth/authorize?response_type%3Dcode" in answer.location


@pytest.mark.parametrize(("who", "error"), [("client", "login_required"), ("staff_client", "consent_required")])
def test_an_app_that_asks_not_to_bother_anybody_is_told(request, shop, erp, who, error):
    back = told(erp.ask(request.getfixturevalue(who), prompt="none"))

    assert (back["error"], back["state"], back["iss"]) == (error, "s1", shop.url(""))


def test_a_no_is_told_to_the_app(shop, erp, staff_client):
    back = erp.agreed(staff_client, "deny")

    assert back == {"error": "access_denied", "state": "s1", "iss": shop.url("")} | back
    assert "code" not in back


ELSEWHERE = [
    {"redirect_uri": f"{HOME}/"}, {"redirect_uri": f"{HOME}?x=1"}, {"redirect_uri": "https://erp.example:443/back"},
    {"redirect_uri": "https://evil.example/"}, {"redirect_uri": None}, {"client_id": "app_none"}, {"client_id": None},
]  # fmt: skip


def test_nobody_is_sent_to_an_address_that_was_not_registered(erp, staff_client):
    for change in ELSEWHERE:
        for answer in both_ways(erp, staff_client, change):
            assert answer.status_code == 400, change
            assert "Location" not in answer.headers


def both_ways(erp, person, change):
    """The question, and an answer sent without it."""
    yield erp.ask(person, **change)
    yield person.post_form(erp.path(**change), {"decision": "allow"})


WRONG = [
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"scope": "no.such"}, "invalid_scope"),
]


@pytest.mark.parametrize("kind", ["server", "public"])
def test_a_request_that_does_not_hold_goes_back_with_its_error(shop, integrate, staff_client, kind):
    erp = integrate(kind=kind)

    for change, error in WRONG:
        for answer in both_ways(erp, staff_client, change):
            back = told(answer)
            assert (back["error"], back["state"], back["iss"]) == (error, "s1", shop.url("")), change
            assert "code" not in back


LACKING = [
    ({"code_verifier": "w" * 50}, "invalid_grant"),
    ({"code_verifier": None}, "invalid_request"),
    ({"redirect_uri": "https://erp.example/other"}, "invalid_grant"),
    ({"redirect_uri": None}, "invalid_grant"),
    ({"client_secret": "secret_wrong"}, "invalid_client"),
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({"grant_type": "client_credentials"}, "unauthorized_client"),
]


def test_a_code_is_worth_nothing_without_all_that_belongs_to_it(erp, staff_client):
    code = erp.agreed(staff_client)["code"]

    for change, error in LACKING:
        answer = erp.redeem(code, **change)
        assert answer.status_code in {400, 401}, change
        assert answer.json["error"] == error, change
    assert erp.redeem(code).status_code == 200, "and the app that it belongs to is not harmed"


def test_a_code_that_comes_twice_ends_what_came_of_it(erp, staff_client):
    code = erp.agreed(staff_client)["code"]
    first = erp.redeem(code).json

    second = erp.redeem(code)

    assert second.json["error"] == "invalid_grant"
    assert erp.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    assert erp.call(first["access_token"]).status_code == 401


def test_a_code_lasts_a_minute_and_belongs_to_one_app(erp, integrate, staff_client):
    other = integrate()
    code = erp.agreed(staff_client)["code"]

    assert other.redeem(code).json["error"] == "invalid_grant"
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert erp.redeem(code).json["error"] == "invalid_grant"


def test_a_code_of_one_shop_is_none_at_another(erp, integrate, other_shop, staff_client):
    code = erp.agreed(staff_client)["code"]
    stranger = integrate(at=other_shop)
    impostor = type(erp)(other_shop, erp.client_id, erp.secret, other_shop.browser())

    assert stranger.redeem(code).json["error"] == "invalid_grant"
    assert impostor.redeem(code).json["error"] == "invalid_client"


def test_nobody_gives_more_than_they_hold(app, shop, owner, integrate, make_member, staff_browser):
    erp = integrate(scopes=("orders.read", "settings.close"))
    member = make_member()
    manager = staff_browser(member)
    wanted = "orders.read settings.close staff.write"

    page = erp.ask(manager, scope=wanted)
    given = erp.redeem(erp.agreed(manager, scope=wanted)["code"]).json

    assert given["scope"] == "orders.read"
    assert "It asked for more" in page.text
    assert erp.call(given["access_token"]).status_code == 200
    with app.app_context(), shop.entered():
        staff_service.change_role(member.id, "catalogue", by=owner)
    assert erp.call(given["access_token"]).status_code == 403, "a smaller role acts on the next request"


def test_the_question_cannot_be_answered_by_another_site(erp, staff_client):
    answer = staff_client.post(erp.path(), data={"decision": "allow"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}])
def test_an_app_may_ask_for_a_fresh_sign_in(erp, staff_client, asked):
    assert erp.ask(staff_client, **asked).status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert urlsplit(erp.ask(staff_client, **asked).location).path == "/admin/sign-in"


def test_letting_an_app_let_others_in_asks_once_more_who_one_is(integrate, staff_client):
    """The control: within ten minutes, and for any other scope, the question is asked and answered at once."""
    app = integrate(scopes=("orders.read", "staff.write"))
    letting_in, reading = {"scope": "orders.read staff.write"}, {"scope": "orders.read"}
    assert app.ask(staff_client, **letting_in).status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        asked = app.ask(staff_client, **letting_in)
        answered = staff_client.post_form(app.path(**letting_in), {"decision": "allow"})
        assert [urlsplit(one.location).path for one in (asked, answered)] == ["/admin/prove"] * 2
        assert "code=" not in answered.location
        assert app.agreed(staff_client, **reading)["code"]
    assert app.redeem(app.agreed(staff_client, **letting_in)["code"]).json["scope"] == letting_in["scope"]


def test_the_question_stands_in_no_frame_and_is_left_by_303(erp, staff_client):
    """RFC 9700, 4.2, 4.12 and 4.16: no frame of another site, no form that is sent on, no code in a referrer."""
    question = erp.ask(staff_client)
    answer = staff_client.post_form(erp.path(), {"decision": "allow"})

    assert question.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'self'" in question.headers["Content-Security-Policy"]
    assert question.headers["Cache-Control"] == "no-store"
    assert answer.status_code == 303
    assert {one.headers["Referrer-Policy"] for one in (question, answer)} == {"strict-origin-when-cross-origin"}
