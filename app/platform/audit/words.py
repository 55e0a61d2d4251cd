"""How an entry reads: "Olive changed the product Vase", in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from app.core.audit import AuditEntry
from app.core.audit_platform import PlatformEntry
from app.core.feature import Trail
from app.core.i18n import gettext, mark
from app.platform.audit.queries import CALLED
from app.platform.audit.schemas import KIND

Entry = AuditEntry | PlatformEntry
_sentences: dict[str, str] = {}
_things: dict[str, str] = {}
_of_platform: set[str] = set()
"""Actions and tables that only the platform's own trail speaks of."""
_MASK = "•••"
_OTHER = mark("%(who)s changed: %(what)s")


def learn(trails: Iterable[Trail]) -> None:
    """Take over what the rooms' cards say about their entries."""
    for trail in trails:
        _sentences.update(trail.sentences)
        _things.update(trail.things)
        if trail.is_of_platform:
            _of_platform.update(trail.sentences, trail.things)


def is_known(action: str) -> bool:
    """Does a room say how this reads? So does what no service speaks of: "product.changed"."""
    table, _, done = action.partition(".")
    return action in _sentences or (done == "changed" and table in _things)


def codes() -> list[str]:
    """Every action that a room has a sentence for, of any trail."""
    return list(_sentences)


def sentence(entry: Entry, who: str | Markup, what: str | Markup) -> Markup:
    """What was done, as a sentence about somebody and something; both are escaped."""
    known = _sentences.get(entry.action)
    if known is None:
        table = entry.action.removesuffix(".changed")
        what = Markup("{} {}").format(thing(table) if table in _things else said(entry.action), what)
    return Markup(gettext(known or _OTHER)) % {"who": who, "what": what}  # noqa: S704 - ours; what is put in is escaped


def actions(*, of_platform: bool = False) -> list[tuple[str, str]]:
    """Every action of a trail with its sentence about nobody and nothing, for a list to choose from."""
    told = [(action, gettext(one) % {"who": "…", "what": "…"}) for action, one in _of(_sentences, of_platform)]
    return sorted(told, key=lambda pair: pair[1].casefold())


def things(*, of_platform: bool = False) -> list[tuple[str, str]]:
    """Every kind of thing of a trail with its name."""
    told = [(table, gettext(one)) for table, one in _of(_things, of_platform)]
    return sorted(told, key=lambda pair: pair[1].casefold())


def _of(words: dict[str, str], of_platform: bool) -> list[tuple[str, str]]:
    return [(code, one) for code, one in words.items() if (code in _of_platform) == of_platform]


def thing(table: str) -> str:
    """What people call a row of a table."""
    return gettext(_things[table]) if table in _things else said(table)


def name_of(entry: Entry, names: dict[str, str]) -> str:
    """What the thing is called now, or was when it went; empty for what has no name."""
    if entry.object_id in names:
        return names[entry.object_id]
    told = next((entry.details[key] for key in CALLED if entry.details.get(key)), None)
    if told is None:
        own = next((one["fields"] for one in entry.changes if one["id"] == entry.object_id), {})
        values = [value for key in CALLED for value in reversed(own.get(key, []))]
        told = next((value for value in values if value and value != _MASK), "")
    return str(told)


def short(object_id: str) -> str:
    """An id by its end, which is what differs."""
    return f"…{object_id[-8:]}" if len(object_id) > 12 else object_id


def by(entry: Entry) -> str:
    """Who it was. Background work has no name of its own; its job stands beside it."""
    is_named = entry.actor_name and entry.actor_kind != "system"
    return entry.actor_name if is_named else kind(entry)


def kind(entry: Entry) -> str:
    """What sort of actor it was."""
    return gettext(KIND[entry.actor_kind]) if entry.actor_kind in KIND else entry.actor_kind


def job(entry: Entry) -> str:
    """The background work that did it, without the place where it stands."""
    is_job = entry.actor_kind == "system" and "." in entry.actor_name
    return entry.actor_name.rpartition(".")[2] if is_job else ""


def said(name: str) -> str:
    """`shipping_rate` as "Shipping rate"."""
    return name.replace("_", " ").replace(".", " ").strip().capitalize()


def shown(value: Any) -> str:
    """A value of a field, for the eye."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dict):
        return ", ".join(f"{said(str(key))}: {shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "–"
    return str(value)
