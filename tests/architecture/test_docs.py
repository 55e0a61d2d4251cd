"""Docs that are made from the code are up to date, and every link in a page leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.commands import reference
from app.core.errors import DomainError
from app.roles import rooms

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_the_reference_is_what_the_code_says(app):
    stale = [path.name for path, text in reference.pages().items() if not path.exists() or path.read_text() != text]

    assert stale == [], "run ./livery reference"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page):
    named = re.findall(r"`((?:app|tests|tenants|migrations|static|docs)/[\w./-]+\.\w+)`", page.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_a_page_names_is_there(page):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text())

    assert [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text()] == []


def test_every_refusal_says_a_sentence_under_a_code(app):
    rooms()
    for refusal in all_refusals(DomainError):
        assert re.fullmatch(r"[a-z][a-z_]+", refusal.code), refusal
        assert refusal.message.endswith((".", "?", "}")), refusal


def all_refusals(base: type[DomainError]) -> list[type[DomainError]]:
    found = list(base.__subclasses__())
    return found + [deeper for one in found for deeper in all_refusals(one)]
