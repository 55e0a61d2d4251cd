"""The words of the interface in the reader's language. English is the source; the keys are the English sentences.

Catalogues are gettext files below app/translations/<language>.po. A process reads one when somebody first asks for its
language. Compiled copies are kept below the home folder, named after the content they were made from.
"""

from __future__ import annotations

import gettext as catalogues
import hashlib
import io
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.core.later import later

if TYPE_CHECKING:
    from babel.messages import mofile, pofile
else:
    mofile, pofile = later("babel.messages.mofile"), later("babel.messages.pofile")

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
"""The languages of the interface, each by its own name."""

SOURCE = "en"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_FOLDER = settings.ROOT / "app" / "translations"
_language: ContextVar[str] = ContextVar("language", default=SOURCE)

log = logging.getLogger("app.i18n")


def gettext(message: str, **values: object) -> str:
    """A sentence in the reader's language, with its `%(name)s` filled in."""
    said = catalogue(_language.get()).gettext(message) if message else ""
    return said % values if values else said


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The same for a number of things; `%(num)s` is the number."""
    return catalogue(_language.get()).ngettext(one, many, n) % {"num": n, **values}


def counted(one: str, many: str, n: int) -> str:
    """The same with its places still open, for templates, which fill them in themselves."""
    return catalogue(_language.get()).ngettext(one, many, n)


def mark(message: str) -> str:
    """Say that a sentence is to be translated where it is shown, not here (class attributes, cards)."""
    return message


def mark_many(one: str, many: str) -> tuple[str, str]:
    """As `mark`, for both sentences about a number of things; `ngettext(*marked, n)` says them."""
    return one, many


def said(words: Mapping[str, str]) -> dict[str, str]:
    """A table of marked words, such as a list of choices, in the reader's language."""
    return {key: gettext(word) for key, word in words.items()}


def language() -> str:
    """The reader's language, such as `de`."""
    return _language.get()


def direction(of: str = "") -> str:
    """`rtl` for languages that are written from right to left, else `ltr`."""
    return "rtl" if (of or _language.get()) in _RIGHT_TO_LEFT else "ltr"


def is_known(name: str) -> bool:
    """Does the interface speak this language?"""
    return name in LANGUAGES


def base_of(locale: str) -> str:
    """The interface's language for a locale: `de` for `de-AT`, English for one that is not spoken here."""
    name = locale.replace("_", "-").partition("-")[0].lower()
    return name if name in LANGUAGES else SOURCE


def locale_for(own: str, spoken: str = "") -> str:
    """The locale for dates and numbers: the shop's own where it speaks that language, else the language alone."""
    name = spoken or _language.get()
    return own if base_of(own) == name else name


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak a language for a while: mails, jobs, previews."""
    token = _language.set(base_of(name))
    try:
        yield
    finally:
        _language.reset(token)


def speak(name: str) -> Callable[[], None]:
    """As `speaking`, for hooks that open and close in two places; returns what goes back."""
    before = _language.get()
    _language.set(base_of(name))
    return lambda: _language.set(before) and None


def accepted(header: str, *, among: tuple[str, ...] = tuple(LANGUAGES)) -> str:
    """The best of Accept-Language (RFC 9110, 12.5.4) that is spoken here; empty when there is none."""
    wishes = []
    for place, part in enumerate(header[:300].split(",")):
        tag, _, weight = part.strip().lower().partition(";q=")
        name = tag.partition("-")[0]
        if name in among:
            wishes.append((-_weight(weight), place, name))
    return min(wishes)[2] if wishes and min(wishes)[0] < 0 else ""


def split_prefix(path: str) -> tuple[str, str]:
    """`("de", "/products/vase")` for `/de/products/vase`; an empty language where the path names none."""
    first, slash, rest = path[1:].partition("/")
    if path.startswith("/") and first in LANGUAGES:
        return first, f"/{rest}" if slash else "/"
    return "", path


class LanguageInPath:
    """WSGI: a language that stands first in a path moves to SCRIPT_NAME, so that every link keeps it."""

    def __init__(self, behind: Callable[..., object]) -> None:
        self.behind = behind

    def __call__(self, environ: dict[str, object], start: Callable[..., object]) -> object:
        """Hand the request on; `app.language` is what its path asked for."""
        name, rest = split_prefix(str(environ.get("PATH_INFO", "")))
        if name:
            environ = {**environ, "SCRIPT_NAME": f"/{name}", "PATH_INFO": rest, "app.language": name}
        return self.behind(environ, start)


def catalogue(name: str) -> catalogues.NullTranslations:
    """The words of a language; those of the source for one without a file."""
    return _without_words if name == SOURCE else _catalogue(name, _changed_at(name))


@cache
def _catalogue(name: str, _: int) -> catalogues.NullTranslations:
    file = file_of(name)
    if not file.exists():
        return _without_words
    return catalogues.GNUTranslations(io.BytesIO(_compiled(name, file.read_bytes())))


def file_of(name: str) -> Path:
    """Where the words of a language stand."""
    return _FOLDER / f"{name}.po"


def _changed_at(name: str) -> int:
    """Words are read again after an edit, except in production."""
    file = file_of(name)
    return 0 if settings.current().is_production or not file.exists() else file.stat().st_mtime_ns


def _compiled(name: str, source: bytes) -> bytes:
    """The words as gettext reads them; compiling takes a third of a second, so that it is done once."""
    kept = settings.current().home / "words" / f"{name}-{hashlib.sha256(source).hexdigest()[:16]}.mo"
    try:
        return kept.read_bytes()
    except OSError:
        made = _compile(name, source)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}")
        draft.write_bytes(made)
        draft.replace(kept)
    except OSError as failure:
        log.warning("The words of %s are compiled at each start: %s", name, failure)
    return made


def _compile(name: str, source: bytes) -> bytes:
    made = io.BytesIO()
    mofile.write_mo(made, pofile.read_po(io.BytesIO(source), locale=name), use_fuzzy=False)
    return made.getvalue()


def _weight(text: str) -> float:
    try:
        return min(max(float(text or "1"), 0.0), 1.0)
    except ValueError:
        return 0.0


_without_words = catalogues.NullTranslations()
