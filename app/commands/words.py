"""words: the catalogues below app/translations, kept in step with the sentences in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from jinja2.ext import babel_extract

from app.core import i18n
from app.settings import ROOT

APP = ROOT / "app"
_KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2), "mark_many": (1, 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")

Found = tuple[str | tuple[str, ...], str, int]


@click.group()
def words() -> None:
    """The interface's words in other languages."""


@words.command()
def update() -> None:
    """Bring every catalogue up to date with the code; new sentences are empty, unused ones leave."""
    template = extracted()
    for name in languages():
        catalogue = read(name)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        write(name, catalogue)
        missing = sum(not is_translated(message) for message in catalogue if message.id)
        click.echo(f"{name}: {len(template)} sentences, {missing} to be translated")


@words.command()
def check() -> None:
    """Say what is missing or does not fit; exit 1 if anything is."""
    found = list(problems())
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(f"{len(found)} sentences need care.")
    click.echo("Every sentence is translated.")


def languages() -> list[str]:
    """The languages that have a catalogue: all but the source."""
    return [name for name in i18n.LANGUAGES if name != i18n.SOURCE]


def read(name: str) -> Catalog:
    """A language's catalogue; an empty one where there is no file."""
    file = i18n.file_of(name)
    if not file.exists():
        return Catalog(locale=name)
    with file.open("rb") as stream:
        return pofile.read_po(stream, locale=name)


def write(name: str, catalogue: Catalog) -> None:
    """Write a catalogue, in the order of its sentences, so that a change is a small difference."""
    file = i18n.file_of(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        pofile.write_po(stream, catalogue, width=0, sort_output=True, no_location=True, omit_header=False)


def extracted() -> Catalog:
    """Every sentence of the templates and of the code."""
    catalogue = Catalog(locale=None, charset="utf-8")
    for said, _, _ in sorted(_sentences(), key=str):
        catalogue.add(said)
    return catalogue


def problems() -> Iterator[str]:
    """What is wrong with the catalogues, a line each."""
    wanted = {message.id for message in extracted() if message.id}
    for name in languages():
        catalogue = read(name)
        known = {message.id: message for message in catalogue if message.id}
        for said in sorted(wanted - set(known), key=str):
            yield f"{name}: not in the catalogue: {said}"
        for said in sorted(set(known) - wanted, key=str):
            yield f"{name}: no longer said: {said}"
        for said in sorted(wanted & set(known), key=str):
            yield from (f"{name}: {problem}: {said}" for problem in _flaws(known[said], catalogue))


def is_translated(message: Message) -> bool:
    """Has it a text, in every plural form?"""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def _flaws(message: Message, catalogue: Catalog) -> Iterator[str]:
    if not is_translated(message):
        yield "not translated"
        return
    if message.fuzzy:
        yield "uncertain"
    if isinstance(message.id, str):
        if placeholders(message.id) != placeholders(str(message.string)):
            yield "other blanks than the source"
        return
    if len(message.string) != catalogue.num_plurals:
        yield f"{len(message.string)} plural forms instead of {catalogue.num_plurals}"
    allowed = placeholders(message.id[1])
    if any(not placeholders(form) <= allowed for form in message.string):
        yield "a blank that the source has not"


def placeholders(text: str) -> set[str]:
    """The blanks of a sentence, `%(name)s` and `{name}`."""
    return {f"{percent}{brace}" for percent, brace in _PLACEHOLDER.findall(text)}


def _sentences() -> Iterator[Found]:
    for path in sorted(APP.rglob("*")):
        if path.suffix in {".html", ".txt"} and "templates" in path.parts:
            yield from _in_template(path)
        elif path.suffix == ".py":
            yield from _in_code(path)


def _in_template(path: Path) -> Iterator[Found]:
    options = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    yield from _called(babel_extract, path, options)


def _in_code(path: Path) -> Iterator[Found]:
    yield from _called("python", path, {})
    for node in ast.walk(ast.parse(path.read_text())):
        for text in _unmarked(node):
            yield text, str(path), node.lineno


def _called(method: str | Callable[..., object], path: Path, options: dict[str, str]) -> Iterator[Found]:
    found = extract_from_file(method, str(path), keywords=_KEYWORDS, options=options)
    for line, said, _, _ in found:
        if said:
            yield said, str(path), line


def _unmarked(node: ast.AST) -> Iterable[str]:
    """Sentences that are translated where they are shown, without a call around them in the code."""
    if isinstance(node, ast.ClassDef) and any(isinstance(one, ast.Assign) for one in node.body):
        yield from _messages_of(node)
    if isinstance(node, ast.Call):
        yield from _arguments_of(node)


def _messages_of(node: ast.ClassDef) -> Iterator[str]:
    """The `message` of a refusal, alone or in `code, message = ..`."""
    for one in node.body:
        if not isinstance(one, ast.Assign):
            continue
        target, value = one.targets[0], one.value
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = value.elts if isinstance(value, ast.Tuple) else [value]
        for name, said in zip(names, values, strict=False):
            if isinstance(name, ast.Name) and name.id == "message" and _text(said):
                yield _text(said)


def _arguments_of(node: ast.Call) -> Iterator[str]:
    """`say=".."`, the sentences of `InvalidInput({..})`, labels of menus, texts of permissions."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for keyword in node.keywords:
        if keyword.arg == "say" and _text(keyword.value):
            yield _text(keyword.value)
        if called in {"MenuEntry"} and keyword.arg in {"label", "section"} and _text(keyword.value):
            yield _text(keyword.value)
        if called == "Feature" and keyword.arg == "permissions" and isinstance(keyword.value, ast.Dict):
            yield from (_text(value) for value in keyword.value.values if _text(value))
    if called == "MenuEntry" and node.args and _text(node.args[0]):
        yield _text(node.args[0])
    if called == "InvalidInput" and node.args and isinstance(node.args[0], ast.Dict):
        yield from (_text(value) for value in node.args[0].values if _text(value))


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
