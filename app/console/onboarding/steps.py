"""The wizard's steps in their order, and how a draft's answers are read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from werkzeug.datastructures import MultiDict

from app.console.onboarding import schemas
from app.console.onboarding.models import WizardDraft
from app.core.errors import InvalidInput, NotFound
from app.core.forms import Reader
from app.core.i18n import gettext, mark


@dataclass(frozen=True)
class StepCard:
    """One page of the wizard."""

    name: str
    title: str
    lead: str
    schema: type[schemas.Step]
    has_preview: bool = True


STEPS = (
    StepCard(
        "shop", mark("What is the shop called?"), mark("The name is what customers see."), schemas.ShopStep, False
    ),
    StepCard(
        "brand",
        mark("How does it look?"),
        mark("Drop a logo, or pick one colour; the rest is made from it."),
        schemas.BrandStep,
    ),
    StepCard(
        "region",
        mark("Where do you sell from?"),
        mark("Currency, tax and time follow from the country."),
        schemas.RegionStep,
        False,
    ),
    StepCard(
        "catalogue",
        mark("What do you sell?"),
        mark("Start with samples and replace them later."),
        schemas.CatalogueStep,
        False,
    ),
    StepCard(
        "payment", mark("How are you paid?"), mark("More ways can be added at any time."), schemas.PaymentStep, False
    ),
    StepCard(
        "account",
        mark("Who runs the shop?"),
        mark("You sign in to the back office with this."),
        schemas.AccountStep,
        False,
    ),
)
LABELS = {
    "shop": mark("Name"),
    "brand": mark("Brand"),
    "region": mark("Country"),
    "catalogue": mark("Products"),
    "payment": mark("Payment"),
    "account": mark("Account"),
}
_by_name = {card.name: card for card in STEPS}
_names = [card.name for card in STEPS]
FIRST, LAST = _names[0], _names[-1]


def card_named(name: str) -> StepCard:
    """A step; raises NotFound."""
    if name not in _by_name:
        raise NotFound()
    return _by_name[name]


def after(name: str) -> str:
    """The step that follows."""
    return _names[min(_names.index(name) + 1, len(_names) - 1)]


def before(name: str) -> str:
    """The step in front."""
    return _names[max(_names.index(name) - 1, 0)]


def place_of(name: str) -> int:
    """1 for the first step."""
    return _names.index(name) + 1


def to_keep(form: Mapping[str, Any]) -> dict[str, str]:
    """What of a posted form may be stored: all that was typed, but no password, token or button."""
    return {name: str(value) for name, value in form.items() if name not in {"_csrf", "then", "password"}}


def typed(draft: WizardDraft, name: str) -> dict[str, str]:
    """What the draft holds of a step."""
    return dict(draft.answers.get(name) or {})


def read(draft: WizardDraft, name: str) -> Any:
    """A step's answers as its form, the defaults where nothing was answered; raises InvalidInput."""
    card = card_named(name)
    kept = draft.answers.get(name)
    if kept is None:
        return _defaults(draft, name)
    return Reader(MultiDict(kept), MultiDict(), strict=True).read(card.schema)


def first_unfinished(draft: WizardDraft) -> str:
    """Where somebody who comes back goes on: the first step without a good answer."""
    for name in _names[:-1]:
        if name not in draft.answers or not _is_good(draft, name):
            return name
    return LAST


def read_all(draft: WizardDraft) -> schemas.Answers | str:
    """Everything but the account; or the name of the first step that is not right."""
    found: dict[str, Any] = {}
    for name in _names[:-1]:
        try:
            found[name] = read(draft, name)
        except InvalidInput:
            return name
    return schemas.Answers(**found)


def _is_good(draft: WizardDraft, name: str) -> bool:
    try:
        read(draft, name)
    except InvalidInput:
        return False
    return True


def _defaults(draft: WizardDraft, name: str) -> Any:
    """What a step means that nobody has looked at."""
    if name == "payment":
        return schemas.PaymentStep(test_gateway=True)
    if name == "region":
        return schemas.RegionStep(country=draft.answers.get("guess", {}).get("country", "IE"))
    try:
        return card_named(name).schema()
    except TypeError as missing:
        raise InvalidInput({"name": gettext("Please fill this in.")}) from missing


def empty(name: str) -> dict[str, str]:
    """Every field of a step, with nothing in it."""
    return {one.name: "" for one in msgspec.structs.fields(card_named(name).schema)}
