"""A shop's audit trail ends where the shop wants it to, and what is left still proves itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from app.core import audit, audit_chain, audit_cutting, clock, db, ids
from app.core.access import Actor
from app.core.audit import AuditEntry
from app.core.audit_anchor import LEAST_MONTHS, AuditAnchor, AuditKeeping
from app.platform.audit import jobs, service
from app.platform.audit.commands import audit as group

ACTOR = Actor("staff", ids.new_id(), "Olive")
NOW = timedelta(days=365 * 2)
"""How far from the moment of the run these tests play: the shop itself is two years old by then."""


@pytest.fixture
def aged(app, shop):
    """Five entries from long ago and five younger ones, all sealed, in a shop that keeps them for the least time."""
    with app.app_context():
        for years in (2, 0):
            with clock.frozen(clock.now() + NOW - timedelta(days=365 * years)), shop.entered():
                for number in range(5):
                    audit.record(ACTOR, "test.done", ids.new_id(), number=number, years=years)
                db.session.commit()
                audit_chain.seal()
        with shop.entered():
            service.keep_for(LEAST_MONTHS, by=ACTOR)
        with shop.entered():
            audit_chain.seal()
            audit_chain.note_head()
        yield shop


def verdict(shop: object) -> audit_chain.Verdict:
    with shop.entered():
        return audit_chain.verify()


def cut_all(shop: object, now: timedelta = NOW) -> list[int]:
    """Two entries at a time, until nothing is left to cut; how many each time."""
    pieces = []
    with clock.frozen(clock.now() + now):
        while done := audit_cutting.cut(shop.id, at_once=2):
            pieces.append(done)
    return pieces


def kept(shop: object) -> dict[int, int]:
    """How many entries of which age in years there are."""
    with shop.entered():
        found = [entry.details["years"] for entry in db.session.scalars(select(AuditEntry)) if "years" in entry.details]
    return {years: found.count(years) for years in set(found)}


def test_what_is_older_than_the_shops_months_goes_in_pieces_and_the_rest_stays_provable(aged):
    before = verdict(aged)

    pieces = cut_all(aged)
    after = verdict(aged)

    assert before.problems == after.problems == []
    assert pieces[:-1] == [2] * (len(pieces) - 1)
    assert after.gone == sum(pieces) >= 5
    assert after.head == before.head
    assert after.entries == before.entries - after.gone
    assert kept(aged) == {0: 5}
    with aged.entered():
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "audit.shortened")).all()
        assert sum(entry.details["entries"] for entry in told) == sum(pieces)
        assert audit_chain.seal() == len(told)
    said = CliRunner().invoke(group, ["verify", "--tenant", aged.slug])
    assert (said.exit_code, "went by the shop's own rule" in said.output) == (0, True), said.output
    assert verdict(aged).problems == []


def test_a_trail_of_which_everything_went_goes_on_from_its_anchor_which_the_application_cannot_write(aged):
    cut_all(aged, NOW * 2)
    with aged.entered():
        assert db.session.scalar(select(func.count()).select_from(audit_chain.AuditSeal)) == 0
        assert audit_chain.seal() > 0
        audit_chain.note_head()

    assert verdict(aged).problems == []
    assert verdict(aged).gone > 10
    with aged.entered(), pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text("update audit_anchor set number = 1 where tenant_id = :tenant"), {"tenant": aged.id})
    db.session.rollback()


NOT_OURS = "anchor of the chain is not as it was written"
TAMPERED = {
    "anchor gone": ("delete from audit_anchor where tenant_id = TENANT", "seal 1 is missing"),
    "anchor moved": ("update audit_anchor set number = number + 1 where tenant_id = TENANT", NOT_OURS),
    "count of what went": ("update audit_anchor set gone = '{}' where tenant_id = TENANT", NOT_OURS),
    "moment": ("update audit_anchor set until = now() where tenant_id = TENANT", NOT_OURS),
    "cut by hand": (
        "with gone as (delete from audit_seal where tenant_id = TENANT and number = (select number + 1 from"
        " audit_anchor where tenant_id = TENANT) returning entry_id)"
        " delete from audit_entry where tenant_id = TENANT and id in (select entry_id from gone)",
        "is missing",
    ),
}  # fmt: skip


def test_a_cut_or_an_anchor_that_was_tampered_with_shows(aged, tamper):
    with clock.frozen(clock.now() + NOW):
        assert audit_cutting.cut(aged.id, at_once=2) == 2
    tamper.keep()
    for name, (statement, said) in TAMPERED.items():
        assert verdict(aged).problems == [], name

        tamper(statement)

        assert any(said in problem for problem in verdict(aged).problems), (name, verdict(aged).problems)
        tamper.put_back()

    assert cut_all(aged)
    tamper.put_back("audit_anchor")
    assert any("is missing" in problem for problem in verdict(aged).problems), "an anchor of earlier was put back"


def test_without_its_mark_an_anchor_by_hand_would_pass(aged, tamper, monkeypatch):
    """The negative control: the same cut by hand, with an anchor that fits, is unseen when marks count for nothing."""
    tamper(
        "insert into audit_anchor select tenant_id, number, hash, (select jsonb_object_agg(lane, c) from (select lane,"
        " count(*) c from audit_entry e join audit_seal s on s.entry_id = e.id and s.tenant_id = e.tenant_id"
        " where e.tenant_id = TENANT and s.number <= 3 group by lane) l), now(), sealed_at, ''"
        " from audit_seal where tenant_id = TENANT and number = 3;"
        " with gone as (delete from audit_seal where tenant_id = TENANT and number <= 3 returning entry_id)"
        " delete from audit_entry where tenant_id = TENANT and id in (select entry_id from gone)"
    )
    assert verdict(aged).problems == ["the anchor of the chain is not as it was written"]

    monkeypatch.setattr(AuditAnchor, "is_ours", True)
    assert verdict(aged).problems == []


def test_what_was_tampered_with_is_never_cut_away(aged, tamper):
    """Whoever gives an entry an old date, or shortens the rule by hand, gets nothing deleted."""
    tamper("update audit_entry set at = at - interval '3 years' where tenant_id = TENANT and details->>'years' = '0'")
    cut_all(aged)
    assert kept(aged)[0] == 5
    assert any("not as it was written" in problem for problem in verdict(aged).problems)


def test_a_rule_counts_by_its_mark_alone_and_never_below_the_least(aged, tamper):
    for months in (LEAST_MONTHS * 2, 1):
        tamper(f"update audit_keeping set months = {months} where tenant_id = TENANT")
        assert cut_all(aged) == [], "it was written by hand"
    for months in (2, None):
        with aged.entered():
            service.keep_for(months, by=ACTOR)
        assert cut_all(aged) == []

    with aged.entered():
        assert db.session.scalars(select(AuditKeeping)).all() == []
        service.keep_for(LEAST_MONTHS, by=ACTOR)
    assert cut_all(aged)


def test_the_nightly_job_cuts_each_shop_by_its_own_rule(aged, other_shop):
    with other_shop.entered():
        audit.record(ACTOR, "test.done", ids.new_id(), years=2)
        db.session.commit()
        audit_chain.seal()

    with clock.frozen(clock.now() + NOW):
        jobs.cut()

    assert kept(aged) == {0: 5}
    assert kept(other_shop) == {2: 1}


def test_the_same_day_so_many_months_earlier():
    now = clock.now().replace(year=2026, month=2, day=28, hour=9)

    assert audit_cutting.months_before(now, 12).isoformat()[:13] == "2025-02-28T00"
    assert audit_cutting.months_before(now.replace(month=3, day=31), 13).isoformat()[:10] == "2025-02-28"
    assert audit_cutting.months_before(now.replace(month=1), 14).isoformat()[:10] == "2024-11-28"
