"""Schemathesis, which we did not write, sends what fits the API's document and what does not, and finds nothing.

The suite tries one route of each sort; the whole API with `LIVERY_FUZZ=50 ./livery test <this file>`, which
asks every route fifty times in each phase and takes a quarter of an hour.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from app import settings
from app.core import rest
from tests.foreign import ROOT

CHOSEN = ("list_products", "create_product", "show_product")
ENOUGH = 1_000_000_000


class Quiet(WSGIRequestHandler):
    """Keeps its requests to itself, and its connections open."""

    protocol_version = "HTTP/1.1"

    def log(self, *_, **__) -> None:
        """Say nothing."""


@pytest.fixture
def served(app, shop, monkeypatch):
    """The shop over real HTTP, whatever host is asked, with limits that nobody reaches."""
    before = settings.current()
    settings.use(dataclasses.replace(before, api_rate=ENOUGH))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    host = shop.url("").partition("//")[2]

    def at_the_shop(environ, start_response):
        return app.wsgi_app(environ | {"HTTP_HOST": host}, start_response)

    server = make_server("127.0.0.1", 0, at_the_shop, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    settings.use(before)


def tried(server: str, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Let Schemathesis loose."""
    program = [
        str(sys.executable),
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(ROOT / "tests/foreign/schemathesis.toml"),
    ]
    asked = ["run", f"{server}/api/v1/openapi.json", "--url", server, "-H", f"Authorization: Bearer {key}", *arguments]
    return subprocess.run(
        [*program, *asked], capture_output=True, text=True, timeout=3000, check=False, cwd=ROOT / ".livery"
    )


def test_schemathesis_finds_nothing(shop, served, make_key, make_product):
    make_product(title="Stoneware mug", handle="stoneware-mug")
    examples = os.environ.get("LIVERY_FUZZ")
    names = ["-n", examples] if examples else [f"--include-operation-id={name}" for name in CHOSEN]

    found = tried(served, make_key(), *names)

    assert found.returncode == 0, found.stdout[-30_000:] + found.stderr[-3_000:]


def test_schemathesis_finds_an_answer_that_is_not_as_described(served, make_key, monkeypatch):
    """The control: with a field of another type than the document says, and a crash, the judge speaks up."""
    answer = rest.json_response
    monkeypatch.setattr(rest, "json_response", lambda told, status=200: answer({"data": "nothing"}, status))

    found = tried(served, make_key(), "--include-operation-id=list_products", "--phases=coverage", "-n", "1")

    assert found.returncode == 1
    assert "Response violates schema" in found.stdout
