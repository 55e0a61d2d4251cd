"""How everything looks: the brand engine, assets, icons, layouts and form macros. Knows no room."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template

from app import settings
from app.core import i18n, web
from app.ui import assets, context, fragments, icons

_APP = settings.ROOT / "app"


class _Template(Template):
    """Templates of one environment share their globals, so an imported one is the same for everybody.

    Jinja compares the two sets of names at each import, which is a tenth of a page's rendering.
    """

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Give an application its templates, their globals and the static files."""
    app.jinja_loader = FileSystemLoader([_APP / "ui" / "templates", *sorted(_APP.glob("*/*/templates"))])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.template_class = _Template
    if not settings.current().is_production:
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(context.template_globals(), asset=assets.asset, icon=icons.icon)
    app.jinja_env.globals.update(piece=fragments.piece, each_piece=fragments.each_piece)
    app.jinja_env.bytecode_cache = kept_compiled()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(i18n.gettext, i18n.counted, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    app.register_blueprint(assets.door)
    web.draw_equals[0], web.draw_equal_pieces[0] = fragments.whole, fragments.answer


def kept_compiled() -> FileSystemBytecodeCache | None:
    """Keep compiled templates in the home, so that a start finds them; each is bound to its source's fingerprint.

    A home that cannot be written to (a read-only deployment) costs the time to compile, and nothing else.
    """
    folder: Path = settings.current().home / "templates" / "trimmed"  # what was compiled otherwise is not found
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK) or folder.stat().st_uid != os.getuid():
        return None
    return FileSystemBytecodeCache(str(folder))


def warm_up(app: Flask) -> None:
    """Load what every storefront page is made of, before the process forks: its copies then share it."""
    if app.jinja_env.bytecode_cache is None:
        return  # compiling all of it would hold every start up
    for name in app.jinja_env.list_templates(filter_func=_is_of_the_storefront):
        app.jinja_env.get_template(name)


def _is_of_the_storefront(name: str) -> bool:
    return name.startswith("ui/") or "/storefront/" in name
