"""The platform's own trail: what is changed outside of every tenant is told, and whoever tampers with it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app import settings
from app.core import access, audit_chain, audit_platform, db, ids
from app.core.access import BY_HAND, Actor
from app.core.audit_platform import PlatformEntry
from app.platform.audit import jobs
from app.platform.audit.commands import audit as group
from app.platform.tenancy import plans
from app.platform.tenancy.models import Plan
from app.platform.tenancy.plans import PlanForm

OLGA = Actor("operator", ids.new_id(), "Olga")
LAST = "(select max(number) from catalogue.platform_entry)"


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def written() -> int:
    """Four entries more; the number of the last."""
    for number in range(4):
        audit_platform.record(OLGA, "test.done", ids.new_id(), number=number, share=0.5)
        db.checkpoint()
    return db.catalogue.scalars(select(PlatformEntry.number).order_by(PlatformEntry.number.desc()).limit(1)).one()


@pytest.fixture
def tamper() -> Iterator[Callable[[str], None]]:
    """Changes the trail as the owner of the tables, and puts it back."""
    with psycopg.connect(settings.current().owner_url, autocommit=True) as connection:
        for table in ("platform_entry", "platform_head"):
            connection.execute(f"create temp table kept_{table} as select * from catalogue.{table}")
        yield connection.execute
        for table in ("platform_entry", "platform_head"):
            connection.execute(f"delete from catalogue.{table}")
            connection.execute(f"insert into catalogue.{table} select * from kept_{table}")


def problems(expected: str = "") -> list[str]:
    found = audit_platform.verify(expected).problems
    db.checkpoint()
    return found


def test_it_is_whole_without_gaps_and_grows(written):
    first = audit_platform.verify()
    audit_platform.record(OLGA, "test.done", ids.new_id())
    db.checkpoint()
    second = audit_platform.verify(first.head)
    db.checkpoint()

    assert first.problems == second.problems == []
    assert (first.entries, second.entries) == (written, written + 1)


def test_two_at_once_get_a_place_each_and_what_is_rolled_back_none(app, written):
    def one_more() -> None:
        with app.app_context():
            audit_platform.record(OLGA, "test.done", ids.new_id())
            db.checkpoint()

    with ThreadPoolExecutor(1) as pool:
        audit_platform.record(OLGA, "test.undone", ids.new_id())
        db.flush()
        other = pool.submit(one_more)
        with pytest.raises(TimeoutError):
            other.result(0.2)
        db.session.rollback()
        other.result(5)

    assert problems() == []
    newest = select(PlatformEntry.number, PlatformEntry.action).order_by(PlatformEntry.number.desc())
    assert db.catalogue.execute(newest).first() == (written + 1, "test.done")


TAMPERED = {
    "details": (f"update catalogue.platform_entry set details = '{{}}' where number = {LAST} - 2", "not as it was"),
    "actor": (f"update catalogue.platform_entry set actor_name = 'Nobody' where number = {LAST}", "not as it was"),
    "changes": (f"update catalogue.platform_entry set changes = '[1]' where number = {LAST}", "not as it was"),
    "taken out": (f"delete from catalogue.platform_entry where number = {LAST} - 1", "is missing"),
    "last one taken out": (f"delete from catalogue.platform_entry where number = {LAST}", "the last of them is gone"),
    "put in": (
        "insert into catalogue.platform_entry select number + 1, gen_random_uuid(), now(), actor_kind, actor_id,"
        " actor_name, action, object_type, object_id, details, changes, reason, request_id, hash"
        f" from catalogue.platform_entry where number = {LAST}",
        "not as it was",
    ),
    "count": ("update catalogue.platform_head set number = number - 1", "count of entries is not as it was written"),
    "count taken out": ("delete from catalogue.platform_head", "the count of entries is gone"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_named(written, tamper, what):
    assert problems() == [], "the control"
    statement, said = TAMPERED[what]
    tamper(statement)

    assert said in " ".join(problems())


def test_an_end_that_was_cut_off_with_its_count_shows_by_the_head_that_was_noted(written, tamper):
    """The control comes first: whoever puts the count back too stays unseen where no head was noted since."""
    tamper("create temp table older as select * from catalogue.platform_head")
    audit_platform.record(OLGA, "test.done", ids.new_id())
    db.checkpoint()
    seen = audit_platform.verify().head
    db.checkpoint()
    tamper(f"delete from catalogue.platform_entry where number = {LAST}")
    tamper("update catalogue.platform_head set (number, hash, mark) = (select number, hash, mark from older)")
    assert problems() == []
    assert "never had the head" in " ".join(problems(seen))
    audit_chain.note(audit_platform.NAME, written + 1, seen)

    assert "has it no more" in " ".join(problems())
    audit_platform.note_head()


FORBIDDEN = (
    "update catalogue.platform_entry set action = 'x'",
    "delete from catalogue.platform_entry",
    "delete from catalogue.platform_head",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_itself_can_change_nothing(written, statement):
    with db.db.engines["catalogue"].connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(statement))


def test_the_command_proves_it_with_the_shops_and_alone(written, tamper):
    jobs.seal()
    assert (settings.current().home / "audit" / "platform").read_text().startswith(f"{written} ")
    alone = CliRunner().invoke(group, ["verify", "--tenant", "(platform)"])
    assert (alone.exit_code, alone.output.count("\n")) == (0, 1)
    assert f"{written} sealed" in alone.output
    tamper(f"update catalogue.platform_entry set reason = 'none' where number = {LAST}")
    broken = CliRunner().invoke(group, ["verify"])

    assert broken.exit_code == 1
    assert "no  (platform)" in broken.output


def test_rows_of_the_registry_are_told_with_before_and_after_and_secrets_never():
    plan = plans.save_plan(PlanForm(f"P {ids.new_id()}", products=3), by=OLGA)
    db.checkpoint()
    plans.save_plan(PlanForm(plan.name, products=4), plan.id, by=OLGA)
    db.checkpoint()
    changed = entries_of(plan.id)

    assert [one.action for one in changed] == ["plan.made", "plan.changed"]
    assert changed[1].changes == [{"table": "plan", "id": str(plan.id), "fields": {"products": [3, 4]}}]
    plans.remove_plan(plan.id, by=OLGA)
    db.checkpoint()


def test_what_no_service_speaks_of_gets_an_entry_of_its_own_and_visitors_are_not_followed(monkeypatch):
    """The control: the same change by nobody who is followed leaves nothing."""
    with access.acting_as(BY_HAND):
        plan = plans.save_plan(PlanForm(f"P {ids.new_id()}"), by=BY_HAND)
        db.checkpoint()
        plan.staff = 2
        db.checkpoint()
    with access.acting_as(access.ANONYMOUS):
        plan.staff = 3
        db.checkpoint()
    told = entries_of(plan.id)

    assert [(one.actor_name, one.changes[0]["fields"]) for one in told[1:]] == [("./livery", {"staff": [None, 2]})]
    with access.acting_as(BY_HAND):
        db.catalogue.execute(Plan.__table__.delete().where(Plan.id == plan.id), bind_arguments={"mapper": Plan})
        db.checkpoint()


def entries_of(subject: object) -> list[PlatformEntry]:
    """The timeline of one thing, the oldest first."""
    wanted = select(PlatformEntry).where(PlatformEntry.object_id == str(subject)).order_by(PlatformEntry.number)
    return list(db.catalogue.scalars(wanted))
