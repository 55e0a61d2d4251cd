"""Flask without what no view here needs, and addresses built by code that is made when the first link to them is."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, Rule

Build = Callable[..., tuple[str, str]]


class PlainFlask(Flask):
    """Flask whose views and hooks are plain functions: it asks of each, twenty times a request, whether it is async."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


class PublicId(BaseConverter):
    """An id in an address of the API. Words never match, so `/orders/actions` is not an order called so."""

    regex = "[a-z]{1,63}_[0-9a-z]{26}"


class LateRule(Rule):
    """A route that waits with the two functions that build its address: a start makes hundreds, a page uses few."""

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        name = "_build_unknown" if append_unknown else "_build"
        compiled = super()._compile_builder

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            made: Build = compiled(append_unknown).__get__(rule, None)
            setattr(rule, name, made)
            return made(**values)

        return build
