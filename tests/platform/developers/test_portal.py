"""The developers' pages: the first call, and the log of requests."""

import re

from sqlalchemy import select

from app.core import db
from app.platform.developers import noting
from app.platform.developers.models import ApiRequest
from tests.factories.developers import Program
from tests.shop.catalog.test_speed import counted_statements


def test_the_first_call_is_guided_and_its_arrival_shown(app, shop, staff_client):
    page = staff_client.get("/admin/developers/first-call")
    fields = dict(re.findall(r'name="(name|scopes|lasts)" value="([^"]+)"', page.text))
    made = staff_client.post_form("/admin/developers/keys", fields)
    key, path = (re.search(rf'data-{name}="([^"]+)"', made.text)[1] for name in ("key", "try"))
    waiting = re.search(r'hx-get="(/admin/developers/keys/[^"]+/first-call)"', made.text)[1]

    assert f"Authorization: Bearer {key}" in made.get_data(as_text=True).replace("&#34;", '"')
    assert "Waiting for the first request" in staff_client.get_fragment(waiting).text
    assert Program(shop.browser(), key).get(path).status_code == 200
    noting.notebook.write(app)
    arrived = staff_client.get_fragment(waiting).text
    assert "It has arrived." in arrived
    assert "/api/v1/products" in arrived
    assert "hx-trigger" not in arrived


def test_the_log_shows_who_asked_what_and_why_it_was_refused(app, shop, staff_client, program, make_key):
    reader = program("orders.read")
    reader.get("/api/v1/orders?limit=17")
    reader.get("/api/v1/products")
    shop.browser().get("/api/v1/orders", headers={"Authorization": "Bearer key_wrong"})
    noting.notebook.write(app)

    everything = staff_client.get("/admin/developers/requests").text
    refused = staff_client.get("/admin/developers/requests?only=refused").text

    assert "GET /api/v1/orders" in everything and "Stock sync" in everything
    assert "limit=17" not in everything, "what was searched for is nobody's business"
    assert "GET /api/v1/products" in refused and "forbidden" in refused
    assert "GET /api/v1/orders" not in refused


def test_the_log_of_one_shop_is_none_at_another(app, shop, other_shop, program, staff_browser, make_member):
    program("orders.read").get("/api/v1/orders")
    noting.notebook.write(app)
    stranger = staff_browser(make_member(at=other_shop), at=other_shop)

    assert "/api/v1/orders" not in stranger.get("/admin/developers/requests").text


def test_the_lines_of_a_shop_are_written_by_one_statement(app, shop, other_shop, program):
    for path in ("/api/v1/orders", "/api/v1/orders?limit=3", "/api/v1/products"):
        program("orders.read").get(path)
    told = [row for _, row in noting.notebook.waiting]
    with counted_statements(app) as sent:
        noting.notebook.write(app)

    assert len(sent) == 1 and sent[0].startswith("INSERT INTO api_request")
    with app.app_context(), shop.entered():
        kept = db.session.scalars(select(ApiRequest).order_by(ApiRequest.id)).all()
        assert [{name: getattr(one, name) for name in told[0]} for one in kept] == told
    with app.app_context(), other_shop.entered():
        assert db.session.scalars(select(ApiRequest)).all() == []


def test_a_flood_is_cut_and_never_grows(app, shop):
    book = noting.Notebook()
    book.waiting.extend([(shop.id, {})] * 10_000)

    assert len(book.waiting) == 2_000
