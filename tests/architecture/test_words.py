"""Every sentence can be said in every language: all are in the catalogues, and none stands bare in a template."""

import re
from pathlib import Path

import pytest

from app.commands import words
from app.settings import ROOT

# Shown when nothing works any more, by a server that knows no reader.
_BARE = {"error_static.html"}
TEMPLATES = sorted(
    path for path in (ROOT / "app").rglob("*.html") if "templates" in path.parts and path.name not in _BARE
)
_NOT_SHOWN = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style|svg|code|pre|kbd)\b.*?</\1>|<!--.*?-->", re.DOTALL
)
_SHOWN_ATTRIBUTE = re.compile(r'\s(?:aria-label|title|placeholder|alt)="([^"<>]*)"')
_TAG = re.compile(r'<[^<>]*>|[\w-]+ ?="[^"<>]*"')
_WORD = re.compile(r"[A-Za-z]{2,}")
# Names, units, addresses and what is the same everywhere.
_NO_WORDS = re.compile(
    r"&\w+;|› products ›|\bAa\b|\bopenapi\.json\b|\b(?:API|SKU|CSV|URL|PNG|JPEG|WebP|kg|px|rem|https?)\b"
    r"|\bdata-[\w-]+|[\w.-]+@[\w.-]+|/[\w/.-]+"
)


def test_every_sentence_is_translated_into_every_language():
    assert list(words.problems()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app")))
def test_no_words_stand_bare_in_a_template(path: Path):
    assert bare_words(path.read_text()) == []


def test_bare_words_are_found():
    assert bare_words('<p class="a">{{ _("Fine") }} left over</p><a title="Bare">{{ x }}</a>') == ["left over", "Bare"]


def bare_words(source: str) -> list[str]:
    """Texts and shown attributes without a call of gettext around them."""
    shown = _NOT_SHOWN.sub(" ", source)
    texts = [*_TAG.sub("\n", shown).split("\n"), *_SHOWN_ATTRIBUTE.findall(shown)]
    return [text.strip() for text in texts if _WORD.search(_NO_WORDS.sub("", text))]
