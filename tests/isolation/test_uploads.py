"""Files made to hurt: every operation that takes one refuses them in little time, and nothing of them is kept."""

from __future__ import annotations

import struct
import time
import typing
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from werkzeug.datastructures import FileStorage

from app import settings
from app.core.rest import PREFIX
from tests.factories.tenancy import picture
from tests.isolation.requests import value_for
from tests.isolation.world import Fingerprint, World, build

EDGE = "edge"
NOT_COMPARED = {"web_session", "api_request", "api_answer", "undo_step"}
"""What every request of a person or a program leaves behind."""


def png_of(width: int, height: int) -> bytes:
    """A picture of a few bytes that says it is so large: unpacked it would fill the memory."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


def parts(*bodies: bytes) -> bytes:
    """A form of these parts, each with its header."""
    return b"".join(b"--edge\r\n" + one + b"\r\n" for one in bodies) + b"--edge--\r\n"


def part(name: str, content: bytes, filename: str = "") -> bytes:
    """One part of a form."""
    more = f'; filename="{filename}"' if filename else ""
    return f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content


FORMS = {
    "two thousand parts": parts(*[part(f"x{number}", b"1") for number in range(2_000)]),
    "a header without an end": b"--edge\r\nContent-Disposition: form-data; name=" + b"x" * 2_000_000,
    "a text of five million signs": parts(part("title", b"x" * 5_000_000)),
    "a form inside a form": parts(
        b'Content-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n'
        + b"--in\r\nContent-Disposition: file; filename=x.png\r\n\r\nx\r\n--in--" * 500
    ),
    "no end": b"--edge\r\n" + part("title", b"half"),
    "nothing at all": b"",
}
READ_AS_EMPTY = {"a header without an end", "no end", "nothing at all", "no edge"}
MAY_BE_EMPTY = {"pages_backoffice.fill_band"}
"""A section of the home page, which is saved with nothing in it."""
PICTURES = {
    "a table that says it is a picture": (b"handle,title\ncup,Cup\n", "cup.png"),
    "more pixels than memory": (png_of(60_000, 60_000), "sky.png"),
    "half a picture": (picture("red")[:60], "half.png"),
    "a drawing that runs": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "run.svg"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "page.jpg"),
}
TABLES = {
    "a picture that says it is a table": (picture("red"), "goods.csv"),
    "no text has this": (b"handle,title\ncup,C\0up\n", "goods.csv"),
    "nothing": (b"", "goods.csv"),
    "one line without an end": (b"handle,title,price\n" + b"x" * 3_000_000, "goods.csv"),
}


class Taker(NamedTuple):
    """One operation that takes files: by which field, and who sends to it."""

    endpoint: str
    path: str
    field: str

    @property
    def is_for_programs(self) -> bool:
        """Asked with a key instead of a session."""
        return self.path.startswith(PREFIX)

    @property
    def takes_tables(self) -> bool:
        """Tables of products; all others take pictures."""
        return "import" in self.path


def takers(app: Any, world: World) -> Iterator[Taker]:
    """Every operation on a shop's host that takes a file."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        schema = getattr(view, "__uploads__", None) or getattr(view, "__accepts__", None)
        if not isinstance(schema, type) or not issubclass(schema, msgspec.Struct) or "POST" not in rule.methods:
            continue
        for one in msgspec.structs.fields(schema):
            kinds = (one.type, *typing.get_args(one.type))
            if FileStorage in kinds and not rule.endpoint.startswith(("onboarding", "ops")):
                values = {name: value_for(rule, name, world) for name in sorted(rule.arguments)}
                path = app.url_map.bind("x").build(rule.endpoint, values, method="POST")
                yield Taker(rule.endpoint, path, one.encode_name)


@pytest.fixture(scope="module")
def world(app, open_shop_of) -> World:
    """A shop with a row in each table."""
    return build(app, open_shop_of(app), "uploads")


@pytest.fixture
def send(world, monkeypatch):
    """Send a form to an operation; the answer, and how much of the processor it took."""
    monkeypatch.setattr("app.core.rest_limits._plan", [lambda: 100_000])

    def sending(one: Taker, body: bytes, edge: str = f"; boundary={EDGE}") -> tuple[Any, float]:
        browser = world.customer if one.is_for_programs else world.staff
        headers = {"Authorization": f"Bearer {world.key}"} if one.is_for_programs else {}
        headers |= {} if one.is_for_programs else {"X-CSRF-Token": world.staff.csrf_token()}
        began = time.thread_time()
        answer = browser.open(
            one.path, method="POST", input_stream=BytesIO(body), content_length=len(body), headers=headers,
            content_type=f"multipart/form-data{edge}",
        )  # fmt: skip
        return answer, time.thread_time() - began

    return sending


def kept(world: World) -> tuple[Fingerprint, set[Path]]:
    """Rows and files of the shop."""
    rows = {table: told for table, told in world.fingerprint().items() if table not in NOT_COMPARED}
    return rows, set((settings.current().home / "media").rglob("*"))


def file_in(one: Taker, content: bytes, name: str) -> bytes:
    """A form with this file in it."""
    return parts(part(one.field, content, name))


def test_a_form_made_to_hurt_is_refused_by_every_operation_that_takes_a_file(app, world, send):
    table = list(takers(app, world))
    assert len(table) > 8, table
    before, wrong = kept(world), []
    for one in table:
        for name, body in [*FORMS.items(), ("no edge", parts(part("title", b"x")))]:
            if name in READ_AS_EMPTY and one.endpoint in MAY_BE_EMPTY:
                continue
            answer, seconds = send(one, body, "" if name == "no edge" else f"; boundary={EDGE}")
            if not 400 <= answer.status_code < 500 or seconds >= 1:
                wrong.append((one.endpoint, name, answer.status_code, round(seconds, 2)))

    assert wrong == []
    assert kept(world) == before


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_of_it_is_kept(app, world, send):
    before, wrong = kept(world), []
    for one in takers(app, world):
        for name, (content, filename) in (TABLES if one.takes_tables else PICTURES).items():
            answer, seconds = send(one, file_in(one, content, filename))
            if not 400 <= answer.status_code < 500 or seconds >= 1:
                wrong.append((one.endpoint, name, answer.status_code, round(seconds, 2)))

    assert wrong == []
    assert kept(world) == before


def test_control_a_sound_picture_is_taken_and_seen_in_what_is_kept(app, world, send):
    one = next(one for one in takers(app, world) if one.endpoint == "catalog_api.add_image")
    before = kept(world)

    assert send(one, file_in(one, picture("red"), "red.png"))[0].status_code == 201
    assert kept(world) != before
