"""What every template may use without asking, and how the rooms above fill it in.

`brand`, `shop`, `menu`, `menus` and `bag_count` belong to rooms that this wing must not import: each room gives
its function once, with `provide`, and templates see the answer. Within a request a function is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from babel import numbers
from flask import g, get_flashed_messages, has_request_context, request
from markupsafe import Markup
from werkzeug.local import LocalProxy

from app import settings
from app.core import access, clock, i18n, isolation, login, money, pagecache, reader, storage
from app.core.forms import current_form
from app.ui import theme, when

Provider = Callable[[], Any]
_BUYING = ("/cart", "/checkout", "/account", "/orders", "/payments")
_WITHOUT_LANGUAGE = ("//", "/admin", "/api", "/static/", "/media/", "/_brand/")


def _no_menus() -> SimpleNamespace:
    return SimpleNamespace(main=[], footer_shop=[], footer_help=[], footer_about=[])


def brand_without_tenant() -> theme.Theme:
    """The platform's own look on its own host and in its own mails; to strangers, nobody's."""
    is_strange = has_request_context() and g.get("place") != "platform"
    return theme.NEUTRAL if is_strange else theme.PLATFORM


_providers: dict[str, Provider] = {
    "brand": brand_without_tenant,
    "shop": lambda: None,
    "menu": list,
    "actions": list,
    "menus": _no_menus,
    "bag_count": lambda: 0,
    "views_here": lambda: lambda name: [],
    "has_shortcuts": lambda: True,
    "visitor": lambda: None,
    "suspension": lambda: None,
    "slot": lambda: lambda name, **told: Markup(""),
    "slots_depend_on": lambda: 0,
}


def provide(name: str, find: Provider) -> None:
    """Fill a template global from a room's door: brand, shop, menu, menus or bag_count."""
    if name not in _providers:
        raise KeyError(f"no template asks for {name}")
    _providers[name] = find


def ask(name: str) -> Any:
    """The answer of a provider for this request's tenant."""
    if not has_request_context():
        return _providers[name]()
    known: dict[Any, Any] = g.setdefault("provided", {})
    key = name, isolation.tenant_or_none()
    if key not in known:
        known[key] = _providers[name]()
    return known[key]


def template_globals() -> dict[str, Any]:
    """Every global of the templates, by name; assets and icons are added beside them."""
    provided: dict[str, Any] = {name: LocalProxy(partial(ask, name)) for name in _providers}
    return provided | {
        "form": LocalProxy(current_form),
        "may": access.may,
        "current_actor": access.current_actor,
        "csrf_field": csrf_field,
        "is_for_everybody": is_for_everybody,
        "money": format_money,
        "typed_money": typed_money,
        "number": format_number,
        "percent": format_percent,
        "date": lambda moment, style="medium": when.date(moment, *_locale_and_zone(), style=style),
        "datetime": lambda moment, style="medium": when.datetime(moment, *_locale_and_zone(), style=style),
        "ago": lambda moment: when.ago(moment, clock.now(), _locale_and_zone()[0]),
        "iso": lambda moment: moment.isoformat(),
        "now": clock.now,
        "word": word,
        "media_url": storage.url,
        "language": i18n.language,
        "direction": i18n.direction,
        "here": here,
        "absolute": absolute,
        "languages": languages,
        "tongues": i18n.LANGUAGES,
        "toasts": lambda: get_flashed_messages(with_categories=True) if has_request_context() else [],
        "is_current": is_current,
        "current_among": current_among,
        "is_buying": is_buying,
        "nearest": nearest,
        "neutral_css_url": theme.NEUTRAL.css_url,
        "is_development": lambda: not settings.current().is_production,
    }


def csrf_field() -> Markup:
    """The hidden field that every POST form carries; nothing on a page that is kept for everybody."""
    if is_for_everybody():
        return Markup("")
    return Markup('<input type="hidden" name="_csrf" value="{}">').format(login.csrf_token())


