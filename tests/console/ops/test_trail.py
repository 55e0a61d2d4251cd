"""Everything that an operator changes stands in the platform's own trail, and what concerns a tenant in its too."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import uuid

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.console.ops import factors
from app.console.ops.commands import operators
from app.core import access, audit_platform, clock, db
from app.core.access import BY_HAND
from app.core.audit import AuditEntry
from app.core.audit_platform import PlatformEntry
from app.platform.tenancy import queries as tenancy
from tests.console.ops.test_console import EMAIL, operator  # noqa: F401 - a fixture
from tests.console.ops.test_second_step import Console


@pytest.fixture
def since(app) -> int:
    """Where the trail ends before the test."""
    with app.app_context():
        return audit_platform.verify().entries


@pytest.fixture
def told(app, since):
    """What was written since: action, actor's name and fields by table."""

    def read() -> list[PlatformEntry]:
        with app.app_context():
            wanted = select(PlatformEntry).where(PlatformEntry.number > since).order_by(PlatformEntry.number)
            return list(db.catalogue.scalars(wanted))

    return read


def fields(entry: PlatformEntry, table: str) -> dict[str, list[object]]:
    """What changed in the first row of a table."""
    return next(one["fields"] for one in entry.changes if one["table"] == table)


def test_a_plan_and_what_is_done_about_a_tenant_are_told_in_both_trails(operator, app, shop, since, told):  # noqa: F811
    name = f"P {uuid.uuid4().hex[:8]}"
    operator.post_form("/console/plans", {"name": name, "products": "3"})
    plan = re.search(rf"/console/plans/([0-9a-f-]+)\">{name}", operator.get("/console/plans").text).group(1)
    operator.post_form(f"/console/plans/{plan}", {"name": name, "products": "4", "reason": "spring offer"})
    at = f"/console/tenants/{shop.slug}"
    steps = (
        ("plan", {"plan": plan, "reason": "they asked"}), ("plan", {"plan": ""}),
        ("suspend", {"because": "unpaid bills"}), ("resume", {}),
        ("support", {"because": "a broken picture", "minutes": "15"}),
    )  # fmt: skip
    for path, sent in steps:
        assert operator.post_form(f"{at}/{path}", sent).status_code == 303, path
    with app.app_context(), shop.entered():
        own = db.session.scalars(select(AuditEntry).where(AuditEntry.actor_kind == "operator").order_by(AuditEntry.id))
        own_actions = [(one.action, one.actor_name, one.reason) for one in own]
        visit = db.session.scalars(select(AuditEntry.object_id).where(AuditEntry.action == "support.asked")).one()
    assert operator.post_form(f"{at}/support/{visit}/enter").status_code == 303
    assert operator.post_form(f"{at}/support/{visit}/end").status_code == 303
    operator.post_form(f"/console/plans/{plan}/remove")
    entries = told()

    assert [one.action for one in entries] == [
        "plan.made", "plan.changed", "tenant.plan_changed", "tenant.plan_changed", "tenant.suspended",
        "tenant.reopened", "tenant.visit_asked", "tenant.visit_begun", "tenant.visit_ended", "plan.removed",
    ]  # fmt: skip
    assert {(one.actor_kind, one.actor_name) for one in entries} == {("operator", "Olga Operator")}
    assert all(one.request_id for one in entries)
    assert fields(entries[1], "plan") == {"products": [3, 4]}
    assert fields(entries[2], "tenant") == {"plan_id": [None, plan]}
    assert fields(entries[4], "tenant")["status"] == ["open", "suspended"]
    reasons = ["", "spring offer", "they asked", "", "unpaid bills", "", "a broken picture"]
    assert [one.reason for one in entries[:7]] == reasons
    assert own_actions == [
        ("shop.plan_changed", "Olga Operator", "they asked"), ("shop.plan_changed", "Olga Operator", ""),
        ("shop.suspended", "Olga Operator", "unpaid bills"), ("shop.reopened", "Olga Operator", ""),
        ("support.asked", "Olga Operator", "a broken picture"), ("shop.changed", "Olga Operator", ""),
    ]  # fmt: skip
    with app.app_context():
        assert audit_platform.verify().problems == []


