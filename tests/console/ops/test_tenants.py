"""The operator's list of tenants with usage and health, plans, and visits to back offices for support."""

import re
import uuid
from datetime import timedelta
from html import unescape

import psycopg
import pytest
from flask import url_for
from sqlalchemy import event, select, update

from app import settings
from app.console.ops import measuring
from app.core import clock, db, jobs
from app.core.access import BY_HAND
from app.core.audit import AuditEntry
from app.core.ids import new_id
from app.platform.mail.models import OutgoingMessage
from app.platform.plugins.models import PluginState
from app.platform.support import service as support
from app.platform.support.jobs import close_visits
from app.platform.support.models import SupportRequest, SupportSession
from app.platform.support.queries import HERE, find
from app.platform.tenancy import plans
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Domain, Tenant
from app.platform.tenancy.plans import PlanForm
from app.platform.webhooks.models import WebhookEndpoint
from tests.conftest import sign_in_owner
from tests.console.ops.test_console import operator  # noqa: F401 - a fixture
from tests.factories.catalog import a_product

MANY = Tenant.__table__.delete().where(Tenant.slug.like("many-%"))


def ask(operator, shop, **fields):  # noqa: F811
    """Announce a visit."""
    sent = {"because": "a broken picture", "minutes": "15", **fields}
    answer = operator.post_form(f"/console/tenants/{shop.slug}/support", sent)
    assert answer.status_code == 303, answer.text
    with shop.app.app_context(), shop.entered():
        wanted = select(SupportSession.id).order_by(SupportSession.asked_at.desc(), SupportSession.id.desc())
        return db.session.scalars(wanted).first()


def link(operator, shop, visit):  # noqa: F811
    """Where the console sends the operator's browser."""
    return operator.post_form(f"/console/tenants/{shop.slug}/support/{visit}/enter")


def come_in(operator, shop, **fields):  # noqa: F811
    """A browser in which the operator is in the shop's back office."""
    visit = ask(operator, shop, **fields)
    path = link(operator, shop, visit).headers["Location"].partition("/admin")
    browser = shop.browser()
    assert browser.get(f"/admin{path[2]}").status_code == 303
    return browser, visit


def test_the_list_shows_state_plan_usage_and_health_in_few_statements(operator, app, shop):  # noqa: F811
    with app.app_context():
        plan = plans.save_plan(PlanForm(f"Small {shop.slug}", products=1), by=BY_HAND).id
        plans.assign(shop.slug, plan, by=BY_HAND)
        db.checkpoint()
        with shop.entered():
            a_product()
            measuring.measure()
            measuring.measure()
    page = operator.get(f"/console?q={shop.slug}&health=good&plan=Small {shop.slug}&state=open&sort=newest")
    with app.app_context(), shop.entered():
        letters = db.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "ops/mail/limit")).all()

    assert f"Small {shop.slug}" in page.text
    assert re.search(r"Products</span>\s+1 / 1<", page.text)
    assert len(letters) == 1, "owners are told once"
    assert f"/console/tenants/{shop.slug}" not in operator.get(f"/console?q={shop.slug}&health=bad").text
    detail = operator.get(f"/console/tenants/{shop.slug}")
    assert detail.status_code == 200
    assert "plan changed" in detail.text
    own = sign_in_owner(shop).get("/admin/plan")
    assert "All 1 products of your plan are used" in own.text


def test_300_tenants_take_as_many_statements_as_a_few_and_are_paged_filtered_and_sorted(operator, app):  # noqa: F811
    sent = []
    with app.app_context():
        engine = db.db.engines["catalogue"]
        db.catalogue.execute(MANY, bind_arguments={"mapper": Tenant})
        db.checkpoint()
    note = event.listens_for(engine, "before_cursor_execute")(lambda *told: sent.append(told[2]))

    def statements_of(path):
        sent.clear()
        answer = operator.get(path)
        assert answer.status_code == 200
        return len(sent), re.findall(r'id="tenant-(many-[0-9]+)"', answer.text), answer.text

    with app.app_context():
        add_tenants(0, 3)
    few, _, _ = statements_of("/console?q=many-")
    with app.app_context():
        add_tenants(3, 300)
    many, seen, page = statements_of("/console?q=many-")
    _, newest, _ = statements_of("/console?q=many-&sort=newest&state=open")
    pages = 1
    while again := re.search(r'rel="next" href="([^"]+)"|href="([^"]+)"[^>]*rel="next"', page):
        path = unescape(again[1] or again[2])
        number, found, page = statements_of(path)
        assert number <= many
        seen, pages = seen + found, pages + 1
    _, closed, _ = statements_of("/console?q=many-&state=suspended")
    _, wild, _ = statements_of("/console?q=many_")
    event.remove(engine, "before_cursor_execute", note)
    with app.app_context():
        db.catalogue.execute(MANY, bind_arguments={"mapper": Tenant})
        db.checkpoint()

    assert few == many <= 10
    assert seen == [f"many-{n:03}" for n in range(300)] and pages == 6, "each once, in order, none skipped"
    assert newest[0] == "many-299"
    assert (closed, wild) == ([], []), "filters leave out; a sign of patterns is only a sign"


