"""The distributions under plugins/ are strangers: of ours they import `app.pluginapi` alone, and each is whole."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
FOLDERS = sorted(one for one in PLUGINS.iterdir() if (one / "setup.cfg").exists())


def imported(source: str) -> set[str]:
    """What a file imports by full name, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def of_ours(source: str) -> set[str]:
    return {
        name
        for name in imported(source)
        if name.partition(".")[0] in {"app", "tests"} and not f"{name}.".startswith("app.pluginapi.")
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_a_distribution_is_whole_and_imports_pluginapi_alone(folder):
    missing = [name for name in ("pyproject.toml", "LICENSE", "README.md", "tests") if not (folder / name).exists()]
    wrong = {str(file): of_ours(file.read_text()) for file in folder.rglob("*.py")}

    assert missing == []
    assert {file: names for file, names in wrong.items() if names} == {}


def test_control_an_import_of_ours_is_found_wherever_it_stands():
    told = "def f():\n    from app.core import db\n    import app.shop.orders\n    from app.pluginapi import Plugin\n"

    assert of_ours(told) == {"app.core.db", "app.shop.orders"}
