"""Spectral and Redocly, which we did not write, find no mistake in the API's document."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.foreign import JUDGES, installed

RULES = 'extends: ["spectral:oas"]\n'
MAY_BE_WARNED_OF = {"no-ambiguous-paths", "no-server-example.com"}
"""Ids have a prefix, so no id is called `actions`; and shops of tests live on localhost."""


def start(tool: str, *arguments: str) -> subprocess.Popen[str]:
    """Run one of npm's programs; two of them judge side by side."""
    program = installed(*JUDGES) / "node_modules/.bin" / tool
    quiet = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    return subprocess.Popen([str(program), *arguments], env=quiet, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)  # fmt: skip


def judged(folder: Path, document: dict) -> dict[str, set[str]]:
    """Which rules were broken, by how much that matters."""
    (folder / "rules.yaml").write_text(RULES)
    described = folder / "openapi.json"
    described.write_text(json.dumps(document))
    spectral = start("spectral", "lint", "-q", "-r", str(folder / "rules.yaml"), "-f", "json", str(described))
    redocly = start("redocly", "lint", str(described), "--extends=recommended", "--format=json", "--max-problems=500")
    found: dict[str, set[str]] = {"error": set(), "warning": set()}
    for one in json.loads(spectral.communicate(timeout=120)[0] or "[]"):
        found["error" if one["severity"] == 0 else "warning"].add(f"{one['code']} at {'.'.join(map(str, one['path']))}")
    out, err = redocly.communicate(timeout=120)
    for one in json.loads(out[out.index("{") :])["problems"]:
        if one["severity"] == "error" or one["ruleId"] not in MAY_BE_WARNED_OF:
            place = one["location"][0].get("pointer", "") if one["location"] else ""
            found["error" if one["severity"] == "error" else "warning"].add(f"{one['ruleId']} at {place}")
    assert redocly.returncode in {0, 1}, err
    return found


@pytest.fixture
def document(client) -> dict:
    """The document as a program gets it."""
    return client.get("/api/v1/openapi.json").json


def test_spectral_and_redocly_find_nothing(document, tmp_path):
    assert judged(tmp_path, document) == {"error": set(), "warning": set()}


def test_a_broken_document_is_refused_by_both(document, tmp_path):
    kept = {path: document["paths"][path] for path in ("/api/v1/products/{product_id}",)}
    kept["/api/v1/products/{product_id}"]["get"]["parameters"] = [{"name": "limit", "in": "query", "example": 1}]
    broken = document | {"paths": kept, "servers": []}

    found = judged(tmp_path, broken)["error"]

    assert any("oas3-schema" in one or "path-params" in one for one in found), "Spectral"
    assert any("path-parameters-defined" in one or "struct" in one for one in found), "Redocly"
