"""The cache keeps tenants apart and may be lost at any time."""

import socket
import threading
import time

import pytest
import redis
from flask import Flask

from app.core import cache, isolation
from app.core.cache import SurvivableRedis
from app.core.ids import new_id
from app.core.isolation import NoTenant

ONE, OTHER = new_id(), new_id()


@pytest.fixture
def small():
    """An app with nothing but the cache, kept in the process."""
    app = Flask("small")
    cache.cache.init_app(app, {"CACHE_TYPE": "SimpleCache"})
    with app.app_context():
        yield app


def test_a_value_is_made_once(small):
    made = []
    with isolation.entered(ONE):
        for _ in range(3):
            value = cache.remember("figures", 60, lambda: made.append(1) or {"orders": 3})

    assert value == {"orders": 3}
    assert made == [1]


def test_another_tenant_gets_its_own_value(small):
    with isolation.entered(ONE):
        cache.remember("figures", 60, lambda: "one")
    with isolation.entered(OTHER):
        assert cache.remember("figures", 60, lambda: "other") == "other"


def test_control_a_key_without_the_tenant_gives_one_tenants_value_to_the_other(small, monkeypatch):
    monkeypatch.setattr(cache, "key_of", lambda key, version=0: f"{version}:{key}")
    with isolation.entered(ONE):
        cache.remember("figures", 60, lambda: "one")
    with isolation.entered(OTHER):
        assert cache.remember("figures", 60, lambda: "other") == "one"


def test_a_new_version_is_a_new_value(small):
    with isolation.entered(ONE):
        cache.remember("brand", 60, lambda: "red", version=1)

        assert cache.remember("brand", 60, lambda: "blue", version=2) == "blue"
        assert cache.remember("brand", 60, lambda: "never", version=1) == "red"


def test_nothing_is_cached_outside_of_a_tenant(small):
    with pytest.raises(NoTenant):
        cache.remember("figures", 60, lambda: 1)


def test_a_forgotten_value_is_made_again(small):
    with isolation.entered(ONE):
        cache.remember("figures", 60, lambda: 1)
        cache.forget("figures")

        assert cache.remember("figures", 60, lambda: 2) == 2


def test_bytes_stay_bytes_and_an_empty_answer_is_kept_too(small):
    with isolation.entered(ONE):
        assert [cache.remember("picture", 60, lambda: b"\x00\xff") for _ in range(2)] == [b"\x00\xff"] * 2
        assert [cache.remember("empty", 60, list) for _ in range(2)] == [[], []]
        made = []
        assert [cache.remember("none", 60, lambda: made.append(1)) for _ in range(2)] == [None, None]

    assert made == [1]


def test_a_function_is_kept_for_each_set_of_arguments(small):
    asked = []

    @cache.cached("double", 60)
    def double(number: int) -> int:
        asked.append(number)
        return number * 2

    with isolation.entered(ONE):
        assert [double(2), double(2), double(3)] == [4, 4, 6]

    assert asked == [2, 3]


def test_what_json_cannot_hold_is_refused_rather_than_pickled(small):
    with isolation.entered(ONE), pytest.raises(TypeError):
        cache.remember("object", 60, lambda: object())


def _redis_at(port: int) -> SurvivableRedis:
    wait = {"protocol": 2, "socket_timeout": cache.SECONDS_TO_WAIT, "socket_connect_timeout": cache.SECONDS_TO_WAIT}
    return SurvivableRedis(redis.Redis("127.0.0.1", port, retry=None, **wait))


def test_a_redis_that_refuses_reads_as_a_miss():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        place = _redis_at(nobody.getsockname()[1])

        assert place.get("x") is None
        assert place.set("x", b"1") is False
        assert place.delete("x") is False


def test_a_redis_that_hangs_costs_little_and_is_then_left_alone():
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        place = _redis_at(hanging.getsockname()[1])
        began = time.monotonic()
        for _ in range(50):
            assert place.get("x") is None
        took = time.monotonic() - began

    assert took < 3 * 4 * cache.SECONDS_TO_WAIT
    assert place.is_away


def test_a_redis_that_answers_keeps_bytes():
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer_like_redis, args=(server,), daemon=True)
        thread.start()
        place = _redis_at(server.getsockname()[1])

        assert place.get("x") == b"kept"


def _answer_like_redis(server: socket.socket) -> None:
    """Just enough of the protocol: OK to greetings, the kept bytes to GET."""
    connection, _ = server.accept()
    with connection:
        while asked := connection.recv(4096):
            replies = asked.count(b"\r\n*") + 1
            connection.sendall(b"$4\r\nkept\r\n" if b"GET" in asked else b"+OK\r\n" * replies)
