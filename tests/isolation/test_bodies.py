"""Bodies made to hurt, and keys of repeated writes: a table test over every operation of the API that writes."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any, NamedTuple

import pytest

from app.core import rest, rest_keys
from app.core.access import PUBLIC
from app.core.rest import PREFIX
from tests.isolation.requests import value_for
from tests.isolation.world import World, build

BOMBS = {
    "deep lists": (b"[" * 100_000, {400, 422}),
    "deep objects": (b'{"a":' * 100_000, {400, 422}),
    "not JSON at all": (b"\x80\x04\x95\x10", {400, 422}),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), {400, 422}),
    "half a character": (b'{"a": "\xc3"}', {400, 422}),
    "NaN": (b'{"a": NaN}', {400, 422}),
    "endless number": (b'{"a": 1e999999}', {400, 422}),
    "long number": (b'{"a": ' + b"9" * 100_000 + b"}", {400, 422}),
    "no text has this": (b'{"a": "\\u0000"}', {400, 422}),
    "a list where an object belongs": (b"[]", {400, 422}),
    "too much": (b" " * (10 * 1024 * 1024), {413, 422}),
}
ELSEWHERE = {"translating_api.write_translations"}
"""In a language that the shop does not have: there is nothing at this address, whatever is sent."""


class Write(NamedTuple):
    """One writing operation with ids of the shop, and whether it reads a body."""

    endpoint: str
    method: str
    path: str
    reads_body: bool


def writes(app, world: World) -> list[Write]:
    """Every operation of the API that changes something."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not rule.rule.startswith(PREFIX) or view.__access__ == PUBLIC:
            continue
        values = {name: value_for(rule, name, world) for name in sorted(rule.arguments)}
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            path = app.url_map.bind("x").build(rule.endpoint, values, method=method)
            found.append(Write(rule.endpoint, method, path, hasattr(view, "__accepts__")))
    return found


@pytest.fixture(scope="module")
def world(app, open_shop_of) -> World:
    """A shop with a row in each table."""
    return build(app, open_shop_of(app), "bodies")


@pytest.fixture
def send(world, monkeypatch):
    """Send a body with a key that may everything; what came back, and after how many seconds."""
    monkeypatch.setattr("app.core.rest_limits._plan", [lambda: 100_000])
    browser, signed = world.customer, {"Authorization": f"Bearer {world.key}", "If-Match": "*"}

    def sending(one: Write, body: bytes, **headers: str) -> tuple[Any, float]:
        began = time.thread_time()
        answer = browser.open(
            one.path, method=one.method, input_stream=BytesIO(body), content_length=len(body),
            content_type="application/json", headers=signed | headers,
        )  # fmt: skip
        return answer, time.thread_time() - began

    return sending


def test_bombs_are_refused_by_every_operation_that_reads_a_body_in_under_a_second(app, world, send):
    """Each operation gets four bombs, and the kinds go round: every kind meets more than twenty operations."""
    table = [one for one in writes(app, world) if one.reads_body]
    assert len(table) > 50
    wrong = []
    for number, one in enumerate(table):
        for place in range(number, number + 4 * 3, 3):
            name = list(BOMBS)[place % len(BOMBS)]
            body, allowed = BOMBS[name]
            answer, seconds = send(one, body)
            is_problem = answer.mimetype == "application/problem+json" and answer.json["code"]
            allowed = {404} if one.endpoint in ELSEWHERE else allowed
            if answer.status_code not in allowed or not is_problem or seconds >= 1:
                wrong.append((one.endpoint, name, answer.status_code, round(seconds, 2)))

    assert wrong == []


def test_without_the_check_of_its_size_a_large_body_would_be_read(app, world, send, monkeypatch):
    one = next(one for one in writes(app, world) if one.endpoint.endswith("create_product"))
    large = b" " * (rest.MAX_BODY + 1)
    assert send(one, large)[0].status_code == 413

    monkeypatch.setattr(rest, "_body", lambda largest: rest.request.get_data())

    assert send(one, large)[0].status_code != 413


def test_every_operation_that_writes_reads_the_key_of_a_repeated_request(app, world, send):
    """A key that is none is refused before anything else is looked at: so every write goes through `once`."""
    table = writes(app, world)
    deaf = [one.endpoint for one in table if "idempotency_key_invalid" not in send(
        one, b"{}", **{rest_keys.HEADER: "k" * (rest_keys.LONGEST + 1)}
    )[0].text]  # fmt: skip

    assert len(table) > 80
    assert deaf == []


def test_refusals_of_every_kind_tell_the_limits_too(program):
    """403 and 404 are counted and say so; 401 belongs to no program, so it has no bucket to tell of."""
    may_read = program("products.read")

    refused = {
        403: may_read.get("/api/v1/orders"),
        404: may_read.get("/api/v1/products/prod_01h455vb4pex5vsknk084sn02q"),
        405: may_read.delete("/api/v1/openapi.json"),
        422: may_read.get("/api/v1/products?limit=0"),
    }
    nowhere = may_read.get("/api/v1/nowhere")
    unknown = may_read.get("/api/v1/products", headers={"Authorization": "Bearer nobody"})

    assert {status: one.status_code for status, one in refused.items()} == {status: status for status in refused}
    told = [*refused.values(), nowhere]
    assert all("RateLimit-Policy" in one.headers and "RateLimit" in one.headers for one in told)
    assert unknown.status_code == 401
    assert "RateLimit" not in unknown.headers
