"""create_app(): the whole start-up on one screen."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, url_for
from sqlalchemy import text
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from app import settings, ui
from app.core import (
    access,
    audit_changes,  # noqa: F401 - it listens to the session from now on
    cache,
    closing,
    db,
    forms,
    health,
    i18n,
    isolation,
    jobs,
    lifecycle,
    listening,
    login,
    media,
    pagecache,
    reader,
    replaying,
    rest_cors,
    rest_limits,
    rowsecurity,
    warming,
)
from app.core.feature import Feature, MenuEntry
from app.core.routes import LateRule, PlainFlask, PublicId
from app.core.web import Door
from app.platform.audit import words as audit_words
from app.platform.tenancy import queries as tenancy
from app.roles import ROLES, rooms
from app.ui import context

log = logging.getLogger("app")
REHEARSED = ("/", "/collections", "/search", "/cart", "/admin/sign-in", "/api/docs")
"""Pages of a shop that between them use most of what is loaded; the first is the one with most in it."""


def create_app(configured: settings.Settings | None = None, *, checked: bool = True) -> Flask:
    """The application of one process; its role comes from the settings.

    `checked` refuses to start on a database that does not keep tenants apart; raises UnsafeDatabase.
    """
    if configured is not None:
        settings.use(configured)
    app = PlainFlask("app", static_folder=None)
    app.url_rule_class = LateRule
    app.url_map.converters["public"] = PublicId
    db.init_app(app)
    login.init_app(app)
    cache.init_app(app)
    cards = rooms()
    doors = [health.door, media.door, ui.assets.door, *(door for card in cards for door in card.doors)]
    surfaces = ROLES[settings.current().role].surfaces
    lifecycle.init_app(app, find_host=tenancy.find_host, surfaces=surfaces, doors=doors)
    reader.init_app(app)
    closing.init_app(app)
    ui.init_app(app)
    open_doors(app, doors)
    introduce(app, cards)
    rest_cors.init_app(app)
    rest_limits.init_app(app)
    replaying.init_app(app)
    app.wsgi_app = i18n.LanguageInPath(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way
    listening.init_app()
    pagecache.init_app(app, surfaces=surfaces)
    trust_proxies(app, settings.current().trusted_hops)
    if checked:
        refuse_unsafe_database(app)
    return app


def open_doors(app: Flask, doors: list[Door]) -> None:
    """Register every route, whatever the role: links must be built everywhere."""
    for door in doors:
        if door.name not in app.blueprints:
            app.register_blueprint(door)


def introduce(app: Flask, cards: list[Feature]) -> None:
    """Tell the core what the rooms know: permissions, hosts, tenants, money, menus."""
    for card in cards:
        access.declare(card.permissions)
    audit_words.learn(card.trail for card in cards)
    isolation.on_primary_host(tenancy.primary_host)
    forms.money_is_in(currency_and_locale)
    reader.shop_speaks(spoken_languages)
    jobs.init_app(
        app,
        find_tenants=lambda: [tenant.id for tenant in tenancy.open_tenants()],
        has_to_wait=tenancy.is_suspended,
    )
    entries = sorted((entry for card in cards for entry in card.menu), key=lambda entry: entry.place)
    context.provide("shop", shop_or_none)
    actions = [action for card in cards for action in card.actions]
    context.provide("menu", lambda: menu_of(entries))
    context.provide("actions", lambda: menu_of(actions))
    for card in cards:
        for start in card.on_start:
            start(app)


def warm_up(app: Flask) -> None:
    """Do before a fork what every process would do at its first requests, so that they share the result."""
    configure_mappers()
    ui.warm_up(app)
    configured = settings.current()
    if configured.is_production and configured.web_workers > 1:  # a start at a desk is rather quick than frugal
        warming.rehearse(app, tenancy.first_open_host, REHEARSED)


def refuse_unsafe_database(app: Flask) -> None:
    """The boot check. Its connection is closed again, so that nothing is shared over a fork."""
    with app.app_context():
        engine = db.db.engines[None]
        with engine.connect() as connection:
            rowsecurity.refuse_unsafe(connection)
            connection.execute(text("select 1"))
        engine.dispose()


def trust_proxies(app: Flask, hops: int) -> None:
    """Believe X-Forwarded-* from exactly as many proxies as there are."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way


def currency_and_locale() -> tuple[str, str]:
    """What typed amounts are in."""
    shop = shop_or_none()
    return (shop.currency, i18n.locale_for(shop.locale)) if shop else ("EUR", "en-IE")


def spoken_languages() -> reader.Spoken:
    """The language of the shop that is entered, and the others it is shown in."""
    shop = tenancy.shop_or_none()
    return reader.Spoken(shop.language, tuple(shop.languages)) if shop else reader.Spoken(i18n.SOURCE, ())


def shop_or_none() -> Any:
    """The shop row for templates; None on the platform's host."""
    return tenancy.shop_or_none() if isolation.tenant_or_none() else None


def menu_of(entries: list[MenuEntry]) -> list[dict[str, Any]]:
    """The back office's menu as the current actor may see it."""
    return [_entry(entry) for entry in entries if not entry.permission or access.may(entry.permission)]


def _entry(entry: MenuEntry) -> dict[str, Any]:
    label, section = i18n.gettext(entry.label), i18n.gettext(entry.section)
    words = i18n.gettext(entry.words)
    return {"label": label, "href": url_for(entry.endpoint), "icon": entry.icon, "section": section, "words": words}
