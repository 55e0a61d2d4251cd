"""Staff sign in by the shop's own OpenID Connect provider, and nothing that it did not say lets anybody in."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from urllib.parse import unquote

import pytest
from joserfc import jwk, jwt

from app.core import db
from app.platform.sso import queries, service
from app.platform.sso.models import SignInIdentity
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from tests.platform.sso.conftest import CLIENT, ISSUER, SECRET, Visit


def member_of(app, shop, email):
    with app.app_context(), shop.entered():
        return staff.staff_by_email(email)


def test_somebody_new_of_an_accepted_domain_gets_the_role_and_is_the_same_person_the_next_time(
    app, shop, trust, visit, provider
):
    trust(first_role="support")

    sent = visit.out("/admin/sign-in/provider?next=/admin/orders")
    answer = visit.back(sent["state"])

    assert (answer.status_code, answer.location) == (303, "/admin/orders")
    assert visit.is_in
    ada = member_of(app, shop, "ada@id.example")
    assert (ada.name, ada.role) == ("Ada", "support")
    _, _, headers, form = next(one for one in provider.asked if one[1].endswith("/token"))
    verifier = form["code_verifier"][0]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert (sent["code_challenge"], sent["code_challenge_method"]) == (challenge, "S256")
    name, _, secret = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
    assert (unquote(name), unquote(secret)) == (CLIENT, SECRET)
    provider.claims = {"email": "renamed@elsewhere.example", "email_verified": None}
    again = Visit(provider, shop.browser())
    assert again.through().status_code == 303 and again.is_in, "known by issuer and subject, whatever the mail says"
    assert member_of(app, shop, "renamed@elsewhere.example") is None


def test_a_colleague_is_found_by_a_proven_address_once_and_never_again_by_it(app, shop, trust, visit, provider):
    trust(domains="")
    provider.claims = {"email": shop.owner_email}

    assert visit.through().location == "/admin"
    assert visit.is_in
    provider.claims = {"email": shop.owner_email, "sub": "somebody-else"}
    thief = Visit(provider, shop.browser())

    assert "why=not_staff_here" in thief.through().location
    assert not thief.is_in


def test_the_address_is_read_from_userinfo_where_the_token_has_none_and_only_of_the_same_person(
    app, shop, trust, visit, provider
):
    trust(first_role="support")
    provider.claims = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "u2", "email": "ada@id.example", "email_verified": True}

    assert "why=answer_not_trusted" in visit.through().location
    provider.userinfo["sub"] = "u1"

    assert visit.through().location == "/admin"


CLAIMS_THAT_DO_NOT_HOLD = (
    ({"iss": "https://evil.example"}, "answer_not_trusted"),
    ({"iss": ISSUER + "/"}, "answer_not_trusted"),
    ({"aud": "another-client"}, "answer_not_trusted"),
    ({"aud": [CLIENT, "another"]}, "answer_not_trusted"),
    ({"aud": [CLIENT, "another"], "azp": "another"}, "answer_not_trusted"),
    ({"azp": "another"}, "answer_not_trusted"),
    ({"exp": 1}, "answer_not_trusted"),
    ({"exp": None}, "answer_not_trusted"),
    ({"iat": 1}, "answer_not_trusted"),
    ({"nonce": "of another sign-in"}, "answer_not_trusted"),
    ({"nonce": None}, "answer_not_trusted"),
    ({"sub": ""}, "answer_not_trusted"),
    ({"email_verified": False}, "address_not_proven"),
    ({"email_verified": "true"}, "address_not_proven"),
    ({"email_verified": None}, "address_not_proven"),
    ({"email": "ada@evil.example"}, "address_not_proven"),
)


def test_a_claim_that_does_not_hold_lets_nobody_in(shop, trust, visit, provider):
    """Issuer, audience, party (azp), end, beginning, nonce, subject; and an address that is proven and accepted."""
    trust(first_role="support")

    for claims, why in CLAIMS_THAT_DO_NOT_HOLD:
        provider.claims = claims
        stranger = Visit(provider, shop.browser())
        assert f"why={why}" in stranger.through().location, claims
        assert not stranger.is_in
    provider.claims = {}
    assert visit.through().location == "/admin", (
        "the same person with honest claims: the refusals were about the claims"
    )


def test_a_signature_that_is_not_the_providers_lets_nobody_in(trust, visit, provider):
    trust(first_role="support")
    honest = provider.key

    def with_token(header, key):
        state = visit.out()["state"]
        claims = json.loads(base64.urlsafe_b64decode(provider.signed().split(".")[1] + "=="))
        if key is None:
            parts = [
                base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in (header, claims)
            ]
            provider.token = ".".join([*parts, ""])
        else:
            provider.token = jwt.encode(header, claims, key, algorithms=[header["alg"]])
        return visit.back(state).location

    public = json.dumps(honest.as_dict(private=False)).encode()
    stranger = jwk.RSAKey.generate_key(2048)
    forged = [
        ({"alg": "none"}, None),
        ({"alg": "HS256", "kid": "k1"}, jwk.OctKey.import_key(public)),
        ({"alg": "HS256"}, jwk.OctKey.import_key(SECRET)),
        ({"alg": "RS256", "kid": "k1"}, stranger),
        ({"alg": "RS256", "kid": "k2"}, honest),
        ({"alg": "RS256", "kid": "k1", "typ": "at+jwt"}, honest),
        ({"alg": "RS256", "kid": "k1", "jwk": stranger.as_dict(private=False)}, stranger),
    ]
    for header, key in forged:
        assert "why=answer_not_trusted" in with_token(header, key), header
        assert not visit.is_in
    assert with_token({"alg": "RS256", "kid": "k1"}, honest) == "/admin"


def test_a_way_back_that_was_not_begun_in_this_browser_is_refused(shop, trust, visit, provider):
    trust(first_role="support")
    sent = visit.out()
    stranger = Visit(provider, shop.browser())

    assert "why=not_begun_here" in stranger.back(sent["state"]).location
    assert "why=not_begun_here" in visit.back("made-up").location
    assert "why=provider_said_no" in visit.back(sent["state"], code=None, error="access_denied").location
    assert "why=not_begun_here" in visit.back(sent["state"]).location, "a state works once, whatever came of it"
    assert visit.through().location == "/admin"


def test_an_answer_of_another_server_is_not_taken_to_the_provider(trust, visit, provider):
    """Mix-up: RFC 9207 and RFC 9700, 4.4. Authlib's client does not look at `iss`."""
    trust(first_role="support")

    for named in ("https://evil.example", ISSUER + "/", None):
        assert "why=answer_not_trusted" in visit.through(iss=named).location
    assert not [one for one in provider.asked if one[1].endswith("/token")], "no code left the house"
    provider.description = {"authorization_response_iss_parameter_supported": False}
    assert visit.through(iss=None).location == "/admin", "a provider that does not name itself may leave it out"
    trust(issuer="https://other.example", first_role="support")
    assert visit.browser.get("/admin/sign-in").status_code == 200, "what the one before vouched for is over"


