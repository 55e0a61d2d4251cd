"""What a plugin says of itself, and the plugins that this process has loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Annotated, Any

import msgspec

from app.core.events import Fact

API_VERSION = "1.0"
"""Of `app.pluginapi`, by semver: the first number rises when something goes or changes its meaning."""

Secret = Annotated[str, msgspec.Meta(max_length=4000, extra={"secret": True})]
"""The type of a setting that is stored encrypted and never shown again."""

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_CRON = re.compile(r"[0-5]?\d( [\d*/,-]+){4}")
"""Once an hour at most: a schedule looks at every shop."""

SlotWork = Callable[..., str]


class WrongDeclaration(ValueError):
    """A plugin says something of itself that cannot be."""


@dataclass(frozen=True)
class Plugin:
    """Name, version and everything that the plugin brings."""

    name: str
    """Lower case, digits and underscores. It names the plugin's rows and its addresses, so it never changes."""

    version: str
    title: str = ""
    """What staff call it; marked for translation."""

    description: str = ""
    """What it does, in a sentence or two."""

    api: str = API_VERSION
    """The version of `app.pluginapi` that it was written for."""

    gateways: tuple[Any, ...] = ()
    """PaymentGateway"""

    shipping: tuple[Any, ...] = ()
    """ShippingProvider"""

    settings: type[msgspec.Struct] | None = None
    """The schema of its settings; their form is made from it. A field of type Secret is stored encrypted."""

    check: Callable[[Any], str] | None = None
    """"Test connection": gets the settings, answers with a sentence for staff, raises when there is no connection."""

    slots: Mapping[str, SlotWork] = field(default_factory=dict)
    """By the name of a slot, what answers with HTML for it."""

    listens: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    """By the name of a fact, what is told of each. The same one may come twice, and none while the plugin is not on."""

    tasks: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    """By a name of its own, work for later (`later`), with ids, numbers and short texts as arguments, by keyword."""

    schedules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By a time as cron writes it, the tasks that begin then, without arguments, for every shop that has it on."""

    reads: tuple[str, ...] = ()
    """What it gets to see, each in a few words: "the address of the buyer"."""

    connects_to: tuple[str, ...] = ()
    """Hosts outside that it talks to."""

    doors: tuple[Any, ...] = ()
    models: tuple[ModuleType, ...] = ()
    jobs: tuple[ModuleType, ...] = ()
    permissions: Mapping[str, str] = field(default_factory=dict)
    set_up_at: str = ""
    """The endpoint of the page where it is set up, where that is not its own form."""

    @property
    def label(self) -> str:
        """What staff read; the name of one that gives itself no title."""
        return self.title or self.name.replace("_", " ").capitalize()

    def problems(self, *, slots: Iterable[str] = ()) -> list[str]:
        """What is wrong with it, a sentence each."""
        found = []
        if not _NAME.fullmatch(self.name):
            found.append(f"{self.name!r} is no name: lower case letters, digits and underscores, a letter first.")
        if self.api.partition(".")[0] != API_VERSION.partition(".")[0]:
            found.append(f"It was written for version {self.api} of app.pluginapi; here is {API_VERSION}.")
        found += [f"There is no slot {name!r}." for name in self.slots if name not in slots]
        found += [
            f"The permission {name!r} must begin with {self.name!r} and a dot."
            for name in self.permissions
            if not name.startswith(f"{self.name}.")
        ]
        found += [f"There is no fact {name!r}." for name in self.listens if name not in Fact.registry]
        for cron, names in self.schedules.items():
            if not _CRON.fullmatch(cron):
                found.append(f"{cron!r} is no time: a minute, then hour, day, month and day of the week.")
            found += [f"There is no task {name!r}." for name in names if name not in self.tasks]
        return found


@dataclass(frozen=True)
class Installed:
    """A plugin in this process. Those that ship with us are on from the start; others wait until staff say so."""

    plugin: Plugin
    is_bundled: bool


_installed: dict[str, Installed] = {}
_refused: dict[str, str] = {}


def declare(plugin: Plugin, *, is_bundled: bool, slots: Iterable[str] = ()) -> None:
    """Make a plugin known. Raises WrongDeclaration with everything that is wrong with it."""
    known = _installed.get(plugin.name)
    problems = plugin.problems(slots=slots)
    if known is not None and known.is_bundled and not is_bundled:
        problems.append(f"A plugin that ships with the shop is called {plugin.name!r} already.")
    if problems:
        raise WrongDeclaration(" ".join(problems))
    _installed[plugin.name] = Installed(plugin, is_bundled)


def refuse(name: str, because: str) -> None:
    """Remember a distribution that could not be loaded, for `./livery plugins doctor`."""
    _refused[name] = because


def refused() -> dict[str, str]:
    """Distributions that could not be loaded, and why."""
    return dict(_refused)


def installed() -> list[Installed]:
    """Every plugin in this process, by name."""
    return [_installed[name] for name in sorted(_installed)]


def installed_as(name: str) -> Installed | None:
    """The plugin of this name."""
    return _installed.get(name)


def forget(name: str) -> None:
    """For tests: the plugin is not installed any more."""
    _installed.pop(name, None)
