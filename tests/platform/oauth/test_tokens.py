"""Tokens over time: refreshed, used twice, taken back, forged, ended; and apps without people."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from joserfc import jwk, jwt

from app.core import bearers, clock, frames, listening
from app.platform.developers import service as developers
from app.platform.developers.schemas import NewKey
from app.platform.oauth import checking, keys, queries, service
from app.platform.oauth.schemas import is_good_address
from app.platform.staff import granting
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from app.platform.staff.schemas import RoleForm
from tests.core.test_bearers import is_known


def test_a_refresh_token_is_followed_by_another(erp, tokens):
    second = erp.refresh(tokens["refresh_token"]).json
    less = erp.refresh(second["refresh_token"], scope="orders.read").json

    assert second["refresh_token"] != tokens["refresh_token"]
    assert second["scope"] == tokens["scope"]
    assert less["scope"] == "orders.read"
    assert erp.refresh(less["refresh_token"], scope="orders.read products.read").json["error"] == "invalid_scope"
    assert erp.call(less["access_token"], "/api/v1/products").status_code == 403


def test_a_refresh_token_that_comes_twice_ends_its_whole_family(erp, tokens):
    second = erp.refresh(tokens["refresh_token"]).json
    assert erp.call(second["access_token"]).status_code == 200

    assert erp.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"

    assert erp.refresh(second["refresh_token"]).json["error"] == "invalid_grant"
    assert [erp.call(one["access_token"]).status_code for one in (tokens, second)] == [401, 401]


def test_a_refresh_token_belongs_to_one_app_and_lasts_thirty_days(erp, integrate, tokens):
    assert integrate().refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    with clock.frozen(clock.now() + timedelta(days=30, seconds=1)):
        assert erp.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert erp.refresh(tokens["refresh_token"]).status_code == 200


def test_an_access_token_ends_after_five_minutes(erp, tokens):
    with clock.frozen(clock.now() + timedelta(seconds=290)):
        assert erp.call(tokens["access_token"]).status_code == 200
    with clock.frozen(clock.now() + timedelta(seconds=301)):
        assert erp.call(tokens["access_token"]).status_code == 401


def test_an_app_takes_its_tokens_back(erp, integrate, tokens):
    other = integrate()
    take = "/oauth/revoke"
    basic = {"Authorization": "Basic " + base64.b64encode(f"{erp.client_id}:{erp.secret}".encode()).decode()}

    strangers = other.browser.post(
        take, data={"client_id": other.client_id, "client_secret": other.secret, "token": tokens["access_token"]}
    )
    assert strangers.status_code == 200
    assert erp.call(tokens["access_token"]).status_code == 200

    assert erp.browser.post(take, data={"token": tokens["access_token"]}, headers=basic).status_code == 200
    assert erp.call(tokens["access_token"]).status_code == 401
    second = erp.refresh(tokens["refresh_token"]).json
    assert erp.browser.post(take, data={"token": second["refresh_token"]}, headers=basic).status_code == 200
    assert erp.call(second["access_token"]).status_code == 401
    assert erp.refresh(second["refresh_token"]).json["error"] == "invalid_grant"
    assert erp.browser.post(take, data={"token": "nonsense"}, headers=basic).status_code == 200
    assert erp.browser.post(take, data={"token": "nonsense"}).json["error"] == "invalid_client"


def test_introspection_tells_an_app_of_its_own_tokens_alone(erp, integrate, tokens):
    def ask(app, text):
        fields = {"client_id": app.client_id, "client_secret": app.secret, "token": text}
        return app.browser.post("/oauth/introspect", data=fields)

    live = ask(erp, tokens["access_token"]).json
    assert live["active"] and live["client_id"] == erp.client_id
    assert set(live["scope"].split()) == set(tokens["scope"].split())
    assert ask(erp, tokens["refresh_token"]).json["active"]
    assert ask(integrate(), tokens["access_token"]).json == {"active": False}
    assert ask(integrate(kind="public"), tokens["access_token"]).json["error"] == "invalid_client"
    erp.refresh(tokens["refresh_token"])
    assert ask(erp, tokens["refresh_token"]).json == {"active": False}


def test_an_app_without_people_acts_in_its_own_name(integrate, staff_client):
    robot = integrate(kind="alone")
    answer = robot.token(grant_type="client_credentials", scope="orders.read settings.close openid").json

    assert (answer["scope"], answer["expires_in"]) == ("orders.read", 300)
    assert "refresh_token" not in answer and "id_token" not in answer
    assert robot.call(answer["access_token"]).status_code == 200
    assert robot.call(answer["access_token"], "/oauth/userinfo").status_code == 401
    assert robot.token(grant_type="client_credentials", scope="openid").json["error"] == "invalid_scope"
    assert robot.ask(staff_client).status_code == 400, "it has no address to come back to"


def test_a_token_stops_with_its_person_its_consent_and_its_app(app, shop, integrate, owner, make_member, staff_browser):
    erp = integrate()
    member = make_member()
    browser = staff_browser(member)
    first = erp.redeem(erp.agreed(browser, scope="orders.read")["code"]).json
    with app.app_context(), shop.entered():
        grant = queries.grants_of(queries.app_called(erp.client_id).id)[0][0]
        service.withdraw(grant.id, by=owner)
    assert erp.call(first["access_token"]).status_code == 401

    second = erp.redeem(erp.agreed(browser, scope="orders.read")["code"]).json
    assert erp.call(second["access_token"]).status_code == 200
    with app.app_context(), shop.entered():
        staff_service.remove(member.id, by=owner)
    assert erp.call(second["access_token"]).status_code == 401
    assert erp.refresh(second["refresh_token"]).json["error"] == "invalid_grant"

    robot = integrate(kind="alone")
    third = robot.token(grant_type="client_credentials").json
    with app.app_context(), shop.entered():
        service.remove_app(queries.app_called(robot.client_id).id, by=owner)
    assert robot.call(third["access_token"]).status_code == 401
    assert robot.token(grant_type="client_credentials").json["error"] == "invalid_client"


def test_a_change_of_role_acts_on_the_next_request_of_a_person_their_token_and_their_key(
    app, shop, erp, owner, make_member, staff_browser
):
    """In a process that remembers programs, too. The control: what the role still holds goes on."""
    frames.believe_while(listening.listener.is_heard)
    assert listening.listener.wait_until_heard()
    with app.app_context(), shop.entered():
        role = granting.make_role(
            RoleForm("Packing", "", ["orders.read", "products.read", "developers.write"]), by=owner
        )
        role_id = role.id
    browser = staff_browser(make_member(role=str(role_id)))
    person = access_of(browser)
    token = erp.redeem(erp.agreed(browser, scope="orders.read products.read")["code"]).json["access_token"]
    with app.app_context(), shop.entered():
        maker = staff.actor_of(next(one for one in staff.all_staff() if one.role_id == role_id))
        key = developers.make_key(NewKey(name="Stock", scopes=["orders.read", "products.read"]), by=maker)[1]
    assert person() == [200, 200]
    assert [erp.call(one, path).status_code for one in (token, key) for path in PATHS] == [200] * 4

    with app.app_context(), shop.entered():
        granting.edit_role(role_id, RoleForm("Packing", "", ["products.read"]), by=owner)
    assert person() == [403, 200]
    assert [erp.call(one, path).status_code for one in (token, key) for path in PATHS] == [403, 200] * 2

    with app.app_context(), shop.entered():
        staff_service.change_role(maker.id, "fulfilment", by=owner)
    assert [erp.call(one, path).status_code for one in (token, key) for path in PATHS] == [200] * 4


PATHS = ("/api/v1/orders", "/api/v1/products")


def access_of(browser):
    """What a person's pages answer now."""
    return lambda: [browser.get(path).status_code for path in ("/admin/orders", "/admin/products")]


