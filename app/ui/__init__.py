"""How everything looks: the brand engine, assets, icons, layouts and form macros. Knows no room."""

from __future__ import annotations

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined

from app import settings
from app.core import i18n
from app.ui import assets, context, icons

_APP = settings.ROOT / "app"


def init_app(app: Flask) -> None:
    """Give an application its templates, their globals and the static files."""
    app.jinja_loader = FileSystemLoader([_APP / "ui" / "templates", *sorted(_APP.glob("*/*/templates"))])
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    if not settings.current().is_production:
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(context.template_globals(), asset=assets.asset, icon=icons.icon)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    app.register_blueprint(assets.door)
