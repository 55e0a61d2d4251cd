"""Which requests are done again when the database is away, and for how long."""

from __future__ import annotations

import io
from typing import Any

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.core import db, replaying
from tests.roles.processes import free_port


class Behind:
    """An application that fails so many times; `sent`: after it sent its commit."""

    def __init__(self, failures: int, *, sent: bool = False) -> None:
        self.failures, self.sent, self.bodies, self.closed = failures, sent, [], 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        self.bodies.append(environ["wsgi.input"].read())
        fails = len(self.bodies) <= self.failures
        if fails:
            environ[replaying._AWAY] = True
        if self.sent:
            environ[replaying._SENT] = True
        start("503 Unavailable" if fails else "200 OK", [("X-Turn", str(len(self.bodies)))])
        return [b"done"]


def asked(behind: Behind, method: str = "GET", body: bytes = b"", **environ: str) -> str:
    """The status that whoever asked is told."""
    told: list[str] = []
    given = {"REQUEST_METHOD": method, "PATH_INFO": "/checkout", "wsgi.input": io.BytesIO(body)} | environ
    given |= {"CONTENT_LENGTH": str(len(body))} if body else {}
    assert list(replaying.Replaying(behind)(given, lambda status, *_: told.append(status))) == [b"done"]
    [status] = told
    return status[:3]


KEYED = {"HTTP_IDEMPOTENCY_KEY": "k", "PATH_INFO": "/api/v1/orders"}


@pytest.mark.parametrize(
    ("method", "sent", "environ", "status"),
    [
        ("GET", False, {}, "200"),
        ("GET", True, {}, "200"),
        ("HEAD", False, {}, "200"),
        ("POST", False, {}, "200"),
        ("POST", True, {}, "503"),
        ("POST", True, KEYED, "200"),
        ("POST", True, {"HTTP_IDEMPOTENCY_KEY": "k"}, "503"),
        ("PUT", True, {"PATH_INFO": "/api/v1/orders"}, "503"),
        ("POST", False, {"HTTP_TRANSFER_ENCODING": "chunked"}, "503"),
    ],
)
def test_what_can_do_no_harm_is_done_again(method, sent, environ, status):
    behind = Behind(2, sent=sent)

    assert asked(behind, method, b"quantity=1" if method in {"POST", "PUT"} else b"", **environ) == status
    assert len(behind.bodies) == (3 if status == "200" else 1)
    assert len(set(behind.bodies)) == 1, "each time the same body"


def test_a_large_body_is_not_kept(monkeypatch):
    monkeypatch.setattr(replaying, "LARGEST_BODY", 10)

    assert asked(Behind(1), "POST", b"x" * 10) == "200"
    assert asked(Behind(1), "POST", b"x" * 11) == "503"


def test_after_a_while_it_is_given_up_and_what_works_is_asked_once(monkeypatch):
    monkeypatch.setattr(replaying, "SECONDS", 0.3)
    never, at_once = Behind(1000), Behind(0)

    assert asked(never) == "503" and 2 <= len(never.bodies) < 10
    assert asked(at_once) == "200" and len(at_once.bodies) == 1


def test_nobody_who_answers_is_away_and_a_mistake_of_ours_is_not(configured):
    nobody = create_engine(db.driver(f"postgresql://a@127.0.0.1:{free_port()}/x"))
    with pytest.raises(OperationalError) as refused:
        nobody.connect()
    assert replaying.is_away(refused.value)

    engine = create_engine(db.driver(configured.operator_url))
    with engine.connect() as ours, engine.connect() as other:
        pid = ours.execute(text("select pg_backend_pid()")).scalar()
        other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError) as ended:
            ours.execute(text("select 1"))
        with pytest.raises(DBAPIError) as wrong:
            other.execute(text("select nonsense"))
    engine.dispose()
    assert replaying.is_away(ended.value)
    assert not replaying.is_away(wrong.value)


@pytest.mark.parametrize(
    ("problem", "away"),
    [
        (errors.ReadOnlySqlTransaction(), True),
        (errors.AdminShutdown(), True),
        (errors.CannotConnectNow(), True),
        (errors.ConnectionFailure(), True),
        (psycopg.OperationalError("server closed the connection unexpectedly"), True),
        (errors.DeadlockDetected(), False),
        (errors.QueryCanceled(), False),
        (errors.TooManyConnections(), False),
        (errors.UniqueViolation(), False),
        (ValueError(), False),
    ],
)
def test_which_problems_mean_that_it_is_away(problem, away):
    assert replaying.is_away(problem) is away


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgresql://a:p@one:1,two:2/x", "one,two", "1,2"),
        ("postgresql://a:p@one,two:2/x?sslmode=require", "one,two", ",2"),
        ("postgresql://a:p@/x?host=/one,/two", "/one,/two", ","),
    ],
)
def test_several_hosts_reach_the_driver(url, hosts, ports):
    engine = create_engine(db.driver(url))
    _, given = engine.dialect.create_connect_args(engine.url)

    assert (given["host"], given["port"], given["user"], given["dbname"]) == (hosts, ports, "a", "x")
