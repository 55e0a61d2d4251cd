"""Kept pages behind a real redis-server: shared by processes, and doing without it when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
import redis

from app.core import pagecache
from app.core.pagecache import Memory, Shared
from tests.factories.catalog import a_product
from tests.factories.keeping import anonymous, has_page


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    """A redis-server of our own on a socket, so that it meets no other; nothing of it is written to disk."""
    socket = tmp_path_factory.mktemp("redis") / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in program.stdout:
        if "ready to accept connections" in line.lower():
            break
    yield program, f"unix://{socket}"
    program.kill()
    program.wait()


@pytest.fixture
def store(redis_server, mug, kept_pages):
    """It stands behind the process's own memory."""
    _, url = redis_server
    kept_pages.shared = Shared(pagecache.SurvivableRedis.at(url))
    client = redis.Redis.from_url(url)
    client.flushall()
    yield client
    kept_pages.shared = None


def _as_another_process(kept_pages):
    kept_pages.memory = Memory(1024 * 1024)


def test_another_process_takes_the_same_bytes_while_they_are_fresh(mug, kept_pages, store, renders):
    first = has_page(anonymous(mug))
    _as_another_process(kept_pages)

    assert has_page(anonymous(mug)).data == first.data
    assert len(renders) == 1
    (key,) = store.keys("*")
    assert key.startswith(f"page:{mug.id}:".encode())
    assert 0 < store.ttl(key) <= pagecache.SECONDS


def test_control_without_the_store_another_process_makes_the_page_itself(mug, kept_pages, store, renders):
    has_page(anonymous(mug))
    store.flushall()
    _as_another_process(kept_pages)

    has_page(anonymous(mug))
    assert len(renders) == 2


def test_a_change_is_asked_for_under_another_key(app, mug, kept_pages, store):
    has_page(anonymous(mug))
    with app.app_context(), mug.entered():
        a_product(title="Teapot")
    _as_another_process(kept_pages)

    has_page(anonymous(mug))
    assert len(store.keys("*")) == 2


def test_neighbours_share_the_store_and_no_page(neighbours, kept_pages, store):
    ours, theirs = neighbours
    assert has_page(anonymous(ours)).data != has_page(anonymous(theirs)).data
    assert {key.split(b":")[1].decode() for key in store.keys("*")} == {str(ours.id), str(theirs.id)}


def test_a_store_that_lost_everything_is_filled_again(mug, kept_pages, store, renders):
    has_page(anonymous(mug))
    store.flushall()
    _as_another_process(kept_pages)

    assert "Blue mug" in has_page(anonymous(mug)).text
    assert len(renders) == 2
    assert len(store.keys("*")) == 1


def test_one_that_hangs_costs_a_second_once_and_is_taken_back_when_it_answers(redis_server, mug, kept_pages, store):
    program, _ = redis_server
    place = kept_pages.shared.store
    os.kill(program.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        while not place.is_away:
            assert "Blue mug" in has_page(anonymous(mug)).text
            _as_another_process(kept_pages)
        assert time.monotonic() - began < 5, "three times a fifth of a second, and the pages themselves"
        began = time.monotonic()
        for _ in range(200):
            assert place.get("x") is None
        assert time.monotonic() - began < 1, "a fifth of a second each, if they were waited for"
    finally:
        os.kill(program.pid, signal.SIGCONT)

    until = time.monotonic() + 10
    while place.is_away and time.monotonic() < until:
        place._asking.join(timeout=0.1)
    has_page(anonymous(mug))
    assert len(store.keys("*")) == 1


def test_control_one_that_is_asked_by_every_request_costs_each_of_them(redis_server, kept_pages, store, monkeypatch):
    program, _ = redis_server
    place = kept_pages.shared.store
    monkeypatch.setattr(pagecache.SurvivableRedis, "is_away", property(lambda self: False))
    os.kill(program.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        for _ in range(6):
            assert place.get("x") is None
        assert time.monotonic() - began > 1
    finally:
        os.kill(program.pid, signal.SIGCONT)


def test_pages_go_on_when_it_dies(redis_server, mug, kept_pages, store, renders):
    program, _ = redis_server
    has_page(anonymous(mug))
    program.kill()
    program.wait()
    _as_another_process(kept_pages)

    assert "Blue mug" in has_page(anonymous(mug)).text
    assert len(renders) == 2
