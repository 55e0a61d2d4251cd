"""npm's openid-client, which we did not write, signs a person in and finds everything as the standards say."""

from __future__ import annotations

import json
import os
import subprocess
import threading

import pytest
from werkzeug.serving import make_server

from tests.foreign import ROOT, installed
from tests.platform.oauth.conftest import HOME

PACKAGE = "openid-client@6.8.9"
SCRIPT = ROOT / "tests/foreign/openid_client.mjs"


@pytest.fixture
def served(app, shop):
    """The shop over real HTTP, whatever host is asked."""

    def at_the_shop(environ, start_response):
        return app.wsgi_app(environ | {"HTTP_HOST": shop.url("").partition("//")[2]}, start_response)

    server = make_server("127.0.0.1", 0, at_the_shop, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.mark.parametrize(("kind", "method"), [("server", "basic"), ("server", "post"), ("public", "none")])
def test_a_foreign_client_signs_a_person_in(shop, served, integrate, staff_client, kind, method):
    erp = integrate(kind=kind)
    robot = integrate(kind="alone")
    told = {
        "issuer": shop.url(""), "server": served, "id": erp.client_id, "secret": erp.secret, "redirect": HOME,
        "method": method, "robot": {"id": robot.client_id, "secret": robot.secret},
    }  # fmt: skip
    module = installed(PACKAGE) / "node_modules/openid-client/build/index.js"
    with subprocess.Popen(
        ["node", str(SCRIPT)], env=os.environ | {"OPENID_CLIENT": str(module)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as client:  # fmt: skip
        client.stdin.write(json.dumps(told) + "\n")
        client.stdin.flush()
        address = client.stdout.readline().strip()
        assert address.startswith(shop.url("/admin/oauth/authorize?")), client.stderr.read()
        asked = address.removeprefix(shop.url(""))
        assert staff_client.get(asked).status_code == 200
        answer = staff_client.post_form(asked, {"decision": "allow"})
        out, problems = client.communicate(answer.location + "\n", timeout=60)

    assert client.returncode == 0, problems
    found = json.loads(out)
    assert found["claims"]["iss"] == shop.url("")
    assert found["person"]["email"] == shop.owner_email
    assert found["tampered"] == "OAUTH_INVALID_RESPONSE", "the client sees that another server answered"
    assert found["wrong_verifier"] == "invalid_grant"
    assert found["rotated"] is True
    assert found["reused"] == "invalid_grant"
    assert found["alone"] == "orders.read"
    if method != "none":
        assert (found["live"], found["dead"]) == (True, False)
