"""Routes whose addresses are built by code that is made when the first link to them is."""

from collections.abc import Callable

from werkzeug.routing import BaseConverter, Rule

Build = Callable[..., tuple[str, str]]


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
