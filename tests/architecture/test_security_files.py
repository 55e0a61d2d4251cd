"""What SECURITY.md promises is proved by tests that are there, and what looks after us each week can be read."""

from __future__ import annotations

import re

import yaml

from app.settings import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text()


def test_each_proof_that_is_named_is_there():
    named = set(re.findall(r"tests/[\w/.]+", SECURITY))

    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_weekly_run_proves_everything_and_looks_for_holes_in_all_that_is_pinned():
    weekly = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text())
    commands = [step["run"] for job in weekly["jobs"].values() for step in job["steps"] if "run" in step]

    assert ".ci/run" in commands
    for lock in sorted(path.name for path in ROOT.glob("requirements*.lock")):
        assert any(f" {lock}" in command and "pip-audit" in command for command in commands), lock


def test_what_asks_for_newer_versions_looks_into_every_place_that_names_some():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    places = {place for one in updates for place in one.get("directories", [one.get("directory")])}

    assert places == {"/", "/plugins/*"}
