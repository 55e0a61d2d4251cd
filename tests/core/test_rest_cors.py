"""Pages of other sites: only those that the shop named may call its API from a browser."""

import pytest

from app.core import db, rest_cors
from app.core.errors import InvalidInput
from app.platform.developers import origins
from app.platform.oauth import scopes

SITE = "https://app.example.com"
PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization,if-match"}
HOSTILE = [
    "https://evil.example", "https://app.example.com.evil.example", "https://evilapp.example.com", "http://app.example.com",
    "https://app.example.com:444", "https://app.example.com@evil.example", "null", "*", "https://app.example.com/",
    "HTTPS://APP.EXAMPLE.COM", "https://app.example.com, https://evil.example", "https://app.example.com\t",
]  # fmt: skip


def shared(answer):
    return {name for name in answer.headers.keys() if name.lower().startswith("access-control-")}  # noqa: SIM118


@pytest.fixture
def let_in(app, shop, owner):
    with app.app_context(), db.unit_of_work(shop.id):
        origins.allow(SITE, by=owner)


def test_an_allowed_site_may_ask_and_read_what_it_needs_and_never_with_cookies(program, let_in):
    api = program("products.read")

    asked = api.browser.options("/api/v1/products", headers={"Origin": SITE} | PREFLIGHT)
    read = api.get("/api/v1/products", headers={"Origin": SITE})
    refused = api.browser.get("/api/v1/products", headers={"Origin": SITE})

    assert asked.status_code in {200, 204}
    assert asked.headers["Access-Control-Allow-Origin"] == SITE
    assert "PUT" in asked.headers["Access-Control-Allow-Methods"]
    allowed = set(asked.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"Authorization", "If-Match", "Idempotency-Key"} <= allowed
    assert read.headers["Access-Control-Allow-Origin"] == SITE
    assert {"ETag", "RateLimit", "Location"} <= set(read.headers["Access-Control-Expose-Headers"].split(", "))
    assert refused.status_code == 401, "the page can read why"
    assert refused.headers["Access-Control-Allow-Origin"] == SITE
    for answer in (asked, read, refused):
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", HOSTILE)
def test_no_other_site_is_told_anything(program, let_in, origin):
    api = program("products.read")

    asked = api.browser.options("/api/v1/products", headers={"Origin": origin} | PREFLIGHT)
    read = api.get("/api/v1/products", headers={"Origin": origin})

    assert shared(asked) == shared(read) == set()
    assert "Origin" in asked.headers["Vary"]
    assert "Origin" in read.headers["Vary"]


def test_a_shop_that_named_nobody_shares_with_nobody_and_pages_of_people_are_never_shared(
    program, other_shop, make_key, let_in, shop
):
    key = {"Authorization": f"Bearer {make_key('products.read', at=other_shop)}", "Origin": SITE}

    assert shared(other_shop.browser().get("/api/v1/products", headers=key)) == set()
    for path in ("/", "/admin/login", "/api/docs"):
        assert shared(shop.browser().get(path, headers={"Origin": SITE})) == set()


def test_staff_name_and_remove_sites_and_it_acts_on_the_next_request(staff_client, program, app, shop):
    api = program("products.read")

    made = staff_client.post_form("/admin/developers/origins", {"origin": "HTTPS://App.Example.com:443/"})
    twice = staff_client.post_form("/admin/developers/origins", {"origin": SITE})
    with app.app_context(), shop.entered():
        (known,) = rest_cors.all_origins()
    before = shared(api.get("/api/v1/products", headers={"Origin": SITE}))
    gone = staff_client.post_form(f"/admin/developers/origins/{known.id}/remove", htmx=True)
    after = shared(api.get("/api/v1/products", headers={"Origin": SITE}))

    assert (made.status_code, twice.status_code, gone.status_code) == (303, 303, 200)
    assert known.origin == SITE
    assert before
    assert not after


@pytest.mark.parametrize(
    "text",
    ["*", "https://*.example.com", "null", "http://app.example.com", "https://a.example/path", "https://u:p@a.example",
     "javascript:alert(1)", "https://", "https://a.example?x", "https://a.example:99999", "//a.example"],
)  # fmt: skip
def test_what_is_no_plain_https_site_cannot_be_named(app, text):
    with app.test_request_context(), pytest.raises(InvalidInput):
        rest_cors.normalised(text)


def test_only_a_program_that_was_given_the_scope_by_name_lets_sites_in(program):
    most = program(*sorted(set(scopes.for_programs()) - scopes.EXPLICIT))

    refused = most.post("/api/v1/api-origins", {"origin": SITE})
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert most.post("/admin/developers/origins", {"origin": SITE}).status_code in {303, 401, 403}
    assert program("developers.write").post("/api/v1/api-origins", {"origin": SITE}).status_code == 201
