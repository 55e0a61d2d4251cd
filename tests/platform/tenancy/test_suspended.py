"""Suspended shops: closed to shoppers and programs, readable for staff, and nothing of theirs is lost meanwhile."""

import os
import re
import subprocess
import sys
import time
import uuid

import pytest
from flask import url_for
from sqlalchemy import func, select

from app.core import clock, closing, db, events, jobs
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.core.errors import InvalidInput
from app.core.events import Event
from app.platform.mail import service as mail
from app.platform.mail.models import OutgoingMessage
from app.platform.tenancy import suspending
from app.settings import ROOT
from tests.conftest import in_a_thread, sign_in_owner
from tests.factories.catalog import a_product
from tests.factories.keeping import anonymous, has_page

OLGA = Actor("operator", uuid.uuid4(), "Olga Operator")


@pytest.fixture
def suspended(app, shop):
    """The shop, suspended for a reason; it is open again afterwards, so that no work of it waits for ever."""
    with app.app_context():
        suspending.suspend(shop.slug, "The last three bills are unpaid", by=OLGA)
    yield shop
    reopen(shop)


def reopen(shop):
    """Open it again."""
    with shop.app.app_context():
        suspending.resume(shop.slug, by=OLGA)


def test_shoppers_find_it_closed_in_their_language_and_programs_are_told_so(app, open_shop):
    shop = open_shop(country="DE")
    assert shop.browser().get("/").status_code == 200
    with app.app_context():
        suspending.suspend(shop.slug, "unpaid bills", by=OLGA)

    page, program = shop.browser().get("/"), shop.browser().get("/api/v1/products")
    wrote = shop.browser().post("/api/v1/products", json={"title": "A lamp"})

    assert (page.status_code, page.headers["Retry-After"]) == (503, "3600")
    assert '<html lang="de"' in page.text
    assert "unpaid" not in page.text
    for answer in (program, wrote):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
        assert (answer.mimetype, answer.json["code"]) == ("application/problem+json", "shop_closed")
    reopen(shop)
    assert shop.browser().get("/").status_code == 200


def test_staff_sign_in_and_see_why_and_since_when_and_take_their_data_with_them(
    app, shop, make_order, make_customer, request
):
    with app.app_context(), shop.entered():
        a_product(title="A lamp to export")
    make_order(email="mug-buyer@example.com")
    make_customer(email="ines@example.com")
    suspended = request.getfixturevalue("suspended")
    staff = sign_in_owner(suspended)
    home = staff.get("/admin").text

    assert "The last three bills are unpaid" in home
    assert f"{clock.now():%Y}" in home.partition("Since ")[2][:40]
    for path in ("/admin/products", "/admin/orders", "/admin/customers", "/admin/audit"):
        assert staff.get(path).status_code == 200, path
    for path, told in (
        ("/admin/products/export.csv", "A lamp to export"),
        ("/admin/orders/export.csv", "mug-buyer@example.com"),
        ("/admin/customers/export.csv", "ines@example.com"),
    ):
        assert told in staff.get(path).text, path
    audit = staff.get("/admin/audit/export").text
    assert "shop.suspended" in audit
    assert "The last three bills are unpaid" in audit
    assert staff.post_form("/admin/sign-out").status_code == 303


def test_every_write_of_staff_is_refused_with_a_clear_page(app, suspended):
    """Walks each form of the back office; the control is that the same form works when the shop is open again."""
    staff = sign_in_owner(suspended)
    tried = 0
    with app.test_request_context(base_url=f"http://{suspended.host}"):
        paths = []
        for rule in app.url_map.iter_rules():
            if (
                rule.rule.startswith("/admin")
                and "POST" in rule.methods
                and rule.endpoint not in closing.possible_still()
            ):
                names = rule._converters
                values = {one: uuid.uuid4() if "uuid" in str(type(names[one])).lower() else "1" for one in names}
                paths.append(url_for(rule.endpoint, **values))
    for path in paths:
        answer = staff.post_form(path)
        assert answer.status_code == 403, (path, answer.status_code)
        tried += "nothing can be changed" in answer.text
    fields = {"title": "One more", "price": "5"}
    refused = staff.post_form("/admin/products", fields, htmx=True)
    reopen(suspended)

    assert tried == len(paths) > 100
    assert refused.status_code == 403
    assert staff.post_form("/admin/products", fields).status_code == 303


def test_what_stays_possible_is_only_coming_in_and_going(app):
    assert closing.possible_still() <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert len(closing.possible_still()) < 16


def test_staff_who_forgot_their_password_get_their_letter_and_come_in_meanwhile(app, suspended, run_jobs, outbox):
    """The control is the next test: every other letter waits."""
    browser = suspended.browser()
    with app.app_context(), suspended.entered():
        letter("waits", suspended)
    browser.post_form("/admin/forgotten-password", {"email": suspended.owner_email})
    run_jobs()
    assert states(suspended) == {"queued": 1, "sent": 1}
    path = re.search(r"http://[^/]+(/admin/reset-password/\S+)", outbox[-1].text)[1]

    assert browser.get(path).status_code == 200
    assert browser.post_form(path, {"password": "my new long password"}).location == "/admin"
    assert browser.get("/admin/orders/export.csv").status_code == 200


