"""Pages kept for everybody: right for each shop and bounded, whatever is asked."""

from __future__ import annotations

import re
import threading
import time
import uuid

import pytest

from app.core import access, db, frames, isolation, pagecache
from app.core.pagecache import Address, Memory, Page
from app.shop.catalog.models import Variant
from app.shop.pages import service as pages
from app.shop.pages.schemas import NewPage
from tests.factories.keeping import anonymous, has_page

SYSTEM = access.system_actor("tests")
NOBODY = uuid.UUID(int=0)


@pytest.fixture
def mug(a_mug_for_all, kept_pages):
    """A shop with one mug that these tests share: they look at it and change nothing that shows."""
    a_mug_for_all.browser().get("/cart")
    return a_mug_for_all


def test_the_second_visitor_is_answered_before_flask(mug, renders):
    first, second = has_page(anonymous(mug)), has_page(anonymous(mug))

    assert renders == ["/products/blue-mug"]
    assert second.data == first.data
    assert list(second.headers) == list(first.headers)


def test_a_kept_page_wears_the_same_headers_as_any_other(mug, kept_pages):
    plain = mug.browser().get("/cart").headers
    kept = has_page(anonymous(mug)).headers

    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert kept[name] == plain[name]
    assert "nonce-" not in kept["Content-Security-Policy"]
    assert kept["Cache-Control"] == "private, no-cache"
    assert set(kept["Vary"].split(", ")) == {"Accept-Encoding", "HX-Request", "HX-Request-Type", "Cookie"}


def test_a_kept_page_holds_nothing_of_whoever_asked_first(app, mug, kept_pages):
    browser = mug.browser()
    variant = re.search(r'name="variant_id"[^>]*value="([^"]+)"', browser.get("/products/blue-mug").text)
    browser.post_form("/cart/lines", {"variant_id": variant[1], "quantity": "3"})
    browser.delete_cookie("fresh", domain=mug.host)

    answer = has_page(browser)

    assert len(kept_pages.memory) == 1
    assert "Set-Cookie" not in answer.headers
    assert "_csrf" not in answer.text
    assert "3 items" not in answer.text
    assert "3 items" in browser.get("/cart/badge").text


def test_the_forms_of_kept_pages_post_where_the_browser_proves_its_origin(app, mug, kept_pages):
    routes = app.url_map.bind("localhost")
    with app.app_context(), mug.entered():
        pages.write_page(NewPage(title="About", handle="about", body="Us.", status="active"), by=SYSTEM)
    for path in ("/", "/collections", "/collections/all", "/collections/mugs", "/products/blue-mug", "/search?q=mug",
                 "/pages/about"):  # fmt: skip
        text = has_page(anonymous(mug), path).text
        for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>", text):
            action = re.search(r'action="([^"]+)"', form)[1]
            endpoint, _ = routes.match(action, "POST")
            assert getattr(app.view_functions[endpoint], "__same_origin__", False), (path, action)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "{own}"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "{own}", "Sec-Fetch-Site": "cross-site"}, 400),
        ({}, 400),
    ],
)
def test_a_form_without_a_token_counts_only_from_this_very_origin(app, mug, headers, status):
    own = mug.url("").rstrip("/")
    with app.app_context(), mug.entered():
        variant = db.session.query(Variant.id).scalar()
    sent = {name: value.format(own=own) for name, value in headers.items()}

    answer = anonymous(mug).post("/cart/lines", data={"variant_id": str(variant), "quantity": "1"}, headers=sent)

    refused = answer.status_code >= 400
    assert refused == (status >= 400), answer.status_code


def test_other_forms_still_want_their_token(mug):
    answer = anonymous(mug).post("/cart/update", data={}, headers={"Origin": mug.url("").rstrip("/")})

    assert answer.status_code >= 400


# --- two tenants -----------------------------------------------------------------------------------------------------


def test_the_same_address_at_two_shops_is_two_pages(neighbours, kept_pages):
    one, other = (has_page(anonymous(shop)) for shop in neighbours)

    assert len(kept_pages.memory) == 2
    assert neighbours[1].name in other.text and neighbours[1].name not in one.text
    assert one.headers["ETag"] != other.headers["ETag"]


def test_an_etag_of_one_shop_is_never_a_304_at_another(neighbours, kept_pages):
    tag = has_page(anonymous(neighbours[0])).headers["ETag"]

    assert anonymous(neighbours[0]).get("/products/blue-mug", headers={"If-None-Match": tag}).status_code == 304
    assert anonymous(neighbours[1]).get("/products/blue-mug", headers={"If-None-Match": tag}).status_code == 200


