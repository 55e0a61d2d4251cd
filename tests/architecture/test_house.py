"""The furniture of the rooms, the gate of every route, and the imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.core import access
from app.core.access import CUSTOMER, OPERATOR, PUBLIC
from app.core.web import Door
from app.roles import ROOMS, rooms

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("app", "tests", "migrations") for path in (ROOT / folder).rglob("*.py"))
FURNITURE = {
    "__init__", "feature", "storefront", "backoffice", "api", "console", "jobs", "events", "hooks", "service",
    "queries", "models", "schemas", "errors", "commands",
}  # fmt: skip


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_its_card_and_says_what_it_owns(room):
    folder = ROOT / room.replace(".", "/")

    assert (folder / "feature.py").exists()
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), f"{room} does not say what it owns"


def test_every_folder_with_a_card_is_listed():
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for wing in ("platform", "shop", "bundled", "console")
        for path in (ROOT / "app" / wing).glob("*/feature.py")
    }

    assert found == set(ROOMS)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_stays_under_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400 or "migrations/versions" in str(path)


@pytest.mark.parametrize("path", [path for path in SOURCES if path.is_relative_to(ROOT / "app")], ids=name_of)
def test_a_public_name_says_what_it_is(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not path.read_text().strip(), "the module has no docstring"
    silent = [
        f"{node.name} (line {node.lineno})"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_route_names_who_may_call_it(app):
    known = set(access.catalogue_of_permissions()) | {PUBLIC, CUSTOMER, OPERATOR}
    wrong = {
        endpoint: getattr(view, "__access__", None)
        for endpoint, view in app.view_functions.items()
        if getattr(view, "__access__", None) not in known
    }

    assert wrong == {}


def test_every_back_office_route_needs_a_permission(app):
    """But for those that somebody calls before being signed in, or about themselves."""
    open_routes = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and app.view_functions[rule.endpoint].__access__ == PUBLIC
    }

    assert {
        rule
        for rule in open_routes
        if not re.match(r"/admin/(sign-|forgotten|reset|enter|invitation|support/(enter|leave))", rule)
    } == set()


def test_every_permission_is_used_and_has_a_sentence(app):
    used = {getattr(view, "__access__", "") for view in app.view_functions.values()}
    sources = "\n".join(path.read_text() for path in (ROOT / "app").rglob("*.*") if path.suffix in {".py", ".html"})

    for permission, sentence in access.catalogue_of_permissions().items():
        assert sentence, permission
        assert permission in used or sources.count(f'"{permission}"') > 1, f"{permission} opens nothing"


def test_all_routes_stand_in_doors(app):
    assert all(isinstance(blueprint, Door) for blueprint in app.blueprints.values())


def test_a_permission_belongs_to_its_room(app):
    for card in rooms():
        for permission in card.permissions:
            assert re.fullmatch(r"[a-z_]+\.[a-z_]+", permission), permission


def test_imports_run_one_way():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--config", "setup.cfg", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]


TEMPLATES = sorted((ROOT / "app").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_nothing_inline(path):
    """The policy would block it, silently."""
    text = path.read_text()
    if "/mail/" in str(path) or "mail" in path.name:
        return  # mail clients know no style sheets

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<style|<script(?![^>]*(\ssrc=|application/ld\+json))", text)
    assert not re.search(r"""(?:src|href)=["']https?://""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_form_that_posts_carries_its_token(path):
    text = path.read_text()
    forms = re.findall(r"<form\b.*?</form>", text, re.DOTALL | re.IGNORECASE)
    posting = [form for form in forms if re.search(r"method\s*=\s*[\"']?post", form, re.IGNORECASE)]

    assert all("csrf_field()" in form or "csrf" in form for form in posting)
