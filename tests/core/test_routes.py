"""Routes that make the code for their address at the first link."""

import pytest
from werkzeug.routing import Map, Rule

from app.core.routes import LateRule

ROUTES = (("/", "home"), ("/orders/<uuid:order>", "order"), ("/by/<rule>/<path:rest>", "deep"))
LINKS = (
    ("home", {}),
    ("home", {"q": ["a b", "c&d"]}),
    ("order", {"order": "0190d6ec-9d0d-7a4c-8f6e-3a8a1c1b2d3e", "tab": "é"}),
    ("deep", {"rule": "a/b", "rest": "x/y z"}),
)


def addresses(kind: type[Rule]) -> list[str]:
    """Every link twice: made anew, and by the code that was kept."""
    routes = Map([kind(path, endpoint=name) for path, name in ROUTES]).bind("shop.example")
    return [routes.build(name, values) for name, values in LINKS * 2]


def test_a_late_route_builds_what_every_route_does():
    assert addresses(LateRule) == addresses(Rule)


@pytest.mark.parametrize(("kind", "is_late"), [(LateRule, True), (Rule, False)])
def test_nothing_is_compiled_before_the_first_link(kind, is_late):
    route = kind("/orders/<uuid:order>", endpoint="order")
    routes = Map([route]).bind("shop.example")
    before = route._build_unknown

    routes.build("order", {"order": "0190d6ec-9d0d-7a4c-8f6e-3a8a1c1b2d3e"})

    assert (route._build_unknown is not before) == is_late