def test_control_without_the_tenant_in_the_key_the_leak_would_show(neighbours, kept_pages, monkeypatch):
    get, keep = Memory.get, Memory.keep

    def careless(address):
        return address._replace(tenant=NOBODY, version=0, host="")

    monkeypatch.setattr(Memory, "get", lambda self, address: get(self, careless(address)))
    monkeypatch.setattr(Memory, "keep", lambda self, address, page: keep(self, careless(address), page))
    one, other = (has_page(anonymous(shop)) for shop in neighbours)

    assert other.data == one.data


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Original-URL": "/admin"},
        {"Accept-Language": "xx-Evil, ar"},
        {"Accept-Encoding": "evil, " * 50},
        {"User-Agent": "<script>evil</script>"},
        {"Cookie": "csrf=evil; shopper=evil; cart=evil; anything=evil"},
        {"Authorization": "Bearer evil"},
        {"Range": "bytes=0-3"},
        {"HX-Request": "evil"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_header_of_a_visitor_reaches_the_next_one(mug, kept_pages, headers):
    hostile = has_page(anonymous(mug), headers=headers)
    clean = has_page(anonymous(mug))

    assert hostile.data == clean.data
    assert "evil" not in clean.text
    assert len(kept_pages.memory) == 1


def test_a_host_in_other_spellings_is_one_page(mug, kept_pages):
    for host in (mug.host, mug.host.upper(), f"{mug.host}:4711", f"{mug.host}:80", f"{mug.host}."):
        assert "4711" not in has_page(anonymous(mug), headers={"Host": host}).text

    assert len(kept_pages.memory) == 1


def test_strangers_hosts_are_not_remembered(app, mug, kept_pages):
    before = dict(frames.known.hosts)
    for number in range(20):
        assert app.test_client().get("/", base_url=f"http://x{number}.example").status_code == 421

    assert frames.known.hosts == before


# --- query noise -----------------------------------------------------------------------------------------------------


def test_parameters_that_no_view_names_change_and_store_nothing(mug, kept_pages, renders):
    for number in range(30):
        text = has_page(anonymous(mug), f"/collections/mugs?utm_source=noise{number}&fbclid={number}").text
        assert "noise" not in text

    assert len(kept_pages.memory) == 1
    assert len(renders) == 1


def test_the_order_of_parameters_does_not_matter(mug, kept_pages):
    for query in ("sort=price&available=1", "available=1&sort=price", "utm=x&sort=price&available=1"):
        mug_page = anonymous(mug).get(f"/collections/mugs?{query}")
        assert mug_page.status_code == 200

    assert len(kept_pages.memory) == 1


def test_a_page_with_parameters_is_kept_only_when_it_is_asked_for_again(mug, kept_pages):
    for number in range(4):
        anonymous(mug).get(f"/search?q=mug{number}")
    assert len(kept_pages.memory) == 0

    anonymous(mug).get("/search?q=mug1")
    assert len(kept_pages.memory) == 1


@pytest.mark.parametrize("query", ["q=" + "a" * 1001, "&".join(f"tag={n}" for n in range(41)), "preview=x"])
def test_endless_and_previewing_addresses_go_past(mug, kept_pages, query):
    anonymous(mug).get(f"/search?{query}")
    anonymous(mug).get(f"/search?{query}")

    assert len(kept_pages.memory) == 0


def an_address(tenant, path):
    return Address(tenant, 1, "http", "a.localhost", path, "", False)


def test_memory_is_bounded_in_bytes_and_for_each_tenant():
    memory, flood, quiet = Memory(400_000), uuid.uuid4(), uuid.uuid4()
    memory.keep(an_address(quiet, "/"), Page([], b"x" * 10_000, "t", time.time()))
    for number in range(100):
        memory.keep(an_address(flood, f"/{number}"), Page([], b"x" * 10_000, "t", time.time()))

    assert memory.bytes <= 110_000 + 15_000
    assert memory.get(an_address(quiet, "/")) is not None
    assert memory.get(an_address(flood, "/99")) is not None
    assert memory.get(an_address(flood, "/0")) is None


def test_a_page_ends_after_a_minute():
    memory, tenant = Memory(400_000), uuid.uuid4()
    memory.keep(an_address(tenant, "/"), Page([], b"x", "t", time.time() - pagecache.SECONDS - 1))

    assert memory.get(an_address(tenant, "/")) is None
    assert memory.bytes == 0


# --- HTTP ------------------------------------------------------------------------------------------------------------


def test_head_is_a_get_without_its_body(mug, kept_pages):
    whole = has_page(anonymous(mug))
    answer = anonymous(mug).head("/products/blue-mug")

    assert answer.data == b""
    assert dict(answer.headers) == dict(whole.headers)


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip, deflate, br", True), ("*", True), ("gzip;q=0, br", False), ("gzip;q=0.000", False), ("br", False),
     ("", False), ("x" * 400 + ", gzip", False)],
)  # fmt: skip
def test_compressed_for_those_who_take_it(mug, kept_pages, accepted, is_packed):
    plain = has_page(anonymous(mug))
    answer = has_page(anonymous(mug), headers={"Accept-Encoding": accepted})

    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed
    assert (answer.headers["ETag"] != plain.headers["ETag"]) == is_packed
    assert (len(answer.data) < len(plain.data) / 2) == is_packed
    tag = answer.headers["ETag"]
    again = anonymous(mug).get("/products/blue-mug", headers={"Accept-Encoding": accepted, "If-None-Match": tag})
    assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == tag


def test_a_piece_for_htmx_is_kept_apart_from_its_page(mug, kept_pages):
    page = has_page(anonymous(mug), "/collections/mugs")
    piece = anonymous(mug).get_fragment("/collections/mugs")

    assert "<html" in page.text and "<html" not in piece.text
    assert piece.headers["HX-Push-Url"].endswith("/collections/mugs")
    assert len(kept_pages.memory) == 2


def test_only_whole_good_pages_are_kept(mug, kept_pages):
    for path in ("/products/nothing", "/cart", "/account", "/robots.txt", "/checkout"):
        anonymous(mug).get(path)

    assert len(kept_pages.memory) == 0


def test_many_threads_at_once_get_the_right_page(neighbours, kept_pages):
    wrong, leave = [], isolation.tenant_or_none()

    def visit(shop):
        for _ in range(5):
            if shop.name not in has_page(anonymous(shop)).text:
                wrong.append(shop.name)

    threads = [threading.Thread(target=visit, args=(shop,)) for shop in neighbours * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == [] and leave is None