def add_tenants(first, last):
    """Rows of the registry, as sign-ups leave them."""
    began, kept = clock.now() - timedelta(days=1), {"status": "open", "claim": "", "suspended_because": ""}
    rows = [
        kept | {"id": new_id(), "slug": f"many-{n:03}", "name": f"Shop {n}", "created_at": began + timedelta(seconds=n)}
        for n in range(first, last)
    ]
    db.catalogue.execute(Tenant.__table__.insert(), rows, bind_arguments={"mapper": Tenant})
    db.checkpoint()


def test_plans_are_made_changed_given_and_removed_in_the_console(operator, app, shop):  # noqa: F811
    name = f"P {uuid.uuid4().hex[:8]}"
    assert operator.post_form("/console/plans", {"name": name, "products": "3", "storage_mb": "5"}).status_code == 303
    again = operator.post_form("/console/plans", {"name": name})
    listed = operator.get("/console/plans").text
    plan = re.search(rf"/console/plans/([0-9a-f-]+)\">{name}", listed).group(1)
    assert again.status_code in {409, 422}
    assert operator.post_form(f"/console/tenants/{shop.slug}/plan", {"plan": plan}).status_code == 303
    assert operator.post_form(f"/console/plans/{plan}/remove").status_code == 409
    assert operator.post_form(f"/console/plans/{plan}", {"name": name, "products": "4"}).status_code == 303
    with app.app_context():
        assert (plans.plan_of(shop.id).products, plans.plan_of(shop.id).storage) == (4, None)
    operator.post_form(f"/console/tenants/{shop.slug}/plan", {"plan": ""})
    assert operator.get(f"/console/plans/{plan}").status_code == 200
    assert operator.post_form(f"/console/plans/{plan}/remove").status_code == 303


def test_a_visit_is_announced_shown_logged_and_ended_by_the_tenant(operator, shop, run_jobs):  # noqa: F811
    browser, visit = come_in(operator, shop)
    run_jobs()
    owner = sign_in_owner(shop)

    assert "Olga Operator" in browser.get("/admin/orders").text
    assert "Olga Operator of the platform is here" in owner.get("/admin").text
    assert "a broken picture" in owner.get("/admin/support").text
    assert "GET /admin/orders" in owner.get(f"/admin/support/{visit}").text
    with shop.app.app_context(), shop.entered():
        letter = db.session.scalars(
            select(OutgoingMessage).where(OutgoingMessage.template == "support/mail/asked")
        ).one()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "support.asked")).one()
        assert letter.to == shop.owner_email
        assert (entry.actor_kind, entry.reason) == ("operator", "a broken picture")
    assert owner.post_form(f"/admin/support/{visit}/end").status_code == 303
    assert browser.get("/admin/orders").headers["Location"].startswith("/admin/sign-in")
    assert "of the platform is here" not in owner.get("/admin").text


def test_a_visit_that_only_looks_can_post_nowhere(operator, app, shop):  # noqa: F811
    """Walks every route of the back office that takes a POST; only leaving is open. Every try is in the log."""
    browser, visit = come_in(operator, shop)
    tried = 0
    for rule in app.url_map.iter_rules():
        unsafe = rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        if not rule.rule.startswith("/admin") or not unsafe or rule.endpoint.endswith((".leave", ".sign_out")):
            continue
        values = {name: uuid.uuid4() if "uuid" in str(type(c)).lower() else "1" for name, c in rule._converters.items()}
        with app.test_request_context(base_url=f"http://{shop.host}"):
            path = url_for(rule.endpoint, **values)
        answer = browser.post_form(
            path.partition(shop.host)[2].partition("/")[2].join(["/", ""]) if "//" in path else path
        )
        assert answer.status_code in {403, 404}, (path, answer.status_code)
        tried += 1
    with app.app_context(), shop.entered():
        noted = db.session.scalars(select(SupportRequest).where(SupportRequest.session_id == visit)).all()

    assert tried > 100
    assert sum(one.method == "POST" for one in noted) == tried
    assert {one.status for one in noted if one.method == "POST"} <= {403, 404}