def test_a_token_of_one_shop_opens_nothing_at_another(erp, other_shop, integrate, tokens):
    stranger = integrate(at=other_shop)

    assert stranger.call(tokens["access_token"]).status_code == 401
    assert erp.call(tokens["access_token"]).status_code == 200, "the negative control: it does work at home"


def test_a_token_that_was_tampered_with_opens_nothing(app, shop, other_shop, erp, tokens):
    """Each with a good signature of the shop's own key, where that is possible at all."""
    with app.app_context(), shop.entered():
        key = keys.signing_key()
        good = jwt.decode(tokens["access_token"], key, algorithms=["RS256"])
        stranger = jwk.RSAKey.generate_key(2048, {"kid": key.kid})

        def signed(claims=(), header=(), by=key):
            return jwt.encode(good.header | dict(header), good.claims | dict(claims), by, algorithms=["RS256"])

        assert checking.held(signed()) is not None, "the negative control"
        bad = {
            "iss": signed({"iss": other_shop.url("")}), "aud": signed({"aud": erp.client_id}),
            "exp": signed({"exp": 1}), "no exp": signed({"exp": None}), "typ": signed(header={"typ": "JWT"}),
            "kid": signed(header={"kid": "01"}), "key": signed(by=stranger), "gid": signed({"gid": str(other_shop.id)}),
            "client": signed({"client_id": "app_other"}),
            "jwk": signed(header={"jwk": stranger.as_dict()}, by=stranger),
            "none": unsigned(good), "hs256": by_public_key(good, key),
            "body": tampered(tokens["access_token"], good.claims | {"scope": "settings.close"}),
        }  # fmt: skip
        assert {name for name, text in bad.items() if checking.held(text) is not None} == set()


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(good):
    return f"{part(good.header | {'alg': 'none'})}.{part(good.claims)}."


