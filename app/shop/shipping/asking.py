"""Asking delivery providers. One that fails loses its own rate, or answers as it did before: never the checkout.

Whoever may be slow is asked outside of the buyer's transaction. What needs prices runs as `outside(work)`: where an
answer is missing, the work is left, the transaction ends, providers are asked while no connection is held, and the
work begins again and finds the answers. Shops whose prices come from tables of ours never take that way round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TypeVar

import msgspec

from app.core import cache, db
from app.core.i18n import gettext
from app.platform.plugins import declaring, places, standing
from app.platform.plugins.calling import Failed, call
from app.shop.shipping import hooks

KEPT_SECONDS = 24 * 3600
HIGHEST = 10**12


Answer = TypeVar("Answer")
Prices = dict[str, hooks.DeliveryPrice | None]
_ROUNDS = 4
_heard: ContextVar[Prices | None] = ContextVar("prices heard outside of the transaction", default=None)


class NotAskedYet(Exception):
    """Inside of `outside`: prices are missing that are not asked for within a transaction."""

    def __init__(self, questions: dict[str, Question]) -> None:
        super().__init__(f"{len(questions)} prices")
        self.questions = questions


class Question(msgspec.Struct, frozen=True):
    """A provider by its code, a parcel, and the settings of a rate."""

    code: str
    parcel: hooks.Parcel
    settings: Mapping[str, object]

    def key(self) -> str:
        """The same for the same question."""
        return cache.key_of(f"delivery price:{hashlib.sha256(msgspec.json.encode(self, order='sorted')).hexdigest()}")


def outside(work: Callable[[], Answer]) -> Answer:
    """What `work` answers, with slow providers asked between two transactions.

    The work may be begun several times, and what it wrote before it asked for prices is committed: it must read again
    whatever it locked. If what it asks keeps changing, it is given its answers inside at last.
    """
    heard: Prices = {}
    token = _heard.set(heard)
    try:
        for _ in range(_ROUNDS):
            try:
                return work()
            except NotAskedYet as missing:
                db.checkpoint()
                db.session.expire_all()  # others may change what was read while nobody holds it
                heard |= {key: _ask(question, key) for key, question in missing.questions.items()}
    finally:
        _heard.reset(token)
    return work()


def prices(questions: Sequence[Question]) -> list[hooks.DeliveryPrice | None]:
    """What providers say, in order; None where one does not take the parcel, or its plugin is not on.

    When one fails, what it said of the same parcel within the last day is said again.
    """
    heard = _heard.get()
    keyed = [(each.key() if _may_be_slow(each.code) else "", each) for each in questions]
    if heard is not None:
        missing = {key: each for key, each in keyed if key and key not in heard and is_offered(each.code)}
        if missing:
            raise NotAskedYet(missing)
    return [heard[key] if heard and key in heard else _ask(each, key) for key, each in keyed]


def _may_be_slow(code: str) -> bool:
    known = declaring.installed_as(hooks.plugin_of(code))
    return known is None or not known.is_bundled or getattr(hooks.provider(code), "asks_outside", False)


def is_offered(code: str) -> bool:
    """Whether what prices by this code is installed, and on in this shop."""
    return hooks.provider(code) is not None and standing.is_on(hooks.plugin_of(code))


def _ask(question: Question, key: str) -> hooks.DeliveryPrice | None:
    provider = hooks.provider(question.code)
    if provider is None or not is_offered(question.code):
        return None
    try:
        said: hooks.DeliveryPrice | None = call(
            hooks.plugin_of(question.code), places.DELIVERY_PRICE, provider.price, question.parcel, question.settings,
            answers=hooks.DeliveryPrice | None,
        )  # fmt: skip
    except Failed:
        said = _said_before(key)
    else:
        _keep(provider, key, said)
    return said if said is not None and 0 <= said.amount <= HIGHEST else None


def problems(code: str, settings: Mapping[str, object]) -> dict[str, str]:
    """What the provider finds wrong with settings; a provider that fails approves of nothing."""
    provider = hooks.provider(code)
    work = provider.problems if provider else dict
    try:
        found: dict[str, str] = call(
            hooks.plugin_of(code), places.DELIVERY_SETTINGS, work, settings, answers=dict[str, str]
        )
    except Failed:
        return {"": gettext("What prices this delivery does not answer at the moment. Please try again later.")}
    return found


def _keep(provider: hooks.ShippingProvider, key: str, said: hooks.DeliveryPrice | None) -> None:
    """Only for those who ask somebody outside: a table of our own answers as fast as the cache does."""
    if getattr(provider, "asks_outside", False):
        cache.cache.set(key, msgspec.json.encode(said), timeout=KEPT_SECONDS)


def _said_before(key: str) -> hooks.DeliveryPrice | None:
    kept = cache.cache.get(key) if key else None
    return msgspec.json.decode(kept, type=hooks.DeliveryPrice | None) if kept else None
