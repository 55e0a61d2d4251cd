"""Before it forks, a web server in production rehearses pages, so that its workers share what they load and touch."""

import json
import os
import subprocess
import sys

import pytest

from app.settings import ROOT

pytestmark = pytest.mark.xdist_group("roles")
A_REHEARSAL = """
import gc; gc.disable()
import json, os, re, sys, threading
from sqlalchemy import text
from werkzeug.test import create_environ, run_wsgi_app
from app import settings
from app.core import db, frames, warming
from app.factory import REHEARSED, create_app, warm_up
from app.platform.tenancy import queries

app = create_app()
warm_up(app)
origin = settings.current().public_origin(sys.argv[1])

def own_memory_after_a_page():
    gc.freeze()
    reading, writing = os.pipe()
    if os.fork() == 0:
        db.forget_connections(app)
        status = run_wsgi_app(app, create_environ("/", origin), buffered=True)[1]
        rollup = open("/proc/self/smaps_rollup").read()
        own = int(re.search(r"Private_Dirty: +([0-9]+)", rollup)[1])
        os.write(writing, json.dumps([status, own]).encode())
        os._exit(0)
    os.wait()
    return json.loads(os.read(reading, 1000))

def may_write():
    with db.engines_of(app)[0].connect() as connection:
        return connection.execute(text("select current_setting('transaction_read_only')")).scalar_one() == "off"

told = {"believed": [], "writes": [], "before": own_memory_after_a_page(), "may_write_otherwise": may_write()}
for engine in db.engines_of(app):
    engine.dispose()

def find_host():
    told["host"] = queries.first_open_host()
    told["believed"].append(frames.are_believed())
    told["writes"].append(may_write())
    return told["host"]

frames.believe_while(lambda: True)
warming.rehearse(app, find_host, REHEARSED)
told["connections"] = sum(engine.pool.checkedin() + engine.pool.checkedout() for engine in db.engines_of(app))
told["threads"] = threading.active_count()
told["believed_after"] = frames.are_believed()
frames.believe_while(lambda: False)
told["after"] = own_memory_after_a_page()
told["may_write_after"] = may_write()
print(json.dumps(told))
os._exit(0)
"""


@pytest.fixture
def rehearsal(configured, shop):
    """What a process tells that rehearsed, and of its children before and after."""
    environment = os.environ | configured.to_environment() | {"PYTHONPATH": str(ROOT), "LIVERY_PAGE_CACHE": "on"}
    command = [sys.executable, "-P", "-c", A_REHEARSAL, f"{shop.slug}.{configured.domain}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_rehearsed_process_shares_more_with_its_children_and_changes_nothing(rehearsal):
    """The child before is the control: the same page costs it more memory of its own."""
    (status_before, own_before), (status_after, own_after) = rehearsal["before"], rehearsal["after"]

    assert status_before == status_after == "200 OK"
    assert own_after < 0.8 * own_before
    assert rehearsal["host"], "an open shop is found"
    assert rehearsal["connections"] == 0, "a child would inherit it"
    assert rehearsal["threads"] == 1, "a thread does not survive a fork"
    assert rehearsal["believed"] == [False] and rehearsal["believed_after"]
    assert rehearsal["writes"] == [False]
    assert rehearsal["may_write_otherwise"] and rehearsal["may_write_after"], "only a rehearsal may only read"