def test_a_provider_of_one_shop_lets_nobody_into_another(app, shop, other_shop, trust, visit, provider):
    trust(first_role="support")
    sent = visit.out()

    at_b = Visit(provider, other_shop.browser())
    assert at_b.browser.get("/admin/sign-in/provider").status_code == 404
    trust(at=other_shop, domains="", client_id="the-other-shop")
    cookie = visit.browser.get_cookie("staff", domain=shop.host)
    at_b.browser.set_cookie("staff", cookie.value, domain=other_shop.host)

    assert "why=not_begun_here" in at_b.back(sent["state"]).location, "a journey of A is none at B"
    provider.claims = {"email": "ada@id.example"}
    assert visit.back(sent["state"]).location == "/admin"
    assert "why=answer_not_trusted" in at_b.through().location, "a token for A's client is worth nothing at B"
    assert member_of(app, other_shop, "ada@id.example") is None


def test_a_shops_provider_cannot_walk_into_another_shop_of_whomever_it_names(
    app, shop, other_shop, trust, visit, provider
):
    """A shop chooses its provider, so the provider's word counts in that shop only."""
    trust(domains="")
    with app.app_context(), shop.entered():
        staff_service.add_owner(other_shop.owner_email, "Victim")
    provider.claims = {"email": other_shop.owner_email}

    assert visit.through().location == "/admin"

    assert other_shop.host not in visit.browser.get("/admin/shops").text
    assert visit.browser.post_form(f"/admin/shops/{other_shop.id}").status_code == 404
    honest = shop.browser()
    honest.post_form("/admin/sign-in", {"email": other_shop.owner_email, "password": other_shop.owner_password})
    assert honest.post_form(f"/admin/shops/{other_shop.id}").status_code == 303, "by their own password they may"


def test_the_only_way_in_leaves_owners_their_own(app, shop, trust, visit, provider, staff_client):
    with app.app_context(), shop.entered():
        other = staff_service.add_owner("bob@id.example", "Bob", "bobs long password")
        staff_service.change_role(other.id, "support", by=staff.actor_of(staff.staff_by_email(shop.owner_email)))
    bob = shop.browser()
    form = {"email": "bob@id.example", "password": "bobs long password"}
    assert bob.post_form("/admin/sign-in", form).status_code == 303
    trust(is_only_way=True)

    assert bob.get("/admin").status_code == 303, "sessions that began otherwise are over"
    refused = bob.post_form("/admin/sign-in", form)
    assert refused.status_code == 403 and "Northwind" in refused.text
    assert bob.get("/admin").status_code == 303
    owner = shop.browser()
    owner.post_form("/admin/sign-in", {"email": shop.owner_email, "password": shop.owner_password})
    assert owner.get("/admin").status_code == 200, "when the provider fails, the shop is not locked"
    provider.claims = {"email": "bob@id.example"}
    assert visit.through().location == "/admin" and visit.is_in


