"""A plugin to begin with: files of a distribution of its own."""

from __future__ import annotations

from pathlib import Path
from string import Template

from app.core.trouble import Trouble
from app.platform.plugins.declaring import Plugin

_FILES = {
    "setup.cfg": """\
[metadata]
name = livery-$name
version = 0.1.0
description = $title, a plugin
license_files = LICENSE

[options]
packages = livery_$name
python_requires = >=3.11

[options.entry_points]
livery.plugins =
    $name = livery_$name:plugin
""",
    "pyproject.toml": """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"
""",
    "LICENSE": "Write here under which terms others may use this plugin.\n",
    "README.md": "# $title\n\nSay what it does, what it gets to see, and whom it talks to.\n",
    "livery_$name/__init__.py": '''\
"""$title: a line below the price of every product."""

from collections.abc import Mapping
from html import escape
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.pluginapi import Plugin, Secret, settings_of


class Settings(msgspec.Struct):
    """What staff fill in; the form is made from this."""

    words: Annotated[str, Meta(title="Words", description="Shown below the price.", max_length=120)] = "Made by hand"
    token: Annotated[Secret, Meta(title="Token", description="Of the service that it talks to.")] = ""


def below_price(told: Mapping[str, Any]) -> str:
    """The line. It is sanitised again before it is shown."""
    return f"<p>{escape(settings_of('$name').words)}</p>"


def check(settings: Settings) -> str:
    """Test connection: raise when something is wrong, or say that all is well."""
    return f"It would say: {settings.words}"


plugin = Plugin(
    name="$name",
    version="0.1.0",
    title="$title",
    description="Shows a line of your own below every price.",
    settings=Settings,
    check=check,
    slots={"product.below_price": below_price},
)
''',
    "tests/test_$name.py": '''\
"""What every plugin must do; add below what only yours does."""

from app.pluginapi.testing import conformance
from livery_$name import plugin

test_conformance = conformance(plugin)
''',
}


def write(name: str, into: Path) -> Path:
    """Write the files below a new folder `livery-<name>`; answers with it. Raises Trouble."""
    problems = Plugin(name, "0").problems()
    if problems:
        raise Trouble(problems[0])
    folder = into / f"livery-{name}"
    if folder.exists():
        raise Trouble(f"{folder} is there already.")
    values = {"name": name, "title": name.replace("_", " ").capitalize()}
    for path, text in _FILES.items():
        file = folder / Template(path).substitute(values)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(values))
    return folder
