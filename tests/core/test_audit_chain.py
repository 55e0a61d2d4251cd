"""Whatever is done to the audit trail behind the application's back, its chain shows it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.core import audit, audit_chain, audit_lanes, db, ids
from app.core.access import Actor
from app.core.audit import AuditEntry
from tests.conftest import in_a_thread

ACTOR = Actor("staff", ids.new_id(), "Olive")
OTHER = "is not as it was written"
NO_LINK = "does not follow"
OF = "where tenant_id = TENANT and details->>'number' = '2'"


@pytest.fixture
def sealed(app, shop):
    """Five entries with their seals; the shop's id."""
    with app.app_context(), shop.entered():
        for number in range(5):
            audit.record(ACTOR, "test.done", ids.new_id(), number=number, share=0.5)
        db.session.commit()
        audit_chain.seal()
    return shop


def problems(shop: object, expected: str = "") -> list[str]:
    with shop.entered():
        return audit_chain.verify(expected).problems


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def test_a_chain_that_nobody_touched_is_whole_and_grows(sealed):
    with sealed.entered():
        first = audit_chain.verify()
        audit.record(ACTOR, "test.done", ids.new_id())
        db.session.commit()
        assert audit_chain.seal() == 1
    with sealed.entered():
        second = audit_chain.verify(first.head)

    assert first.problems == second.problems == []
    assert second.entries == first.entries + 1
    assert second.head != first.head


TAMPERED = {
    "details": ("update audit_entry set details = '{\"number\": 9}' " + OF, OTHER),
    "actor": ("update audit_entry set actor_name = 'Nobody' " + OF, OTHER),
    "mark": ("update audit_entry set mac = '', action = 'x' " + OF, NO_LINK),
    "entry taken out": ("delete from audit_entry " + OF, "is gone"),
    "seal taken out": ("delete from audit_seal where tenant_id = TENANT and number = 3", "seal 3 is missing"),
    "hash": ("update audit_seal set hash = repeat('a', 64) where tenant_id = TENANT and number = 2", NO_LINK),
    "entry put in": (
        "insert into audit_entry (tenant_id, id, at, actor_kind, actor_name, action, object_type, object_id,"
        " details, changes, reason, request_id, mac) select tenant_id, gen_random_uuid(), now(), 'staff', 'Olive',"
        " 'staff.removed', '', '', '{}', '[]', '', '', mac from audit_entry where tenant_id = TENANT limit 1",
        "was not written",
    ),
}  # fmt: skip


def test_what_was_tampered_with_is_named(sealed, tamper):
    tamper.keep()
    for name, (statement, said) in TAMPERED.items():
        assert problems(sealed) == [], name

        tamper(statement)

        assert any(said in problem for problem in problems(sealed)), (name, problems(sealed))
        tamper.put_back()


def test_two_entries_that_changed_places_show(sealed, tamper):
    tamper("""
        create temporary table places as
            select number, entry_id from audit_seal where tenant_id = TENANT and number in (2, 3);
        update audit_seal set entry_id = gen_random_uuid() where tenant_id = TENANT and number in (2, 3);
        update audit_seal set entry_id = places.entry_id from places
            where tenant_id = TENANT and audit_seal.number = 5 - places.number;
    """)

    assert any("does not follow" in problem for problem in problems(sealed)), problems(sealed)


def test_an_entry_that_was_moved_to_another_shop_shows_in_both(sealed, other_shop, tamper):
    tamper(
        f"update audit_entry set tenant_id = '{other_shop.id}' where tenant_id = TENANT and details->>'number' = '2'"
    )

    assert any("is gone" in problem for problem in problems(sealed))
    assert any("was not written" in problem for problem in problems(other_shop))


def test_an_end_that_was_cut_off_shows_by_the_head_that_was_noted(sealed, tamper):
    with sealed.entered():
        audit_chain.note_head()
        head = audit_chain.verify().head
    tamper(
        "with gone as (delete from audit_seal where tenant_id = TENANT and number > 3 returning entry_id)"
        " delete from audit_entry where tenant_id = TENANT and id in (select entry_id from gone)"
    )

    assert any("has it no more" in problem for problem in problems(sealed))
    assert any("never had the head" in problem for problem in problems(sealed, head))


def test_without_the_noted_head_whoever_puts_the_count_back_stays_unseen(sealed, tamper):
    """The negative control: why a head is kept beside the database. The count alone can be put back as it once was."""
    tamper.keep()
    with sealed.entered():
        audit.record(ACTOR, "test.done", ids.new_id())
        db.session.commit()
        audit_chain.seal()

    tamper.put_back("audit_entry", "audit_seal")
    assert any("are gone" in problem for problem in problems(sealed))
    tamper.put_back()

    assert problems(sealed) == []


