"""A forked process shares no database connection with its parent: DATA rule 13.

The parent here does what it must never do: it uses a connection before it forks, and then enters a tenant on it. With
our own post_fork the child sees nothing of that. Without it the child reads the tenant's rows, row security or not.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.settings import ROOT
from tests.roles.processes import serving

pytestmark = pytest.mark.xdist_group("roles")
A_FORK = """
import json, os, runpy, sys, types
from sqlalchemy import text
from app.core.db import db
from app.factory import create_app

tenant, is_protected = sys.argv[1], sys.argv[2] == "protected"
app = create_app()
post_fork = runpy.run_path("gunicorn.conf.py")["post_fork"]
with app.app_context():
    engine = db.engines[None]
with engine.connect() as connection:
    parents = connection.execute(text("select pg_backend_pid()")).scalar_one()
connection = engine.pool._pool.queue[0].driver_connection
connection.execute(f"set local app.tenant = '{tenant}'")

reading, writing = os.pipe()
if os.fork() == 0:
    if is_protected:
        post_fork(types.SimpleNamespace(pid=os.getppid()), None)
    with engine.connect() as connection:
        childs = connection.execute(text("select pg_backend_pid()")).scalar_one()
        rows = connection.execute(text("select count(*) from shop")).scalar_one()
    os.write(writing, json.dumps({"parents": parents, "childs": childs, "rows": rows}).encode())
    os._exit(0)
os.wait()
print(os.read(reading, 1000).decode())
os._exit(0)
"""


@pytest.fixture
def forked(configured, shop):
    """Fork with or without our hook; what the child got to see."""

    def fork(how: str) -> dict[str, int]:
        environment = os.environ | configured.to_environment() | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-P", "-c", A_FORK, str(shop.id), how]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
        return seen

    return fork


def test_a_child_has_a_connection_of_its_own_and_sees_nothing(forked):
    seen = forked("protected")

    assert seen["childs"] != seen["parents"]
    assert seen["rows"] == 0


def test_without_the_hook_the_child_reads_another_tenants_rows(forked):
    """The negative control: this is what the hook prevents."""
    seen = forked("unprotected")

    assert seen["childs"] == seen["parents"]
    assert seen["rows"] == 1


def test_processes_of_one_web_server_share_no_connection(configured, shop):
    with serving(configured, "all", workers=2) as web:
        for _ in range(20):
            assert web.status("GET", "/health/ready", shop.host) == 200
        master = psutil.Process(web.process.pid)
        held = {process.pid: unix_sockets(process.pid) for process in (master, *master.children())}

    of_master = held.pop(master.pid)
    first, second = held.values()
    assert first | second
    assert not first & second
    assert not of_master & (first | second)


def unix_sockets(pid: int) -> set[str]:
    """Inodes of the process's connected unix sockets; the same inode in two processes is the same connection."""
    connected = {
        fields[6] for fields in map(str.split, Path("/proc/net/unix").read_text().splitlines()[1:]) if fields[5] == "03"
    }
    open_files = (os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir())
    return {name[8:-1] for name in open_files if name.startswith("socket:[")} & connected
