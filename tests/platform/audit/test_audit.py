"""The audit trail as staff, programs and the operator read it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.core import audit, audit_chain, db, ids
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.platform.audit import jobs
from app.platform.audit.commands import audit as group
from tests.factories.catalog import a_product


@pytest.fixture
def changed(app, shop):
    """A product that a colleague changed for a reason; its id."""
    with app.app_context(), shop.entered():
        product = a_product(title="Vase")
        audit.record(
            Actor("staff", ids.new_id(), "Olive"),
            "product.renamed",
            product.id,
            reason="A typo",
            was="=1+1",
            now="Vase",
        )
        return product.id


def test_the_page_shows_before_after_and_reason_and_filters(staff_client, changed):
    page = staff_client.get("/admin/audit").text
    assert "Product renamed" in page
    assert "A typo" in page

    one = staff_client.get(f"/admin/audit?thing=product&of={ids.to_public('prod', changed)}").text
    assert "Product renamed" in one
    assert "Product created" in one
    assert "Vase" in one
    assert "Nothing fits" in staff_client.get(f"/admin/audit?of={ids.new_id()}").text
    assert "Product renamed" in staff_client.get("/admin/audit?q=Olive").text
    assert "Nothing fits" in staff_client.get("/admin/audit?q=Nobody").text


def test_the_export_is_a_file_that_runs_nothing_and_is_an_entry_itself(app, shop, staff_client, changed):
    answer = staff_client.get("/admin/audit/export?format=csv&q=product.renamed")
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

    assert [first["data"][0]["action"], second["data"][0]["action"]] == ["product.renamed", "product.created"]
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


def test_each_thing_links_to_what_was_changed_on_it(staff_client, changed):
    page = staff_client.get(f"/admin/products/{changed}").text

    assert f"/admin/audit?thing=product&amp;of={changed}" in page
