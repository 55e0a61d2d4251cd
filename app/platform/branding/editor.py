"""What the editor's pages show: the state of the draft, the pages of its frame, and how it differs from the shop."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from app.core import isolation
from app.core.i18n import gettext as _
from app.core.i18n import mark
from app.platform.branding import choices, hooks, preview, queries
from app.platform.branding.models import BrandVersion
from app.ui import fonts
from app.ui.theme import BrandTokens

HOME = hooks.Preview(mark("Home"), "/", 10)
OWN = (
    hooks.Preview(mark("Bag"), "/cart", 50),
    hooks.Preview(mark("Sign-in"), "/account/sign-in", 60),
)


class Difference(NamedTuple):
    """One choice that the draft makes differently; a colour is shown as one."""

    label: str
    before: str
    after: str
    is_colour: bool = False


def state() -> dict[str, Any]:
    """What `_state.html` shows: the draft, what may be done with it, and how many choices it changes."""
    version, draft = queries.draft_version(), queries.draft()
    return {
        "draft": draft,
        "has_draft": version is not None,
        "can_undo": bool(version and version.undo),
        "publish_at": version.publish_at if version else None,
        "changes": len(differences(version)) if version else 0,
        "published": queries.published_version(),
        "reload_key": _reload_key(version),
    }


def frame() -> dict[str, Any]:
    """The pages of the frame; the first address of each scheme carries the token that lets the frame show the draft."""
    found = [HOME, *OWN, *(one for find in hooks.previews for one in find())]
    tabs = sorted(found, key=lambda one: one.place)
    return {
        "frames": [(_(one.label), one.address) for one in tabs],
        "light_url": f"/?preview={preview.frame_token('light')}",
        "dark_url": f"/?preview={preview.frame_token('dark')}",
        "frame_url": f"/?preview={preview.frame_token()}",
    }


def share_url() -> str:
    """A whole address that shows the draft to whoever holds it, for a week."""
    return isolation.tenant_url(f"/?preview={preview.link_token()}")


def differences(version: BrandVersion) -> list[Difference]:
    """Every choice in which the draft differs from what visitors see."""
    now, then = queries.tokens_of(version), queries.published().tokens
    found = [_difference(name, then, now) for name in choices.LABELS if getattr(now, name) != getattr(then, name)]
    if version.home and version.home != hooks.describe_home():
        found.append(Difference(_("Home page"), _("as published"), _("changed")))
    return found


def _difference(name: str, then: BrandTokens, now: BrandTokens) -> Difference:
    is_colour = name in {"colour", "canvas", "hero_colour", "hero_ink"}
    return Difference(_(choices.LABELS[name]), _shown(name, then), _shown(name, now), is_colour)


def _shown(name: str, tokens: BrandTokens) -> str:
    value = getattr(tokens, name)
    if name == "words":
        return ", ".join(value.values()) or _("the usual words")
    if name == "font_pair":
        return fonts.PAIRS[value].label
    if name == "logo_key":
        return _("a picture") if value else _("the initials")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    label = choices.SHOWN.get(name, {}).get(value)
    return _(label) if label else str(value or _("derived"))


def _reload_key(version: BrandVersion | None) -> str:
    """Changes when a style sheet alone cannot show the change, so that the frame loads its page again."""
    if version is None:
        return ""
    tokens = queries.tokens_of(version)
    parts = (tokens.words, tokens.logo_alone, tokens.logo_key, tokens.font_pair, tokens.mode, version.home)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
