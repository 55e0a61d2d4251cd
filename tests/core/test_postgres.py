"""The embedded database: who may do what in it, and what it survives."""

import contextlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from app.core import postgres, unprivileged
from app.core.postgres import DatabaseTrouble, Server
from app.core.unprivileged import Account
from app.settings import ROOT

OWNER_OF_A_SERVER = """
import signal, sys
from pathlib import Path
from app.core import postgres
if sys.argv[2:]:
    postgres.dies_with_parent = lambda signal: None
server = postgres.Server(Path(sys.argv[1])).start()
server.create_database("kept")
print(server.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def database(server) -> Iterator[str]:
    """A fresh database on the server of this run."""
    name = f"fresh_{os.getpid()}"
    server.create_database(name)
    yield name
    server.drop_database(name)


def answer(url: str, statement: str) -> object:
    """The first column of the first row."""
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def test_it_listens_on_a_socket_only(server):
    assert answer(server.url("livery_app", "postgres"), "show listen_addresses") == ""
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    assert postmaster.net_connections("tcp") == []


def test_it_asks_everybody_for_a_password(server, database):
    right = server.url("livery_app", database)
    wrong = right.replace("livery_app:", "livery_app:x", 1)

    assert answer(right, "select current_user") == "livery_app"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_roles_have_their_powers_and_no_more(server, database):
    with psycopg.connect(server.url("livery_app", database)) as connection:
        rows = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname like 'livery%'"
        ).fetchall()

    assert {name: powers for name, *powers in rows} == {
        "livery_owner": [False, True, False],
        "livery_app": [False, False, False],
        "livery_operator": [False, True, False],
    }


def test_without_a_tenant_the_app_is_nobodys(server, database):
    assert answer(server.url("livery_app", database), "show app.tenant") == postgres.NO_TENANT


@pytest.mark.parametrize(
    "statement", ["create table mine (id int)", "create temp table mine (id int)", "create schema mine"]
)
def test_the_app_makes_nothing(server, database, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        answer(server.url("livery_app", database), statement)


def test_text_is_searched_and_compared_the_same_everywhere(server, database):
    url = server.url("livery_app", database)

    assert answer(url, "select similarity('chair', 'chairs') > 0.5 and unaccent('Café') = 'Cafe'") is True
    assert (
        answer(url, "select datlocprovider::text || datlocale from pg_database where datname = current_database()")
        == "bC.UTF-8"
    )


def test_it_never_runs_as_root(home):
    with Server(home) as server:
        owner = psutil.Process(server.pid).uids()
        mode = stat.S_IMODE(server.data.stat().st_mode)

    assert 0 not in owner
    assert mode == 0o700


def test_a_second_user_joins_and_does_not_end_it(home):
    with Server(home) as first:
        first.create_database("kept")
        with Server(home) as second:
            assert not second.is_ours
            assert answer(second.url("livery_app", "kept"), "select 1") == 1
        assert answer(first.url("livery_app", "kept"), "select 1") == 1
    assert not first.is_ours


def test_it_stops_with_an_owner_that_is_killed_and_starts_again(home):
    owner, database = started_elsewhere(home)

    owner.kill()
    owner.wait()

    with Server(home) as server:
        assert answer(server.url("livery_app", "kept"), "select 1") == 1
        assert server.pid != database


def test_an_orphan_is_ended_before_a_new_one_starts(home):
    owner, orphan = started_elsewhere(home, "and leave it behind")
    owner.kill()
    owner.wait()
    assert runs(orphan)

    with Server(home) as server:
        assert not runs(orphan)
        assert answer(server.url("livery_app", "kept"), "select 1") == 1


def test_a_pid_file_whose_number_is_somebody_elses_now_harms_nobody(home):
    with Server(home) as server:
        server.create_database("kept")
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    with Server(home) as again:
        assert answer(again.url("livery_app", "kept"), "select 1") == 1


def test_half_a_first_start_is_begun_anew(home):
    server = Server(home)
    (server.folder / "data.new" / "base").mkdir(parents=True)

    with server:
        assert answer(server.url("livery_app", "postgres"), "select 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(home):
    deep = home / ("x" * 100)

    with Server(deep) as server:
        folder = Path((server.folder / "socket-folder").read_text())
        assert answer(server.url("livery_app", "postgres"), "select 1") == 1
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.remove()
    shutil.rmtree(folder)


def test_a_short_socket_folder_that_changed_hands_is_not_trusted(home):
    deep = home / ("x" * 100)
    with Server(deep) as server:
        folder = Path((server.folder / "socket-folder").read_text())
    folder.chmod(0o777)

    with Server(deep) as server:
        other = Path((server.folder / "socket-folder").read_text())

    assert other != folder
    server.remove()
    shutil.rmtree(folder)
    shutil.rmtree(other)


def test_keys_of_another_home_are_a_sentence(home):
    with Server(home):
        pass
    (home / "secrets.json").unlink()

    with pytest.raises(DatabaseTrouble, match=r"secrets\.json does not open the database"):
        Server(home).start()


def test_a_database_of_another_version_is_left_alone(home):
    with Server(home) as server:
        pass
    (server.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(DatabaseTrouble, match="is PostgreSQL 14, the programs are 18"):
        Server(home).start()


def test_a_server_that_cannot_start_says_why(home):
    with Server(home) as server:
        pass
    (server.data / "postgresql.conf").write_text("port = nonsense\n")

    with pytest.raises(DatabaseTrouble, match=r"does not start; .*log says: ."):
        Server(home).start()


def test_an_account_enters_only_where_every_folder_lets_it(tmp_path):
    stranger = Account("stranger", uid=54321, gid=54321)
    (tmp_path / "open" / "inner").mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            with contextlib.suppress(PermissionError):
                folder.chmod(0o755)

    assert stranger.can_enter(tmp_path / "open" / "inner")
    (tmp_path / "open").chmod(0o700)
    assert not stranger.can_enter(tmp_path / "open" / "inner")


def test_files_and_programs_move_when_the_account_cannot_enter(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    monkeypatch.setattr(unprivileged, "SHARED_STATE", shared)
    stranger = Account("stranger", uid=54321, gid=54321)
    (tmp_path / "closed").mkdir(mode=0o700)

    folder = unprivileged.folder_for(tmp_path / "closed", stranger)
    monkeypatch.setattr(Account, "can_enter", lambda self, where: False)
    programs = unprivileged.programs_for(stranger)

    assert folder.parent == shared
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert "(PostgreSQL) 18" in version.stdout
    assert unprivileged.programs_for(stranger) == programs


def started_elsewhere(home: Path, *how: str) -> tuple[subprocess.Popen[str], int]:
    """A server of another process; that process and the server's process id."""
    command = [sys.executable, "-c", OWNER_OF_A_SERVER, str(home), *how]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert owner.stdout is not None
    return owner, int(owner.stdout.readline())


def runs(pid: int) -> bool:
    """Whether the process is there and not only waiting to be noticed by its parent."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
