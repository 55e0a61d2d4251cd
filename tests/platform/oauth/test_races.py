"""Of many who bring one code or one refresh token at the same moment, one gets tokens, and then nobody keeps them.

RFC 9700, 2.1.1 and 4.14.2. Each pair runs over connections of its own; the gate holds everybody who has read the row
until all have, so without the lock the race is lost every time.
"""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core import db
from app.platform.oauth import queries
from app.platform.oauth.models import OAuthCode, OAuthRefresh

AT_ONCE = 2


def gated(monkeypatch, name, read=None):
    """Whoever has read the row waits for the others a moment; `read` takes the place of the reading."""
    gate, real = threading.Barrier(AT_ONCE), read or getattr(queries, name)

    def reads(key):
        row = real(key)
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(0.6)
        return row

    monkeypatch.setattr(queries, name, reads)


def at_once(call):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [one.result() for one in [pool.submit(call) for _ in range(AT_ONCE)]]


@pytest.fixture
def cases(erp, staff_client):
    """A call that uses a code, and one that uses a refresh token."""
    return {
        "lock_code": lambda: erp.agreed(staff_client)["code"],
        "lock_refresh": lambda: erp.redeem(erp.agreed(staff_client)["code"]).json["refresh_token"],
    }


def using(erp, name, text):
    return (lambda: erp.redeem(text)) if name == "lock_code" else (lambda: erp.refresh(text))


@pytest.mark.parametrize("name", ["lock_code", "lock_refresh"])
def test_of_two_at_the_same_moment_one_gets_tokens_and_loses_them(erp, cases, monkeypatch, name):
    use = using(erp, name, cases[name]())
    gated(monkeypatch, name)

    answers = at_once(use)

    assert sorted(answer.status_code for answer in answers) == [200, 400]
    won = next(answer.json for answer in answers if answer.status_code == 200)
    assert next(answer.json["error"] for answer in answers if answer.status_code == 400) == "invalid_grant"
    assert erp.call(won["access_token"]).status_code == 401, "a second use ends the whole family"
    assert erp.refresh(won["refresh_token"]).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("name", "model", "column"),
    [("lock_code", OAuthCode, OAuthCode.code_hash), ("lock_refresh", OAuthRefresh, OAuthRefresh.token_hash)],
)
def test_without_the_lock_both_would_get_tokens(erp, cases, monkeypatch, name, model, column):
    """The negative control."""
    use = using(erp, name, cases[name]())
    gated(monkeypatch, name, read=lambda key: db.session.query(model).filter(column == key).first())

    answers = at_once(use)

    assert [answer.status_code for answer in answers] == [200, 200]