def test_a_stranger_is_nobody_where_no_role_is_given_and_a_removed_member_stays_out(app, shop, trust, visit, provider):
    trust()
    assert "why=not_staff_here" in visit.through().location
    assert member_of(app, shop, "ada@id.example") is None
    trust(first_role="support")
    assert visit.through().location == "/admin"
    with app.app_context(), shop.entered():
        ada = staff.staff_by_email("ada@id.example")
        staff_service.remove(ada.id, by=staff.actor_of(staff.staff_by_email(shop.owner_email)))
        db.session.commit()
        assert db.session.query(SignInIdentity).count() == 0

    trust()
    assert not visit.is_in
    assert "why=not_staff_here" in visit.through().location


def test_the_settings_page_keeps_the_secret_and_refuses_what_cannot_be_called(app, shop, staff_client):
    """Without the forged provider: the real guard looks at the addresses."""
    form = {"label": "Northwind", "issuer": "http://169.254.169.254", "client_id": "c", "client_secret": "hush-hush"}

    refused = staff_client.post_form("/admin/sign-in-provider", form)
    assert refused.status_code == 422 and "hush-hush" not in refused.text
    saved = staff_client.post_form("/admin/sign-in-provider", form | {"issuer": "https://localhost"})
    assert saved.status_code == 303, saved.text
    tested = staff_client.post_form("/admin/sign-in-provider/test")
    assert tested.status_code == 422 and "not called from here" in tested.text, "a name that leads inside is not called"
    assert "hush-hush" not in staff_client.get("/admin/sign-in-provider").text
    with app.app_context(), shop.entered():
        row = queries.provider()
        assert row.client_secret == "hush-hush" and row.tested_at is None
        raw = db.session.connection().exec_driver_sql(
            "select client_secret from sso_provider where tenant_id = %s", (shop.id,)
        )
        assert b"hush" not in raw.scalar_one()
    again = form | {"issuer": "https://localhost", "client_secret": "", "first_role": "support"}
    assert staff_client.post_form("/admin/sign-in-provider", again).status_code == 422, "a role for the whole world"
    owners = again | {"domains": "id.example", "first_role": "owner"}
    assert staff_client.post_form("/admin/sign-in-provider", owners).status_code == 422
    assert staff_client.post_form("/admin/sign-in-provider/remove").status_code == 303


def test_a_test_of_the_connection_says_what_is_wrong(shop, trust, provider, staff_client):
    trust()
    provider.description = {"issuer": "https://evil.example"}
    wrong = staff_client.post_form("/admin/sign-in-provider/test")
    assert wrong.status_code == 422 and "evil.example" in wrong.text
    for change in ({"code_challenge_methods_supported": ["plain"]}, {"token_endpoint": "http://10.0.0.1/token"}):
        provider.description = change
        assert staff_client.post_form("/admin/sign-in-provider/test").status_code == 422
    provider.description = {}
    assert staff_client.post_form("/admin/sign-in-provider/test").status_code == 303
    assert "It last answered" in staff_client.get("/admin/sign-in-provider").text


TRUSTED_NO_MORE = {"off": {"is_on": False}, "another": {"client_id": "another"}, "removed": None}


@pytest.mark.parametrize("change", TRUSTED_NO_MORE.values(), ids=TRUSTED_NO_MORE)
def test_what_a_provider_vouched_for_is_over_when_it_is_trusted_no_more(app, shop, trust, visit, staff_client, change):
    """And only that: a new label ends nothing, and who came by a password stays."""
    trust(first_role="support")
    visit.through()
    trust(first_role="support", label="Renamed")
    assert visit.is_in

    if change is None:
        with app.app_context(), shop.entered():
            service.remove(by=staff.actor_of(staff.staff_by_email(shop.owner_email)))
    else:
        trust(**change)

    assert not visit.is_in
    assert staff_client.get("/admin").status_code == 200


@pytest.mark.parametrize(("minutes", "is_fresh"), [(0, True), (-30, False), (None, False)])
def test_who_proves_it_again_has_signed_in_there_a_moment_ago(trust, visit, provider, minutes, is_fresh):
    """A provider that does not ask again, or does not say when it asked, proves nothing (`max_age`, `auth_time`)."""
    trust(first_role="support")
    visit.through()
    sent = visit.out()
    assert (sent["prompt"], sent["max_age"]) == ("login", "0")

    provider.claims = {"auth_time": None if minutes is None else int(time.time()) + minutes * 60}
    assert ("refused" not in visit.back(sent["state"]).location) == is_fresh