def test_with_write_asked_things_change_but_secrets_stay_closed(operator, shop):  # noqa: F811
    """The control for the walk above: the same form goes through when writing was asked for."""
    browser, _ = come_in(operator, shop, may_write="1")

    assert browser.post_form("/admin/products", {"title": "By support", "price": "5"}).status_code == 303
    for path in ("/admin/developers", "/admin/payments", "/admin/webhooks", "/admin/profile", "/admin/support"):
        assert browser.get(path).status_code in {303, 403, 404}, path
    with shop.app.app_context(), shop.entered():
        made = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "product.created")).one()
        assert (made.actor_kind, made.actor_name, made.reason) == ("operator", "Olga Operator", "a broken picture")


def test_a_visit_opens_no_door_of_the_api(operator, shop, program):  # noqa: F811
    """The control: the same address answers a program with a key."""
    browser, _ = come_in(operator, shop, may_write="1")

    assert browser.get("/admin/products").status_code == 200
    assert browser.get("/api/v1/products").status_code == 401
    assert browser.post("/api/v1/products", json={"title": "By support"}).status_code == 401
    assert program("products.read").get("/api/v1/products").status_code == 200


def test_a_link_works_once_in_one_browser_at_one_shop(operator, shop, other_shop):  # noqa: F811
    visit = ask(operator, shop)
    path = "/admin" + link(operator, shop, visit).headers["Location"].partition("/admin")[2]

    assert shop.browser().get(path, headers={"User-Agent": "another"}).status_code == 403
    assert other_shop.browser().get(path).status_code == 403
    assert link(operator, other_shop, visit).status_code == 404
    assert shop.browser().get(path).status_code == 303
    again = shop.browser().get(path)
    assert again.status_code == 403, again.headers["Location"]
    browser, _ = come_in(operator, shop)
    stranger = other_shop.browser()
    stranger.set_cookie("staff", browser.get_cookie("staff", domain=shop.host).value, domain=other_shop.host)
    assert stranger.get("/admin").status_code == 303


def test_a_visit_ends_on_the_minute(operator, shop):  # noqa: F811
    browser, visit = come_in(operator, shop)
    assert browser.get("/admin/orders").status_code == 200
    with shop.app.app_context(), shop.entered():
        over = (
            update(SupportSession).where(SupportSession.id == visit).values(ends_at=clock.now() - timedelta(seconds=1))
        )
        db.session.execute(over)

    assert browser.get("/admin/orders").status_code == 303
    assert link(operator, shop, visit).status_code == 403


def test_a_visit_that_is_over_is_swept_by_its_job_and_one_that_runs_is_not(operator, shop):  # noqa: F811
    """The second visit is the control: it runs, so it stays."""
    browser, visit = come_in(operator, shop)
    owner = sign_in_owner(shop)
    with shop.app.app_context(), shop.entered():
        support.close_those_over()
    assert browser.get("/admin/orders").status_code == 200
    assert "is here" in owner.get("/admin").text
    with shop.app.app_context(), shop.entered():
        over = clock.now() - timedelta(seconds=1)
        db.session.execute(update(SupportSession).where(SupportSession.id == visit).values(ends_at=over))
        db.session.commit()
    with shop.app.app_context():
        close_visits()
    with shop.app.app_context(), shop.entered():
        swept = find(visit)
        kept = db.session.scalars(select(SupportRequest).where(SupportRequest.session_id == visit)).all()
        ended = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "support.ended")).all()
        assert (swept.ended_at, swept.ended_by) == (over, "") and len(kept) >= 2 and len(ended) == 1
        assert not tenancy.current_shop().settings[HERE]
    assert browser.get("/admin/orders").status_code == 303


def test_a_shop_may_want_to_be_asked_first(operator, shop):  # noqa: F811
    owner = sign_in_owner(shop)
    owner.post_form("/admin/support/rule", {"ask_first": "1"})
    visit = ask(operator, shop)

    assert link(operator, shop, visit).status_code == 403
    assert owner.post_form(f"/admin/support/{visit}/allow").status_code == 303
    assert link(operator, shop, visit).status_code == 303