def by_public_key(good, key):
    """The old confusion: the public key taken as a shared secret."""
    signed = f"{part(good.header | {'alg': 'HS256'})}.{part(good.claims)}"
    mac = hmac.new(key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def tampered(text, claims):
    head, _, signature = text.split(".")
    return f"{head}.{part(claims)}.{signature}"


def test_a_known_token_costs_no_statement_and_stops_with_its_consent(app, shop, erp, tokens, owner):
    frames.believe_while(listening.listener.is_heard)
    assert listening.listener.wait_until_heard()
    text = tokens["access_token"]
    with app.app_context():
        with shop.entered():
            assert is_known(text)
            began = time.perf_counter()
            for _ in range(1000):
                bearers.holder_of(text)
            assert (time.perf_counter() - began) / 1000 < 150e-6
            with clock.frozen(clock.now() + timedelta(minutes=6)):
                assert bearers.holder_of(text).kind == "anonymous", "a kept token ends when it ends"
        with shop.entered():
            grant = queries.grants_of(queries.app_called(erp.client_id).id)[0][0]
            service.withdraw(grant.id, by=owner)
        with shop.entered():
            assert bearers.holder_of(text).kind == "anonymous"


def test_keys_change_and_what_the_old_one_signed_stays_good(app, shop, erp, tokens, owner):
    before = {key["kid"] for key in erp.browser.get("/oauth/jwks.json").json["keys"]}
    with app.app_context(), shop.entered():
        keys.change(by=owner)
    published = erp.browser.get("/oauth/jwks.json").json["keys"]

    assert before < {key["kid"] for key in published}
    assert all(key.keys() == {"kty", "n", "e", "kid", "use", "alg"} for key in published), "no private half"
    assert erp.call(tokens["access_token"]).status_code == 200
    fresh = erp.refresh(tokens["refresh_token"]).json["access_token"]
    assert json.loads(base64.urlsafe_b64decode(fresh.split(".")[0] + "=="))["kid"] not in before
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert before.isdisjoint(key["kid"] for key in erp.browser.get("/oauth/jwks.json").json["keys"])
    with app.app_context(), shop.entered(), clock.frozen(clock.now() + timedelta(days=91)):
        signing = keys.signing_key().kid
        assert signing not in {key["kid"] for key in published}, "a key of ninety days is changed by itself"


def test_the_private_key_is_not_in_the_database_as_text(app, shop, erp, tokens):
    from sqlalchemy import text

    from app.core import db

    with app.app_context(), shop.entered():
        stored = db.session.execute(
            text("select private from oauth_key where tenant_id = :tenant"), {"tenant": shop.id}
        ).scalars()
        assert all(b"PRIVATE KEY" not in bytes(one) for one in stored)


def test_the_description_offers_no_more_than_there_is(shop, erp):
    for path in ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"):
        told = erp.browser.get(path).json
        assert told["issuer"] == shop.url("")
        assert told["response_types_supported"] == ["code"]
        assert told["code_challenge_methods_supported"] == ["S256"]
        assert set(told["grant_types_supported"]) == {"authorization_code", "refresh_token", "client_credentials"}
        assert told["authorization_response_iss_parameter_supported"] is True
        assert "profile.write" not in told["scopes_supported"]


def test_pages_of_a_public_app_may_read_the_answer_and_no_others(integrate):
    erp, public = integrate(), integrate(kind="public")

    for origin, is_allowed in [("https://erp.example", True), ("https://evil.example", False)]:
        answer = public.browser.post("/oauth/token", data={}, headers={"Origin": origin})
        assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is is_allowed
    assert erp.secret


@pytest.mark.parametrize("address", [
    "https://erp.example/back", "http://localhost:8123/cb", "http://127.0.0.1/cb", "com.example.erp:/cb",
])  # fmt: skip
def test_good_addresses(address):
    assert is_good_address(address)


@pytest.mark.parametrize("address", [
    "http://erp.example/back", "https://*.example/", "https://erp.example/#x", "javascript:alert(1)",
    "data:text/html,x",
    "https://user@erp.example/", "//erp.example", "https://", "https://[::1", "https://a b/", "com.example.erp:cb",
])  # fmt: skip
def test_bad_addresses(address):
    assert not is_good_address(address)
