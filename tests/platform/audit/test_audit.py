"""The audit trail as staff, programs and the operator read it."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.core import access, audit, audit_chain, clock, db, ids
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.platform.audit import jobs, words
from app.platform.audit.commands import audit as group
from app.platform.staff import granting
from app.platform.staff import queries as staff
from app.platform.staff.schemas import RoleForm
from app.platform.webhooks import service as webhooks
from app.platform.webhooks.schemas import EndpointForm
from app.shop.catalog.models import Product
from app.shop.catalog.schemas import NewProduct, VariantIn
from app.shop.catalog.service import update_product
from app.shop.customers import service as customers
from app.shop.orders import service as orders
from tests.factories.catalog import a_product
from tests.factories.orders import new_order, stocked_variant

OLIVE = Actor("staff", ids.new_id(), "Olive")


@pytest.fixture
def changed(app, shop):
    """A product that a colleague changed for a reason; its id."""
    with app.app_context(), shop.entered():
        product = a_product(title="Vase")
        audit.record(
            OLIVE,
            "product.active",
            product.id,
            reason="A typo",
            was="=1+1",
            now="Vase",
        )
        return product.id


def test_the_page_shows_before_after_and_reason_and_filters(staff_client, changed):
    page = told(staff_client)
    assert "Olive put the product Vase on sale" in page
    assert "A typo" in staff_client.get("/admin/audit").text

    one = told(staff_client, thing="product", of=ids.to_public("prod", changed))
    assert one == ["Olive put the product Vase on sale", "Background work created the product Vase"]
    for filters in (
        {"q": "Olive"}, {"by": OLIVE.id}, {"kind": "staff", "thing": "product"}, {"action": "product.active"},
        {"since": f"{clock.now() - timedelta(days=1):%Y-%m-%d}", "action": "product.active"},
    ):  # fmt: skip
        assert told(staff_client, **filters) == one[:1], filters
    for filters in (
        {"of": ids.new_id()}, {"q": "Nobody"}, {"by": ids.new_id()}, {"by": "nobody"}, {"thing": "order"},
        {"until": f"{clock.now() - timedelta(days=3):%Y-%m-%d}"},
    ):  # fmt: skip
        assert told(staff_client, **filters) == [], filters


def told(browser, **filters):
    """The sentences of the page."""
    page = browser.get("/admin/audit", query_string=filters).text
    heads = re.findall(r'<p class="trail-head">(.*?)</p>', page, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", "", one)).split()) for one in heads]


def test_sentences_are_in_the_readers_language_and_what_is_put_in_is_escaped(in_shop, monkeypatch):
    entry = AuditEntry(action="product.active", object_type="product", object_id="x", actor_kind="staff", details={})
    catalogue = {"%(who)s put the product %(what)s on sale": "%(what)s: zum Verkauf gestellt von %(who)s"}
    monkeypatch.setattr(words, "gettext", lambda text: catalogue.get(text, text))

    assert words.sentence(entry, "<b>", "Vase") == "Vase: zum Verkauf gestellt von &lt;b&gt;"
    entry.action = "plugin_thing.sent_away"
    assert words.sentence(entry, "Olive", "Vase") == "Olive changed: Plugin thing sent away Vase"


KINDS = {
    "staff": ("Olive", "Colleague"), "client": ("Stock sync", "Program"), "operator": ("Olga", "The operator"),
    "plugin": ("Reviews", "Plugin"), "system": ("app.shop.catalog.jobs.tidy_up", "Background work"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_actor_is_shown_with_who_it_was(app, shop, staff_client, changed, kind):
    """Staff, a program, the operator, a plugin and a job change the same product, each without a word of a service."""
    name, word = KINDS[kind]
    with app.app_context(), access.acting_as(Actor(kind, ids.new_id(), name)), shop.entered():
        db.session.get(Product, (shop.id, changed)).title = "Bowl"

    page = staff_client.get(f"/admin/audit?of={changed}").text
    newest = page.partition('<li class="trail-one">')[2].partition("</li>")[0]
    who = re.sub(r"<[^>]*>|\s+", " ", newest.partition('<p class="muted trail-who">')[2].partition("</p>")[0])

    shown = "Background work" if kind == "system" else name
    assert told(staff_client, of=changed)[0] == f"{shown} changed: Product Bowl"
    assert word in (who if kind != "system" else told(staff_client, of=changed)[0])
    assert ("tidy_up" in who) is (kind == "system")
    assert "<td>Vase</td><td>Bowl</td>" in newest


def test_the_export_is_a_file_that_runs_nothing_and_is_an_entry_itself(app, shop, staff_client, changed):
    answer = staff_client.get("/admin/audit/export?format=csv&q=product.active")
    assert answer.mimetype == "text/csv"
    assert "A typo" in answer.text
    lines = staff_client.get("/admin/audit/export?format=json").text.splitlines()
    assert json.loads(lines[0])["action"] == "audit.exported"
    assert all(not cell.startswith("=") for line in answer.text.splitlines() for cell in line.split(","))


def test_programs_read_it_by_object_and_page_by_page(program, changed):
    reader = program("audit.read")
    named = f"/api/v1/audit?object_id={ids.to_public('prod', changed)}&limit=1"

    first = reader.get(named).json
    second = reader.get(f"{named}&cursor={first['next_cursor']}").json

    assert [first["data"][0]["action"], second["data"][0]["action"]] == ["product.active", "product.created"]
    assert first["data"][0]["reason"] == "A typo"
    assert second["data"][0]["changes"][0]["fields"]["title"] == {"before": None, "after": "Vase"}
    assert reader.get("/api/v1/audit?limit=1&cursor=made-up").status_code == 422


def test_entries_of_requests_carry_the_id_that_the_answer_shows(app, shop, program):
    writer = program("products.edit", "products.read")
    answer = writer.browser.post(
        "/api/v1/products",
        json={"title": "Bowl", "variants": [{"price": 100}]},
        headers={"Authorization": f"Bearer {writer.key}", "X-Reason": "From the ERP"},
    )
    assert answer.status_code == 201, answer.text

    with app.app_context(), shop.entered():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "product.created")).all()[-1]
        assert entry.request_id == answer.headers["X-Request-Id"]
        assert (entry.actor_kind, entry.reason) == ("client", "From the ERP")


def test_the_sweep_seals_every_shop_and_the_command_proves_it(app, shop, changed, verify):
    with app.app_context():
        jobs.seal()
    with app.app_context(), shop.entered():
        verdict = audit_chain.verify()
    assert verdict.problems == []
    assert verdict.entries > 0

    status, said = verify("--tenant", shop.slug)
    assert status == 0
    assert re.search(rf"ok +{shop.slug} +{verdict.entries} sealed +{verdict.head}", said)
    status, said = verify("--tenant", shop.slug, "--expect", "f" * 64)
    assert status == 1
    assert "never had the head" in said


@pytest.fixture
def verify(app):
    """`./livery audit verify` inside this application."""

    def run(*arguments):
        with app.app_context():
            done = CliRunner().invoke(group, ["verify", *arguments])
        return done.exit_code, done.output

    return run


def test_only_who_may_decides_how_long_it_is_kept_and_never_less_than_the_least(
    app, shop, staff_client, make_member, staff_browser
):
    manager = staff_browser(make_member(role="manager"))
    assert manager.get("/admin/audit").status_code == 200
    assert manager.get("/admin/audit/keeping").status_code == 403
    assert manager.post_form("/admin/audit/keeping", {"months": "24"}).status_code == 403

    too_few = staff_client.post_form("/admin/audit/keeping", {"months": "11"})
    assert too_few.status_code == 422
    assert "Entries are kept for ever." in staff_client.get("/admin/audit").text

    assert staff_client.post_form("/admin/audit/keeping", {"months": "24"}).status_code == 303
    assert "Entries are kept for 24 months." in staff_client.get("/admin/audit").text
    assert told(staff_client)[0].endswith("changed how long the audit trail is kept")
    assert staff_client.post_form("/admin/audit/keeping", {"months": ""}).status_code == 303
    assert "Entries are kept for ever." in staff_client.get("/admin/audit").text
    with app.app_context(), shop.entered():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "audit.keeping_changed")).all()
        assert [one.details for one in entries] == [{"before": None, "after": 24}, {"before": 24, "after": None}]


def a_product_with_a_new_title(act):
    product = a_product(title="Vase")
    act(lambda: update_product(product.id, NewProduct(title="Bowl", variants=[VariantIn(price=100)]), by=OLIVE))
    return f"/admin/products/{product.id}", product.id, "changed the product Bowl"


def an_order_with_a_tag(act):
    order = orders.place(new_order(stocked_variant()))
    act(lambda: orders.add_tag(order.number, "gift", by=OLIVE))
    return f"/admin/orders/{order.number}", order.id, f"tagged the order {order.number}"


def a_customer_with_a_tag(act):
    customer = customers.remember("ines@example.com", "Ines Duarte", None)
    db.flush()
    act(lambda: customers.add_tag([customer.id], "regular", by=OLIVE))
    return f"/admin/customers/{customer.id}", customer.id, f"tagged the customer …{str(customer.id)[-8:]}"


def a_role_that_may_more(act):
    may = staff.actor_of(staff.all_staff()[0])
    role = granting.make_role(RoleForm("Night shift", "", ["orders.read"]), by=may)
    act(lambda: granting.edit_role(role.id, RoleForm("Night shift", "", ["orders.read", "orders.note"]), by=may))
    return f"/admin/staff/roles/{role.id}", role.id, "changed the role Night shift"


def a_webhook_that_is_paused(act):
    form = EndpointForm(url="https://erp.example.com/hook", facts=["orders.order_shipped"])
    endpoint, _ = webhooks.add_endpoint(form, by=OLIVE)
    act(lambda: webhooks.pause(endpoint.id, by=OLIVE))
    return f"/admin/webhooks/{endpoint.id}", endpoint.id, "paused the webhook https://erp.example.com/hook"


@pytest.mark.parametrize(
    "make",
    [
        a_product_with_a_new_title, an_order_with_a_tag, a_customer_with_a_tag, a_role_that_may_more,
        a_webhook_that_is_paused,
    ],
)  # fmt: skip
def test_the_timeline_of_one_thing_is_a_click_from_its_page(app, shop, staff_client, make):
    """Product, order, customer, role and webhook: their page links to what was changed on them, and only on them."""

    def act(change):
        db.session.commit()
        change()
        db.session.commit()

    with app.app_context(), shop.entered(), access.acting_as(OLIVE):
        path, thing_id, sentence = make(act)
    page = html.unescape(staff_client.get(path).text)
    link = re.search(r"/admin/audit\?thing=(\w+)&of=([\w-]+)", page)

    assert link[2] == str(thing_id)
    timeline = told(staff_client, thing=link[1], of=link[2])
    assert sentence in timeline[0]
    assert len(timeline) < 4
    assert '<th scope="col">Before</th>' in staff_client.get(link[0]).text
