"""A web process loads what pages need. What only jobs, uploads, migrations or Redis need is loaded at its first use."""

import gc
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from types import SimpleNamespace

import pytest

from app import factory, settings
from app.settings import ROOT

HEAVY = {
    "alembic": "only migrations need it",
    "authlib": "only OAuth2 needs it",
    "httpcore": "only outgoing calls need it",
    "httpx": "only outgoing calls need it",
    "mako": "comes with alembic",
    "markdown_it": "only texts that are written need it",
    "PIL": "only uploads need it",
    "procrastinate": "only the worker needs it",
    "redis": "only installations with Redis need it",
}
LOADED = """
import sys
from app import factory
from app.roles import rooms
rooms()
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a process that has everything it needs to serve."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOADED], env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_web_process_loads_no_more_than_it_needs(loaded):
    assert {name: why for name, why in HEAVY.items() if name in loaded} == {}


@pytest.mark.parametrize(("workers", "expected"), [(1, 1), (2, 0)])
def test_a_process_alone_loads_what_copies_would_share_behind_its_first_answer(app, monkeypatch, workers, expected):
    before = settings.current()
    settings.use(replace(before, web_workers=workers))
    try:
        hooks = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    finally:
        gc.enable()
        settings.use(before)
    warmed = []
    monkeypatch.setattr(factory, "warm_up", warmed.append)

    for _ in range(3):
        hooks["post_request"](SimpleNamespace(wsgi=app), None, {}, None)

    assert warmed == [app] * expected


def test_the_list_names_what_is_there_to_be_loaded(loaded):
    """The negative control: what pages do need is seen."""
    assert {"app.shop.orders.models", "flask", "psycopg", "sqlalchemy"} <= loaded
    assert [name for name in HEAVY if find_spec(name) is None] == []