@pytest.fixture
def unsealed(sealed):
    """The shop with one more entry that has no seal yet."""
    with sealed.entered():
        audit.record(ACTOR, "test.fresh", ids.new_id())
        db.session.commit()
    return sealed


FRESH = "delete from audit_entry where tenant_id = TENANT and action = 'test.fresh';"


MISSED = {
    "deleted": (FRESH, "1 of the"),
    "and the count lowered": (FRESH + "update audit_lane set written = written - 1 where tenant_id = TENANT", OTHER),
    "and the count deleted": (FRESH + "delete from audit_lane where tenant_id = TENANT", "is gone"),
    "another's turn": (FRESH.replace("delete from audit_entry", "update audit_entry set turn = 1"), "was not written"),
}


def test_an_entry_that_is_deleted_before_its_seal_is_missed(unsealed, tamper):
    tamper.keep()
    for name, (statement, said) in MISSED.items():
        assert problems(unsealed) == [], name

        tamper(statement)

        assert any(said in problem for problem in problems(unsealed)), (name, problems(unsealed))
        tamper.put_back()


def test_without_the_count_the_same_deletion_stays_unseen(unsealed, tamper, monkeypatch):
    """The negative control."""
    tamper(FRESH)
    monkeypatch.setattr(audit_lanes.Roll, "problems", lambda roll: [])

    assert problems(unsealed) == []


def test_nobody_waits_for_anybodys_count_and_what_is_rolled_back_counts_for_nothing(app, sealed):
    def write_another() -> None:
        with app.app_context(), sealed.entered():
            db.session.execute(text("set local lock_timeout = '1ms'"))
            audit.record(ACTOR, "test.beside", ids.new_id())

    with sealed.entered():
        audit.record(ACTOR, "test.long", ids.new_id())
        nested = db.session.begin_nested()
        audit.record(ACTOR, "test.taken_back", ids.new_id())
        db.flush()
        nested.rollback()
        audit.record(ACTOR, "test.long", ids.new_id())
        db.flush()
        in_a_thread(write_another)
        with pytest.raises(ZeroDivisionError):
            in_a_thread(lambda: write_and_fail(app, sealed))
    with sealed.entered():
        lanes = dict(db.session.execute(select(audit_lanes.AuditLane.lane, audit_lanes.AuditLane.written)).all())
        turns = db.session.execute(select(AuditEntry.lane, AuditEntry.turn)).all()

    assert len(lanes) == 2
    assert sorted(turns) == sorted((lane, turn + 1) for lane, written in lanes.items() for turn in range(written))
    assert problems(sealed) == []


def write_and_fail(app: object, shop: object) -> None:
    """A transaction that writes an entry and is rolled back."""
    with app.app_context(), shop.entered():
        audit.record(ACTOR, "test.failed", ids.new_id())
        db.flush()
        raise ZeroDivisionError


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
def test_the_application_itself_can_change_nothing(sealed, table):
    with sealed.entered(), pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text(f"delete from {table} where tenant_id = :tenant"), {"tenant": sealed.id})
    db.session.rollback()


def test_entries_of_releases_without_marks_are_taken_as_they_are(app, shop, other_shop):
    with other_shop.entered():
        db.session.execute(
            text(
                "insert into audit_entry (tenant_id, id, at, actor_kind, actor_name, action, object_type, object_id,"
                " details, changes, reason, request_id, mac) values (:tenant, gen_random_uuid(),"
                " now() - interval '1 day', 'staff', 'Old', 'test.old', '', '', '{}', '[]', '', '', '')"
            ),
            {"tenant": other_shop.id},
        )
        db.session.commit()
        audit_chain.seal()
    assert problems(other_shop) == []


def test_sealing_finds_the_tenants_that_need_it(sealed):
    with sealed.entered():
        audit.record(ACTOR, "test.done", ids.new_id())
        db.session.commit()
    assert sealed.id in audit_chain.tenants_to_seal()
    with sealed.entered():
        audit_chain.seal()
    assert sealed.id not in audit_chain.tenants_to_seal()


def test_the_columns_of_the_model_are_all_in_the_mark():
    told = set(AuditEntry.__table__.columns.keys()) - {"mac"}

    assert told == {*audit_chain._FIELDS, "tenant_id", "lane", "turn"}