def test_factors_the_rule_sessions_and_accounts_are_told_without_any_secret(app, monkeypatch, since, told):
    console = Console(app)
    browser, _ = console.sign_in()
    phone, codes = console.set_up_app(browser)
    browser.post_form("/console/security/recovery-codes")
    browser.post_form("/console/security/sessions/end-others")
    browser.post_form("/console/security/rule", {"second_step": "1"})
    browser.post_form("/console/security/rule", {})
    browser.post_form("/console/security/app/remove")
    with app.app_context():
        done = CliRunner().invoke(operators, ["reset-second-step", console.email])
        again = CliRunner().invoke(operators, ["add", console.email])
    assert (done.exit_code, again.exit_code) == (0, 0)
    entries = told()

    assert [(one.action, one.actor_name) for one in entries] == [
        ("operator.added", "./livery"),
        ("operator.signed_in", "Olga Operator"),
        ("operator_app.changed", "Olga Operator"),
        ("operator.factor_added", "Olga Operator"),
        ("operator.recovery_codes_made", "Olga Operator"),
        ("operator.signed_in", "Olga Operator"),
        ("operator.recovery_codes_made", "Olga Operator"),
        ("operator.sessions_ended", "Olga Operator"),
        ("operator.rule_changed", "Olga Operator"),
        ("operator.rule_changed", "Olga Operator"),
        ("operator.factor_removed", "Olga Operator"),
        ("operator.signed_in", "Olga Operator"),
        ("operator.factors_reset", "./livery"),
        ("operator.password_set", "./livery"),
    ]
    assert fields(entries[3], "operator") == {"has_factor": [False, True]}
    assert fields(entries[9], "console_rule") == {"value": [True, False]}
    said = json.dumps([[one.details, one.changes] for one in entries])
    assert phone.secret not in said
    assert not any(code in said for code in codes)
    assert "argon2" not in said


def test_a_recovery_code_that_lets_somebody_in_is_told(app, told, since):
    console = Console(app)
    first, _ = console.sign_in()
    _, codes = console.set_up_app(first)
    browser, led = console.sign_in()
    assert led == "/console/sign-in/second"
    assert browser.post_form("/console/sign-in/second", {"code": codes[0]}).status_code == 303
    used, signed_in = told()[-2:]

    assert (used.action, used.object_id, used.actor_name) == (
        "operator.recovery_code_used", signed_in.object_id, "Olga Operator",
    )  # fmt: skip
    assert fields(used, "operator_code")["used_at"][0] is None
    assert signed_in.details["means"] == ["password", "recovery"]


def test_the_page_filters_searches_and_shows_the_timeline_of_one_thing(operator, app, shop):  # noqa: F811
    for because in ("unpaid bills", "unpaid again"):
        operator.post_form(f"/console/tenants/{shop.slug}/suspend", {"because": because})
        operator.post_form(f"/console/tenants/{shop.slug}/resume")
    with app.app_context():
        tenant = tenancy.tenant_named(shop.slug).id
    suspended = f"Olga Operator suspended the tenant {shop.slug}"
    reopened = f"Olga Operator ended the suspension of the tenant {shop.slug}"
    timeline = [reopened, suspended] * 2
    opened = f"Background work opened the tenant {shop.slug}"

    assert sentences(operator, of=tenant) == [*timeline, opened]
    assert sentences(operator, of=tenant, action="tenant.suspended") == [suspended] * 2
    assert sentences(operator, of=tenant, kind="system") == [opened]
    assert sentences(operator, of=tenant, q="Olga Operator", thing="tenant") == timeline
    assert sentences(operator, of=tenant, since=f"{clock.now():%Y-%m-%d}") == [*timeline, opened]
    assert sentences(operator, of=tenant, until="2020-01-01") == []
    assert sentences(operator, of=tenant, by=uuid.uuid4()) == []
    assert f"/console/audit?of={tenant}" in operator.get(f"/console/tenants/{shop.slug}").text
    assert "unpaid again" in operator.get(f"/console/audit?of={tenant}").text


def sentences(browser, **filters):
    """The sentences of the page."""
    page = browser.get("/console/audit", query_string=filters)
    assert page.status_code == 200
    heads = re.findall(r'<p class="trail-head">(.*?)</p>', page.text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", "", one)).split()) for one in heads]


def test_the_export_is_a_file_that_runs_nothing_and_is_an_entry_itself(operator, app, told, since):  # noqa: F811
    with app.app_context():
        audit_platform.record(BY_HAND, "plan.made", "x", name="=1+1", reason="=1+1")
        db.checkpoint()
    lines = list(csv.DictReader(io.StringIO(operator.get("/console/audit/export?action=plan.made&of=x").text)))
    rows = operator.get("/console/audit/export?format=json&of=x").text.splitlines()

    assert [line["reason"] for line in lines] == ["'=1+1"]
    assert [json.loads(row)["action"] for row in rows] == ["plan.made"]
    assert [one.action for one in told()[-2:]] == ["operator.trail_exported"] * 2


def test_only_operators_read_it(platform_client, client, shop):
    assert platform_client.get("/console/audit").headers["Location"].startswith("/console/sign-in")
    assert platform_client.get("/console/audit/export").headers["Location"].startswith("/console/sign-in")
    assert client.get("/console/audit").status_code == 404


def test_without_its_entry_a_change_of_the_rule_would_still_be_told(app, told, since, monkeypatch):
    """A service that forgets to speak is noticed: the session tells the row by itself."""
    monkeypatch.setattr(factors.audit_platform, "record", lambda *_, **__: None)
    with app.app_context(), access.acting_as(BY_HAND):
        for is_asked in (True, False):
            factors.set_rule(is_asked, by=BY_HAND)
            db.checkpoint()

    assert [one.action for one in told()] == ["console_rule.changed"] * 2
