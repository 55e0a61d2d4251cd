"""Modules that are loaded at their first use: what few requests need should not make every start wait.

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any


class Later:
    """Stands for a module and hands on whatever is asked of it. Any thread may be the first to ask."""

    def __init__(self, name: str, then: Callable[[Any], None] | None) -> None:
        self._name, self._then = name, then

    def __getattr__(self, attribute: str) -> Any:
        module = import_module(self._name)
        if self._then is not None:
            self._then(module)
        return getattr(module, attribute)


def later(name: str, *, then: Callable[[Any], None] | None = None) -> Any:
    """The module under that name, once something is asked of it; `then` is told of it first, each time."""
    return Later(name, then)
