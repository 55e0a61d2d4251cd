"""The benchmark: what it fills, how it drives and reads, and what it says. The figures themselves are not for tests."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app.commands.bench import driving, filling, gauges, hurrying, load, report, rows, words
from app.commands.bench.command import bench
from app.commands.bench.measuring import Figures
from app.core import db
from app.core.trouble import Trouble
from app.platform.tenancy import queries as tenancy
from app.shop.catalog import queries as catalog
from app.shop.catalog.models import Product, SearchPosting
from app.shop.orders.models import Order


@pytest.fixture
def bulk(server, configured) -> Iterator[psycopg.Connection]:
    """A connection that may fill the database of this run in a hurry."""
    with psycopg.connect(server.url("postgres", configured.home.name)) as connection:
        yield connection


class Counting(http.server.BaseHTTPRequestHandler):
    """Answers everything, keeps connections, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, bytes]] = []

    def do_GET(self) -> None:
        self._answer(404 if self.path == "/missing" else 200)

    def do_POST(self) -> None:
        self._answer(200)

    def _answer(self, status: int) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append((self.command, self.headers["Cookie"] or "", sent))
        self.send_response(status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"Hello")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """A small web server."""
    Counting.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_filled_shop_is_one_that_shoppers_can_use(app, shop, client, bulk):
    filling.fill_products(bulk, shop.id, 30)
    filling.fill_products(bulk, shop.id, 40)

    with app.app_context(), shop.entered():
        title = catalog.find_product("bench-7").title
        words_filed = db.session.scalar(select(func.count()).select_from(SearchPosting))
        assert db.session.scalar(select(func.count()).select_from(Product)) == 40
        assert words_filed > 40 * 10
    assert title in client.get("/products/bench-7").text
    assert client.get(f"/collections/{filling.WHOLE_SHELF}").text.count("/products/bench-") >= 24
    assert title.split()[0] in client.get(f"/search?q={title.split()[0].lower()}").text


def test_filled_orders_are_in_the_back_office(app, shop, staff_client, bulk):
    filling.fill_orders(bulk, shop.id, 30)

    with app.app_context(), shop.entered():
        assert db.session.scalar(select(func.count()).select_from(Order)) == 30
    assert "B30" in staff_client.get("/admin/orders").text


def test_a_cloned_tenant_has_what_its_model_has_and_nothing_of_anybody_else(app, shop, open_shop, bulk):
    names = [f"{shop.slug}-copy-{number}" for number in range(3)]

    filling.clone_tenants(bulk, shop.id, names)

    with app.app_context():
        copies = [tenancy.tenant_by_slug(name) for name in names]
        db.session.rollback()
        assert len({copy.id for copy in copies} | {shop.id}) == 4
        with db.unit_of_work(copies[0].id):
            assert tenancy.current_shop().name == shop.name
    assert shop.app.test_client().get("/", base_url=f"http://{names[1]}.localhost:8000").status_code == 200


def test_indexes_that_were_left_for_later_are_the_ones_that_were_there(bulk):
    def indexes() -> list[tuple[str, str]]:
        wanted = "select indexname, indexdef from pg_indexes where tablename in ('order', 'search_posting') order by 1"
        return bulk.execute(wanted).fetchall()

    def rules() -> list[tuple[str, ...]]:
        wanted = "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = any(%s::regclass[])"
        return sorted(bulk.execute(wanted, (['"order"', "search_posting"],)).fetchall())

    before = indexes(), rules()
    with hurrying.indexes_later(bulk, ["order", "search_posting"]):
        left = [name for name, _ in indexes()]
    assert left == ["pk_order"]  # order lines stand on it
    assert (indexes(), rules()) == before


def test_the_words_are_the_same_on_every_machine():
    assert len(set(words.made_up())) == len(words.made_up()) == 3000
    assert words.made_up()[0] == words.made_up()[0]