@pytest.mark.parametrize("minutes", ["14", "61"])
def test_a_visit_is_between_a_quarter_and_a_whole_hour_and_has_a_reason(operator, shop, minutes):  # noqa: F811
    path = f"/console/tenants/{shop.slug}/support"

    assert operator.post_form(path, {"because": "a broken picture", "minutes": minutes}).status_code == 422
    assert operator.post_form(path, {"because": "", "minutes": "30"}).status_code == 422


def test_health_says_what_an_operator_acts_on(operator, app, shop):  # noqa: F811
    """Each sign by itself makes the tenant worth a look; without any it is well, which is the control."""

    def shown(standing=jobs.NOTHING):
        with app.app_context(), shop.entered():
            measuring.measure(standing)
        line = operator.get(f"/console?q={shop.slug}").text.partition(f'id="tenant-{shop.slug}"')[2]
        return " ".join(re.sub(r"<[^>]*>", " ", line.partition("</tr>")[0]).split())

    def broken(rows):
        with app.app_context(), shop.entered():
            db.session.add_all(rows)
        told = shown()
        with app.app_context(), shop.entered():
            for row in rows:
                db.session.delete(db.session.merge(row))
        return told

    assert " good " in shown()
    assert "worth a look Jobs that failed this week: 2 " in shown(jobs.Standing(2))
    hour = clock.now() - timedelta(minutes=20)
    assert "worth a look Oldest waiting work: 20 minutes ago" in shown(jobs.Standing(0, hour))
    assert " bad Oldest waiting work: 2 hours ago" in shown(jobs.Standing(0, hour - timedelta(minutes=100)))
    with app.app_context(), shop.entered():
        hook = {"url": "https://erp.example.com/x", "facts": [], "secret": "x", "state": "paused"}
        plugin = {"plugin": "x", "state": "paused", "paused_because": "failing", "settings": {}, "secrets": "{}"}
        letter = {"key": "x", "template": "x", "to": "x@example.com", "subject": "x", "html": "", "text": ""}
        rows = {
            "Webhooks that were given up: 1": [WebhookEndpoint(**hook, paused_because="failing")],
            "Failing webhooks: 1": [WebhookEndpoint(**hook | {"state": "active"}, failing_since=hour)],
            "Plugins that stopped by failing: 1": [PluginState(**plugin)],
            "Letters that bounced this week: 1": [OutgoingMessage(**letter, status="failed")],
        }
        by_hand = [WebhookEndpoint(**hook, paused_because="by_hand")]
    for sign, some in rows.items():
        assert f"worth a look {sign} " in broken(some), sign
    assert " good " in broken(by_hand), "what the shop paused itself is its own affair"


def test_how_the_queue_stands_is_asked_once_for_all_tenants(app, shop, other_shop):
    now = clock.now()
    put = "insert into procrastinate_jobs (queue_name, task_name, args) values ('x', 'x', {args}) returning id"
    with psycopg.connect(settings.current().operator_url, autocommit=True) as connection:
        connection.execute("set search_path = jobs")
        for tenant, state in ((shop.id, "failed"), (shop.id, "failed"), (other_shop.id, "todo")):
            args = f"jsonb_build_object('tenant', '{tenant}')"
            made = connection.execute(put.format(args=args)).fetchone()[0]
            if state == "failed":
                connection.execute("update procrastinate_jobs set status = 'doing' where id = %s", [made])
                connection.execute("update procrastinate_jobs set status = 'failed' where id = %s", [made])
        try:
            with app.app_context():
                found = jobs.standing(now - timedelta(days=7))
                later = jobs.standing(now + timedelta(minutes=1))
        finally:
            connection.execute("delete from procrastinate_jobs where task_name = 'x'")

    assert (found[shop.id].failed, found[shop.id].waiting_since) == (2, None)
    assert found[other_shop.id].failed == 0
    assert now - timedelta(seconds=5) < found[other_shop.id].waiting_since < now + timedelta(minutes=1)
    assert shop.id not in later, "what failed before counts no more"


def test_an_own_domain_is_shown_with_whether_it_is_proven(operator, app, shop):  # noqa: F811
    with app.app_context():
        db.catalogue.add(Domain(host=f"{shop.slug}.example", tenant_id=shop.id, is_primary=True))
        db.checkpoint()
        before = operator.get(f"/console/tenants/{shop.slug}").text
        db.catalogue.get(Domain, f"{shop.slug}.example").verified_at = clock.now()
        db.checkpoint()
    after = operator.get(f"/console/tenants/{shop.slug}").text

    assert f"{shop.slug}.example" in before
    assert "not proven" in before
    assert "not proven" not in after
