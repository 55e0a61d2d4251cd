"""The operator's page of the database, by a real database: what grows, what is slow, what is broken or of no use."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import delete, text, update

from app.console.ops import database
from app.console.ops.models import TableSize
from app.core import clock, db
from tests.console.ops.test_console import operator  # noqa: F401 - a fixture


@pytest.fixture
def superuser(server, configured):
    """Changes that no role of ours may make; each stands by itself."""
    here = server.url("postgres", conninfo_to_dict(configured.database_url)["dbname"])
    with psycopg.connect(here, autocommit=True) as connection:
        yield connection


@pytest.fixture
def scratch(superuser, configured):
    """A table that looks like one of ours, and nobody asks it anything."""
    superuser.execute("create table scratch as select n, md5(n::text) as words from generate_series(1, 60000) n")
    superuser.execute("alter table scratch owner to livery_owner")
    superuser.execute("create index ix_scratch_words on scratch (words)")
    yield superuser
    superuser.execute("drop table scratch")


def test_sizes_are_written_down_once_a_day_and_the_page_tells_what_grew(app, operator, scratch):  # noqa: F811
    with app.app_context():
        database.write_sizes_down()
        database.write_sizes_down()
        today = clock.now().date()
        named = TableSize.name == "scratch"
        [size] = db.catalogue.scalars(db.db.select(TableSize.size).where(named)).all()
        db.catalogue.execute(
            update(TableSize).where(named).values(day=today - timedelta(days=8), size=size - 3_000_000)
        )
        db.checkpoint()
        [told] = [one for one in database.standing().tables if one.name == "scratch"]
        assert (told.size - told.week_ago, told.month_ago) == (3_000_000, None)

        page = operator.get("/console/database").text
        assert "+3 MB" in page and "not known yet" in page

        db.catalogue.execute(update(TableSize).where(named).values(day=today - database.KEPT - timedelta(days=1)))
        db.checkpoint()
        database.write_sizes_down()
        days = db.catalogue.scalars(db.db.select(TableSize.day).where(named)).all()
        assert days == [today], "what is older than it is kept for went"
        db.catalogue.execute(delete(TableSize))
        db.checkpoint()


def test_slow_statements_are_told_without_their_values(app, shop, operator, server):  # noqa: F811
    with app.app_context(), shop.entered():
        db.session.execute(text("select 'a very private word' as told, pg_sleep(0.3)"))
        found = database.standing().statements
    [slow] = [one for one in found if "pg_sleep" in one.text]

    assert slow.milliseconds >= 300 and slow.calls == 1 and 0 < slow.share <= 1
    assert all("a very private word" not in one.text for one in found)
    assert "pg_sleep" in operator.get("/console/database").text


def test_without_the_right_the_page_says_how_to_give_it(app, operator, superuser):  # noqa: F811
    superuser.execute("revoke pg_read_all_stats from livery_operator")
    try:
        assert "GRANT pg_read_all_stats" in operator.get("/console/database").text
    finally:
        superuser.execute("grant pg_read_all_stats to livery_operator")
    assert "GRANT pg_read_all_stats" not in operator.get("/console/database").text


def test_an_index_without_use_and_one_that_is_broken_are_named(app, operator, scratch):  # noqa: F811
    def named() -> dict[str, bool]:
        with app.app_context():
            return {one.name: one.is_valid for one in database.standing().indexes}

    assert named().get("ix_scratch_words") is True
    scratch.execute("set enable_seqscan = off")
    scratch.execute("select count(*) from scratch where words = 'x'").fetchone()
    scratch.execute("select pg_stat_force_next_flush()")
    assert "ix_scratch_words" not in named(), "it was used"

    scratch.execute("update pg_index set indisvalid = false where indexrelid = 'ix_scratch_words'::regclass")
    assert named().get("ix_scratch_words") is False
    assert "ix_scratch_words is broken" in operator.get("/console/database").text


def test_what_changed_much_is_counted_anew_at_night_and_nothing_else(app, scratch):
    scratch.execute("alter table scratch set (autovacuum_enabled = off)")
    scratch.execute("insert into scratch select n, '' from generate_series(1, 9000) n")
    scratch.execute("select pg_stat_force_next_flush()")
    with app.app_context():
        assert "public.scratch" in database.tend()
        assert "public.scratch" not in database.tend()


def test_control_a_role_without_the_right_leaves_it_and_goes_on(app, scratch):
    scratch.execute("alter table scratch set (autovacuum_enabled = off)")
    scratch.execute("insert into scratch select n, '' from generate_series(1, 9000) n")
    scratch.execute("select pg_stat_force_next_flush()")
    scratch.execute("revoke pg_maintain from livery_operator")
    try:
        with app.app_context():
            database.tend()
            assert scratch.execute(
                "select n_mod_since_analyze from pg_stat_user_tables where relname = 'scratch'"
            ).fetchone() != (0,)
    finally:
        scratch.execute("grant pg_maintain to livery_operator")


def test_nobody_else_sees_it(app, shop):
    assert app.test_client().at("localhost").get("/console/database").status_code == 303
    assert shop.browser().get("/console/database").status_code == 404