@pytest.mark.parametrize("tool", ["wrk", "ours"])
def test_what_is_driven_arrives_as_it_was_written(port, tool):
    if tool == "wrk" and driving.tool() != "wrk":
        tool = "ours"
    requests = [
        driving.Request("/a", "shop.localhost", headers={"Cookie": 'cart="1"'}),
        driving.Request("/b", "shop.localhost", "POST", {"Cookie": "cart=2"}, "variant=1&quantity=2"),
    ]

    driven = driving.drive(requests, port, connections=2, seconds=1, by=tool)

    assert driven.requests > 10
    assert (driven.errors, driven.p50 > 0, driven.p99 >= driven.p50) == (0, True, True)
    assert set(Counting.asked) == {("GET", 'cart="1"', b""), ("POST", "cart=2", b"variant=1&quantity=2")}


def test_what_is_counted_is_sent_so_often_and_no_more(port):
    requests = [driving.Request("/a", "x"), driving.Request("/b", "x", "POST", {}, "quantity=2")]

    driving.one_by_one(requests, port, 7)

    assert [(how, sent) for how, _, sent in Counting.asked] == [("GET", b""), ("POST", b"quantity=2")] * 3 + [
        ("GET", b"")
    ]
    with pytest.raises(Trouble, match=r"GET /missing answers 404"):
        driving.one_by_one([driving.Request("/missing", "x")], port, 2)


def test_pages_that_fail_are_no_figures(port):
    with pytest.raises(Trouble, match=r"GET /missing failed"):
        driving.drive([driving.Request("/missing", "x")], port, connections=1, seconds=0.1, by="ours")


def test_figures_are_read_from_sorted_times():
    found = load.figures([0.001] * 98 + [0.5, 0.9], errors=1, lasted=2.0)

    assert found == {"requests": 100, "errors": 1, "rps": 50.0, "p50": 1.0, "p99": 900.0}


def test_a_process_and_its_children_are_one_family():
    family = gauges.family(1)

    assert family[0] == 1
    assert gauges.memory(gauges._all_processes()[-1]) >= 0
    assert gauges.spent({5: 1.0}, {5: 1.5, 6: 0.25}) == {5: 0.5, 6: 0.25}


def test_the_report_says_which_promises_are_kept(tmp_path):
    def of(name: str, rps: float) -> Figures:
        return Figures(name, 8, rps, 1.0, 2.0, 0.5, 0.1, 0.5)

    told = report.Report("wrk", figures=[of("bare Flask", 1000), of("cached page", 1300), of("slow", 100)])
    told.statements = {"cached page": 0}
    told.checkout = {"order placed": 28}
    told.check_rows([rows.Row("cached page", list, "bare Flask", 1.2, 0), rows.Row("slow", list, "bare Flask", 0.4)])
    told.write(tmp_path / "figures.json")

    assert [(one.what, one.holds) for one in told.checks] == [
        ("cached page, part of bare Flask", True),
        ("cached page, SQL statements", True),
        ("slow, part of bare Flask", False),
        ("whole checkout: order, payment and gateway, SQL statements", True),
    ]
    assert "MISSED" in told.for_people()
    assert "| slow | 8 | 100 |" in told.as_markdown()
    assert json.loads((tmp_path / "figures.json").read_text())["targets"][2]["holds"] is False


def test_the_fields_of_a_form_are_read_as_a_browser_sends_them():
    page = """<form id="checkout" action="/checkout"><input name="_csrf" value="x"><input name="email" value="a@b.c">
    <input type="radio" name="delivery" value="1"><input type="radio" name="delivery" value="2" checked>
    <select name="country"><option value="DE">D</option><option value="IE" selected>I</option></select></form>"""

    assert rows.fields_of(page, 'id="checkout"') == {"email": "a@b.c", "delivery": "2", "country": "IE"}


def test_its_help_says_what_is_measured():
    said = CliRunner().invoke(bench, ["--help"]).output

    assert "--growth" in said
    assert "yardsticks" in said


def test_a_row_knows_what_it_is_compared_with():
    names = {row.name for row in rows.yardstick_rows()}

    assert {row.against for row in rows.our_rows("key") if row.against} <= names
    assert replace(rows.our_rows("key")[0], name="x").name == "x"