def is_for_everybody() -> bool:
    """Is this page rendered to be kept? Then it holds nothing of whoever asked."""
    return has_request_context() and pagecache.BLIND in request.environ


def format_money(amount: int, currency: str = "") -> str:
    """Minor units as the shop's visitors read them; in the shop's currency unless another is named."""
    shop = ask("shop")
    return money.format(amount, currency or (shop.currency if shop else "EUR"), _locale_and_zone()[0])


def format_number(value: int) -> str:
    """A whole number with the reader's separators: "12,500"."""
    return _written(value, _locale_and_zone()[0])


@lru_cache(maxsize=4096)
def _written(value: int, locale: str) -> str:
    return numbers.format_decimal(value, locale=locale.replace("-", "_"))


def format_percent(thousandths: float) -> str:
    """Thousandths as percent: 34 is "3.4%"."""
    share = round(thousandths) / 1000
    return numbers.format_percent(share, locale=_locale_and_zone()[0].replace("-", "_"), decimal_quantization=False)


def typed_money(amount: int | None, currency: str = "") -> str:
    """Minor units as somebody types them into a field, without a currency sign."""
    if amount is None:
        return ""
    shop = ask("shop")
    return money.typed(amount, currency or (shop.currency if shop else "EUR"), _locale_and_zone()[0])


def is_current(address: str, *, exactly: bool = False) -> bool:
    """Does a menu's address lead to the page that is shown, or to one above it?"""
    if not has_request_context():
        return False
    path = address.partition("?")[0].rstrip("/") or "/"
    shown = request.path
    path = path.removeprefix(request.script_root) or "/"
    if exactly or path in {"/", "/admin"}:
        return shown.rstrip("/") == path.rstrip("/") or shown == path
    return shown == path or shown.startswith(path + "/")


def is_buying() -> bool:
    """Is this page on the way from the bag to the order, or in the account? Only those pages have forms."""
    return has_request_context() and request.path.startswith(_BUYING)


def current_among(items: Iterable[Any]) -> list[str]:
    """Those of a menu's addresses that lead to the page that is shown: what the menu depends on."""
    return [item.href for item in items if is_current(here(item.href))]


def word(key: str) -> str:
    """What this shop calls a thing: its own word where it speaks its own language, else the interface's."""
    shop, brand = ask("shop"), ask("brand")
    is_its_own = shop is None or i18n.base_of(shop.locale) == i18n.language()
    own = brand.tokens.own_word(key, "" if is_its_own else i18n.language())
    return own or i18n.gettext(theme.DEFAULT_WORDS[key])


def here(path: str) -> str:
    """A path of this host in the language that the reader is in: `/de/cart` for `/cart`."""
    if not has_request_context() or not path.startswith("/") or path.startswith(_WITHOUT_LANGUAGE):
        return path
    return request.script_root + path


def absolute(path: str) -> str:
    """The whole address of a path of this shop, as other sites need it."""
    return path if path.startswith(("https://", "http://")) else isolation.tenant_url(path)


def languages() -> list[dict[str, Any]]:
    """The languages this page can be read in, each with its own name and address; empty where there is one only."""
    if not has_request_context() or isolation.tenant_or_none() is None or ask("shop") is None:
        return []
    spoken = reader.spoken_here()
    if not spoken.others:
        return []
    return [
        {
            "code": code,
            "name": i18n.LANGUAGES[code],
            "href": reader.address_in(code, request.path),
            "is_current": code == i18n.language(),
            "is_own": code == spoken.own,
        }
        for code in spoken.all
    ]


def nearest(addresses: list[str]) -> str:
    """Of a menu's addresses the one that leads closest to the page that is shown; empty when none does."""
    return max((address for address in addresses if is_current(address)), key=len, default="")


def _locale_and_zone() -> tuple[str, str]:
    shop = ask("shop")
    own, zone = (shop.locale or "en", shop.timezone or "UTC") if shop else ("en-GB", "UTC")
    return i18n.locale_for(own), zone
