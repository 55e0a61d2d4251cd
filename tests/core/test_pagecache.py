"""Pages kept for everybody: right for each shop, at once after a change, and bounded whatever is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
import uuid

import pytest
from sqlalchemy import event

from app.core import access, db, frames, isolation, listening, pagecache
from app.core.pagecache import Address, Memory, Page
from app.platform.branding import service as branding
from app.platform.developers import service as developers
from app.platform.developers.schemas import NewKey
from app.platform.staff.models import StaffMember
from app.platform.tenancy import queries as tenancy_queries
from app.platform.tenancy import service as tenancy
from app.settings import ROOT
from app.shop.catalog import service as catalog
from app.shop.catalog.models import Product, Variant
from app.shop.pages import service as pages
from app.shop.pages.schemas import MenuLink, NewPage
from app.ui import fragments
from app.ui.theme import BrandTokens
from tests.factories.catalog import a_collection, a_product

SYSTEM = access.system_actor("tests")
NOBODY = uuid.UUID(int=0)


@pytest.fixture
def cache(app):
    """The cache in front of the app, empty, and hearing of changes."""
    assert listening.listener.wait_until_heard()
    kept = app.extensions["pages"]
    kept.memory = Memory(8 * 1024 * 1024)
    return kept


@pytest.fixture
def renders(cache, monkeypatch):
    """Paths that Flask was asked for, in order."""
    seen, behind = [], cache.behind

    def watched(environ, start):
        seen.append(environ["PATH_INFO"])
        return behind(environ, start)

    monkeypatch.setattr(cache, "behind", watched)
    return seen


@pytest.fixture
def mug(app, shop, cache):
    """A shop with one mug; this process has met its host."""
    with app.app_context(), shop.entered():
        a_collection([a_product(title="Blue mug", price=2000, on_hand=10)], title="Mugs")
    shop.browser().get("/cart")
    return shop


def anonymous(shop):
    """A browser without a single cookie."""
    browser = shop.browser()
    browser.delete_cookie("csrf", domain=shop.host)
    return browser


def has_page(browser, path="/products/blue-mug", **options):
    answer = browser.get(path, **options)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_second_visitor_is_answered_before_flask(mug, renders):
    first, second = has_page(anonymous(mug)), has_page(anonymous(mug))

    assert renders == ["/products/blue-mug"]
    assert second.data == first.data
    assert list(second.headers) == list(first.headers)


def test_a_kept_page_wears_the_same_headers_as_any_other(mug, cache):
    plain = mug.browser().get("/cart").headers
    kept = has_page(anonymous(mug)).headers

    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert kept[name] == plain[name]
    assert "nonce-" not in kept["Content-Security-Policy"]
    assert kept["Cache-Control"] == "private, no-cache"
    assert set(kept["Vary"].split(", ")) == {"Accept-Encoding", "HX-Request", "HX-Request-Type", "Cookie"}


def test_a_kept_page_holds_nothing_of_whoever_asked_first(app, mug, cache):
    browser = mug.browser()
    variant = re.search(r'name="variant_id"[^>]*value="([^"]+)"', browser.get("/products/blue-mug").text)
    browser.post_form("/cart/lines", {"variant_id": variant[1], "quantity": "3"})
    browser.delete_cookie("fresh", domain=mug.host)

    answer = has_page(browser)

    assert len(cache.memory) == 1
    assert "Set-Cookie" not in answer.headers
    assert "_csrf" not in answer.text
    assert "3 items" not in answer.text
    assert "3 items" in browser.get("/cart/badge").text


def test_the_forms_of_kept_pages_post_where_the_browser_proves_its_origin(app, mug, cache):
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


@pytest.fixture
def neighbours(app, mug, other_shop):
    """Two shops with a product of the same address, both met by this process."""
    with app.app_context(), other_shop.entered():
        a_product(title="Blue mug", price=3300)
    other_shop.browser().get("/cart")
    return mug, other_shop


def test_the_same_address_at_two_shops_is_two_pages(neighbours, cache):
    one, other = (has_page(anonymous(shop)) for shop in neighbours)

    assert len(cache.memory) == 2
    assert neighbours[1].name in other.text and neighbours[1].name not in one.text
    assert one.headers["ETag"] != other.headers["ETag"]


def test_an_etag_of_one_shop_is_never_a_304_at_another(neighbours, cache):
    tag = has_page(anonymous(neighbours[0])).headers["ETag"]

    assert anonymous(neighbours[0]).get("/products/blue-mug", headers={"If-None-Match": tag}).status_code == 304
    assert anonymous(neighbours[1]).get("/products/blue-mug", headers={"If-None-Match": tag}).status_code == 200


def test_control_without_the_tenant_in_the_key_the_leak_would_show(neighbours, cache, monkeypatch):
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
def test_no_header_of_a_visitor_reaches_the_next_one(mug, cache, headers):
    hostile = has_page(anonymous(mug), headers=headers)
    clean = has_page(anonymous(mug))

    assert hostile.data == clean.data
    assert "evil" not in clean.text
    assert len(cache.memory) == 1


def test_a_host_in_other_spellings_is_one_page(mug, cache):
    for host in (mug.host, mug.host.upper(), f"{mug.host}:4711", f"{mug.host}:80", f"{mug.host}."):
        assert "4711" not in has_page(anonymous(mug), headers={"Host": host}).text

    assert len(cache.memory) == 1


def test_strangers_hosts_are_not_remembered(app, mug, cache):
    before = dict(frames.known.hosts)
    for number in range(20):
        assert app.test_client().get("/", base_url=f"http://x{number}.example").status_code == 421

    assert frames.known.hosts == before


# --- query noise -----------------------------------------------------------------------------------------------------


def test_parameters_that_no_view_names_change_and_store_nothing(mug, cache, renders):
    for number in range(30):
        text = has_page(anonymous(mug), f"/collections/mugs?utm_source=noise{number}&fbclid={number}").text
        assert "noise" not in text

    assert len(cache.memory) == 1
    assert len(renders) == 1


def test_the_order_of_parameters_does_not_matter(mug, cache):
    for query in ("sort=price&available=1", "available=1&sort=price", "utm=x&sort=price&available=1"):
        mug_page = anonymous(mug).get(f"/collections/mugs?{query}")
        assert mug_page.status_code == 200

    assert len(cache.memory) == 1


def test_a_page_with_parameters_is_kept_only_when_it_is_asked_for_again(mug, cache):
    for number in range(4):
        anonymous(mug).get(f"/search?q=mug{number}")
    assert len(cache.memory) == 0

    anonymous(mug).get("/search?q=mug1")
    assert len(cache.memory) == 1


@pytest.mark.parametrize("query", ["q=" + "a" * 1001, "&".join(f"tag={n}" for n in range(41)), "preview=x"])
def test_endless_and_previewing_addresses_go_past(mug, cache, query):
    anonymous(mug).get(f"/search?{query}")
    anonymous(mug).get(f"/search?{query}")

    assert len(cache.memory) == 0


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


# --- changes ---------------------------------------------------------------------------------------------------------


def _new_title():
    product = db.session.query(Product).one()
    product.title = "Changed"


def _new_price():
    db.session.query(Variant).one().price = 7777


def _sold_out():
    catalog.set_stock(db.session.query(Variant.id).scalar(), 0, by=SYSTEM)


def _new_look():
    branding.publish_tokens(BrandTokens(words={"add_to_bag": "Changed"}), by=SYSTEM)


def _new_menu():
    pages.write_menu("main", [MenuLink("Changed", "/collections/mugs")], by=SYSTEM)


def _new_announcement():
    tenancy_queries.lock_shop().announcement = "Changed"


CHANGES = {
    "title": (_new_title, "Changed"),
    "price": (_new_price, "77.77"),
    "stock": (_sold_out, "Sold out"),
    "look": (_new_look, "Changed"),
    "menu": (_new_menu, "Changed"),
    "announcement": (_new_announcement, "Changed"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_on_the_very_next_page(app, mug, cache, name):
    change, shown = CHANGES[name]
    assert shown not in has_page(anonymous(mug)).text

    with app.app_context(), mug.entered():
        change()

    assert shown in has_page(anonymous(mug)).text


def test_a_change_that_is_rolled_back_changes_nothing(app, mug, cache, renders):
    has_page(anonymous(mug))
    with pytest.raises(ZeroDivisionError), app.app_context(), mug.entered():
        _new_title()
        db.flush()
        raise ZeroDivisionError

    has_page(anonymous(mug))
    assert len(renders) == 1


def test_control_a_model_without_its_mark_would_leave_the_old_page(app, mug, cache, monkeypatch):
    has_page(anonymous(mug))
    monkeypatch.setattr(Product, "visitors_see", False)

    with app.app_context(), mug.entered():
        _new_title()

    assert "Changed" not in has_page(anonymous(mug)).text


def test_what_nobody_sees_leaves_pages_alone(app, mug, cache, renders):
    has_page(anonymous(mug))
    with app.app_context(), mug.entered():
        db.next_number("order")

    has_page(anonymous(mug))
    assert len(renders) == 1


def test_a_closed_or_suspended_shop_answers_no_kept_page(app, mug, cache):
    has_page(anonymous(mug))
    with app.app_context(), mug.entered():
        tenancy.set_open(False, by=SYSTEM)
    assert anonymous(mug).get("/products/blue-mug").status_code == 503
    with app.app_context(), mug.entered():
        tenancy.set_open(True, by=SYSTEM)
    has_page(anonymous(mug))

    with app.app_context():
        tenancy.suspend(mug.slug)
        db.session.commit()

    assert anonymous(mug).get("/products/blue-mug").status_code == 503
    with app.app_context():
        tenancy.resume(mug.slug)
        db.session.commit()
    has_page(anonymous(mug))


@pytest.mark.parametrize("cookie", ["staff", "fresh", "preview", "preview-frame", "__Host-fresh"])
def test_staff_previews_and_whoever_changed_something_go_past(mug, cache, renders, cookie):
    has_page(anonymous(mug))
    browser = anonymous(mug)
    browser.set_cookie(cookie, "x", domain=mug.host)

    has_page(browser)
    has_page(browser)

    assert len(renders) == 3
    assert len(cache.memory) == 1


# --- other processes -------------------------------------------------------------------------------------------------

A_CHANGE = """
import sys, uuid
from flask import Flask
from app.core import db, shown
from app.platform.tenancy.queries import lock_shop
app = Flask("other")
db.init_app(app)
with app.app_context(), db.unit_of_work(uuid.UUID(sys.argv[1])):
    lock_shop().announcement = "Told by another process"
