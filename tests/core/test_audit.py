"""Who did what is written down in the same transaction."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.core import audit, db, ids
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.platform.staff import queries as staff


def entries() -> list[AuditEntry]:
    return list(
        db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("test.")).order_by(AuditEntry.id))
    )


def test_an_entry_names_the_actor_the_action_and_the_row(in_shop):
    member = staff.staff_by_email(in_shop.owner_email)
    actor = Actor("staff", member.id, "Olive")

    audit.record(actor, "test.renamed", member, before="A", after="B")

    entry = entries()[0]
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("staff", member.id, "Olive")
    assert (entry.object_type, entry.object_id) == ("staff_member", str(member.id))
    assert entry.details == {"before": "A", "after": "B"}


def test_an_id_will_do_and_details_become_plain_values(in_shop):
    identity = ids.new_id()

    audit.record(
        Actor("system"), "test.done", identity, at=datetime(2026, 1, 1, tzinfo=UTC), ids={identity}, n=1, none=None
    )
    db.flush()

    entry = entries()[0]
    assert (entry.object_type, entry.object_id) == ("test", str(identity))
    assert entry.details == {"at": "2026-01-01T00:00:00+00:00", "ids": [str(identity)], "n": 1, "none": None}


def test_a_change_that_fails_leaves_no_entry(app, shop):
    with app.app_context():
        try:
            with shop.entered():
                audit.record(Actor("system"), "test.failed", ids.new_id())
                raise RuntimeError
        except RuntimeError:
            pass
        with shop.entered():
            assert entries() == []