@pytest.mark.parametrize("because", ["", "  ", " a "])
def test_nobody_is_suspended_for_a_reason_that_is_none(app, shop, because):
    with app.app_context(), pytest.raises(InvalidInput) as refused:
        suspending.suspend(shop.slug, because, by=OLGA)

    assert "Say why" in refused.value.errors["because"]
    assert shop.browser().get("/").status_code == 200
    with app.app_context(), shop.entered():
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "shop.suspended")).all() == []


def test_suspending_twice_and_opening_what_is_open_are_told_once(app, suspended):
    with app.app_context():
        suspending.suspend(suspended.slug, "another reason", by=OLGA)
    for _ in range(2):
        reopen(suspended)
    with app.app_context(), suspended.entered():
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.object_type == "shop").order_by(AuditEntry.id))
        assert [one.action for one in told if one.actor_kind == "operator"] == ["shop.suspended", "shop.reopened"]


BY_ANOTHER_PROCESS = """
import sys
from flask import Flask
from app.platform.tenancy import suspending
from app.core import audit_changes, db, shown
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.core.errors import InvalidInput
app = Flask("other")
db.init_app(app)
with app.app_context():
    suspending.suspend(sys.argv[1], "unpaid bills", by=Actor("operator", name="Olga"))
"""


def test_a_suspension_by_another_process_ends_the_pages_that_this_one_keeps(app, mug, configured, kept_pages, renders):
    has_page(anonymous(mug))
    has_page(anonymous(mug))
    assert len(renders) == 1, "the control: it is kept"
    environment = os.environ | configured.to_environment() | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-P", "-c", BY_ANOTHER_PROCESS, mug.slug], env=environment, cwd=ROOT, check=True)
    ends = time.monotonic() + 1

    while anonymous(mug).get("/products/blue-mug").status_code != 503:
        assert time.monotonic() < ends
    reopen(mug)
    has_page(anonymous(mug))


def test_mails_jobs_and_reactions_wait_and_go_on_while_other_shops_work(app, shop, other_shop, run_jobs):
    """With the real queue: some are asked for before, some while it is suspended, some are in the queue already."""
    run_jobs()
    with app.app_context():
        for one in (shop, other_shop):
            with one.entered():
                letter("before", one)
        suspending.suspend(shop.slug, "unpaid bills", by=OLGA)
        for one in (shop, other_shop):
            with one.entered():
                letter("during", one)
    run_jobs()
    assert states(shop) == {"queued": 2}
    assert states(other_shop) == {"sent": 2}

    reopen(shop)
    run_jobs()
    assert states(shop) == {"sent": 2}
    with app.app_context(), shop.entered():
        assert db.session.scalar(select(func.count()).where(Event.relayed_at.is_(None))) == 0


def test_what_was_handed_over_before_is_put_back_and_done_later(app, shop, monkeypatch, run_jobs):
    """The control: without the gate the same job is done in the suspended shop."""
    run_jobs()
    with app.app_context():
        with shop.entered():
            letter("queued", shop)
            fact = db.session.scalars(select(Event).where(Event.relayed_at.is_(None))).one()
            given = (str(shop.id), events.reactions_to(fact.name)[0], fact.name, dict(fact.payload))
            fact.relayed_at = clock.now()
        suspending.suspend(shop.slug, "unpaid bills", by=OLGA)
    name = next(name for name in jobs.queue_app.tasks if name.startswith("app.shop."))
    in_a_thread(lambda: jobs.react(*given))
    in_a_thread(lambda: jobs.queue_app.tasks[name].func(tenant=str(shop.id), arguments={"unknown": 1}))
    run_jobs()
    assert states(shop) == {"queued": 1}
    with app.app_context(), shop.entered():
        waiting = db.session.scalars(select(Event).where(Event.relayed_at.is_(None)).order_by(Event.id)).all()
        assert [one.name for one in waiting] == [jobs.REACT, name]
        waiting[1].relayed_at = clock.now()

    monkeypatch.setattr(jobs, "_has_to_wait", [lambda tenant: False])
    in_a_thread(lambda: jobs.react(*given))
    with app.app_context(), shop.entered():
        assert "app.platform.mail.jobs.deliver" in list(db.session.scalars(select(Event.name)))
    monkeypatch.undo()
    reopen(shop)
    run_jobs()
    assert states(shop) == {"sent": 1}


def letter(word, shop):
    """Ask for a mail from inside a shop."""
    mail.send(
        "ops/mail/limit", shop.owner_email, subject=word, key=f"{word}:{shop.slug}", name="Olive", used="1", limit="1",
        what="x", is_full=True, link="/",
    )  # fmt: skip


def states(shop):
    """How many letters of a shop are in which state."""
    with shop.app.app_context(), shop.entered():
        found = list(db.session.scalars(select(OutgoingMessage.status)))
    return {state: found.count(state) for state in set(found)}