"""


def test_a_change_in_another_process_shows_within_a_second(app, mug, configured, cache, renders):
    has_page(anonymous(mug))
    environment = os.environ | configured.to_environment() | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-P", "-c", A_CHANGE, str(mug.id)], env=environment, cwd=ROOT, check=True)
    ends = time.monotonic() + 1

    while "Told by another process" not in has_page(anonymous(mug)).text:
        assert time.monotonic() < ends
    has_page(anonymous(mug))
    assert len(renders) == 2


def test_a_process_that_hears_nothing_believes_nothing(app, mug, cache, renders, monkeypatch):
    has_page(anonymous(mug))
    listening.listener.stop()
    monkeypatch.setattr(listening.Listener, "_start", lambda self: None)

    has_page(anonymous(mug))
    has_page(anonymous(mug))
    assert len(renders) == 3

    monkeypatch.undo()
    assert listening.listener.wait_until_heard()
    assert frames.known.hosts == {}


def test_a_connection_that_swallows_notifications_is_not_believed(configured, monkeypatch):
    deaf = listening.Listener()
    monkeypatch.setattr(deaf, "_hear", lambda notice: None)
    try:
        assert not deaf.wait_until_heard(0.4)
    finally:
        deaf.stop()


# --- Redis -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_redis(cache, a_redis):
    """The cache with a store behind it."""
    cache.shared = pagecache.Shared(pagecache.SurvivableRedis.at(a_redis.url))
    yield a_redis
    cache.shared = None


def test_another_process_takes_the_page_from_redis(mug, cache, with_redis, renders):
    first = has_page(anonymous(mug))
    cache.memory = Memory(1024 * 1024)

    assert has_page(anonymous(mug)).data == first.data
    assert len(renders) == 1
    assert all(key.startswith(f"page:{mug.id}:".encode()) for key in with_redis.values)


def test_rubbish_in_redis_is_a_miss(mug, cache, with_redis, renders):
    has_page(anonymous(mug))
    with_redis.values.update(dict.fromkeys(with_redis.values, b"\x80\x04pickle"))
    cache.memory = Memory(1024 * 1024)

    has_page(anonymous(mug))
    assert len(renders) == 2


@pytest.mark.parametrize("trouble", ["hang", "die"])
def test_redis_that_hangs_or_dies_costs_a_moment_once(mug, cache, with_redis, trouble):
    getattr(with_redis, trouble)()
    slowest = []
    for _ in range(8):
        cache.memory = Memory(1024 * 1024)
        began = time.monotonic()
        has_page(anonymous(mug))
        slowest.append(time.monotonic() - began)

    assert max(slowest) < 1.0
    assert sorted(slowest)[4] < 0.3


# --- HTTP ------------------------------------------------------------------------------------------------------------


def test_head_is_a_get_without_its_body(mug, cache):
    whole = has_page(anonymous(mug))
    answer = anonymous(mug).head("/products/blue-mug")

    assert answer.data == b""
    assert dict(answer.headers) == dict(whole.headers)


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip, deflate, br", True), ("*", True), ("gzip;q=0, br", False), ("gzip;q=0.000", False), ("br", False),
     ("", False), ("x" * 400 + ", gzip", False)],
)  # fmt: skip
def test_compressed_for_those_who_take_it(mug, cache, accepted, is_packed):
    plain = has_page(anonymous(mug))
    answer = has_page(anonymous(mug), headers={"Accept-Encoding": accepted})

    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed
    assert (answer.headers["ETag"] != plain.headers["ETag"]) == is_packed
    assert (len(answer.data) < len(plain.data) / 2) == is_packed
    tag = answer.headers["ETag"]
    again = anonymous(mug).get("/products/blue-mug", headers={"Accept-Encoding": accepted, "If-None-Match": tag})
    assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == tag


def test_a_piece_for_htmx_is_kept_apart_from_its_page(mug, cache):
    page = has_page(anonymous(mug), "/collections/mugs")
    piece = anonymous(mug).get_fragment("/collections/mugs")

    assert "<html" in page.text and "<html" not in piece.text
    assert piece.headers["HX-Push-Url"].endswith("/collections/mugs")
    assert len(cache.memory) == 2


def test_only_whole_good_pages_are_kept(mug, cache):
    for path in ("/products/nothing", "/cart", "/account", "/robots.txt", "/checkout"):
        anonymous(mug).get(path)

    assert len(cache.memory) == 0


def test_many_threads_at_once_get_the_right_page(neighbours, cache):
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


def test_a_crowd_at_one_address_costs_one_page(mug, cache, renders, monkeypatch):
    behind = cache.behind

    def slow(environ, start):
        time.sleep(0.2)
        return behind(environ, start)

    monkeypatch.setattr(cache, "behind", slow)
    found = []
    crowd = [threading.Thread(target=lambda: found.append(has_page(anonymous(mug)).data)) for _ in range(5)]
    for visitor in crowd:
        visitor.start()
    for visitor in crowd:
        visitor.join()

    assert len(set(found)) == 1 and len(found) == 5
    assert renders == ["/products/blue-mug"]
    assert cache._making == {}


def test_one_request_looks_anew_for_a_host_whose_time_is_up(mug, cache, monkeypatch):
    tenant, _ = frames.known.hosts[mug.host]
    frames.known.hosts[mug.host] = (tenant, time.monotonic() - 1)

    assert frames.known.host(mug.host) is None
    assert frames.known.host(mug.host) == tenant


# --- what a page costs that is not kept ------------------------------------------------------------------------------


@pytest.fixture
def statements(app):
    """Statements that leave for any database, in order."""
    seen = []

    def note(connection, cursor, statement, *_):
        seen.append(statement)

    with app.app_context():
        engines = set(db.db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("path", "most"), [("/", 4), ("/collections/mugs", 4), ("/products/blue-mug", 4), ("/search?q=mug", 6)]
)
def test_a_page_that_is_made_anew_costs_its_own_statements_only(mug, cache, statements, path, most):
    cache.memory = Memory(0)
    has_page(anonymous(mug), path)
    statements.clear()

    has_page(anonymous(mug), path)

    assert 0 < len(statements) <= most, "\n".join(statements)
    assert not any(
        re.search(r"\bfrom (shop|menu|catalogue\.\w+|web_session)\b", one, re.IGNORECASE) for one in statements
    )


def test_the_list_of_products_for_programs_costs_four_statements(app, mug, cache, statements):
    with app.app_context(), mug.entered():
        maker = db.session.query(StaffMember).one()
        owner = access.Actor("staff", maker.id, "Olive", frozenset(access.catalogue_of_permissions()))
        _, key = developers.make_key(NewKey(name="Till", scopes=["products.read"]), by=owner)
    sent = {"Authorization": f"Bearer {key}"}
    assert anonymous(mug).get("/api/v1/products", headers=sent).status_code == 200
    statements.clear()

    assert anonymous(mug).get("/api/v1/products", headers=sent).status_code == 200

    assert len(statements) <= 4, "\n".join(statements)


def test_the_bag_of_somebody_without_one_costs_no_statement(mug, cache, statements):
    anonymous(mug).get("/cart/badge")
    statements.clear()

    assert anonymous(mug).get("/cart/badge").status_code == 200
    assert statements == []


# --- pieces of pages ------------------------------------------------------------------------------------------------


def test_a_card_is_made_anew_only_when_its_own_product_changes(app, mug, cache):
    with app.app_context(), mug.entered():
        a_product(title="Red mug", price=1000)
    cache.memory = Memory(0)
    has_page(anonymous(mug), "/collections/all")
    known = len(fragments.pieces)

    with app.app_context(), mug.entered():
        db.session.query(Product).where(Product.title == "Red mug").one().title = "Changed"

    text = has_page(anonymous(mug), "/collections/all").text
    assert "Changed" in text and "Blue mug" in text and "Red mug" not in text
    assert len(fragments.pieces) == known + 1


def test_a_card_of_one_shop_never_stands_at_another(neighbours, cache):
    cache.memory = Memory(0)
    texts = [has_page(anonymous(shop), "/collections/all").text for shop in neighbours]
    variants = [set(re.findall(r'name="variant_id"[^>]*value="([^"]+)"', text)) for text in texts]

    assert variants[0] and variants[1] and not variants[0] & variants[1]
