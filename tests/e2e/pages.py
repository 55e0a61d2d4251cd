"""Every page there is: from the list of routes, and what no route has of its own, such as errors and letters."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.e2e import people
from tests.e2e.furnishing import CLOSED, CUSTOMER, PASSWORD, SHOP
from tests.e2e.installation import ROOT, Installation
from tests.e2e.people import Person

SHOPS = (SHOP, "north", "sundae")
WIZARD = ("shop", "brand", "region", "catalogue", "payment", "account")
LETTERS, LETTERS_WITHIN = 3, 20
NOT_REACHED = {
    "assets_any.file": "a file, not a page",
    "branding_any.icon": "a picture, not a page",
    "media_tenant.file": "a picture, not a page",
    "onboarding_console.logo": "a picture, once there is one",
    "ops_console.body": "a letter by itself; one of each kind is added below",
    "onboarding_console.opened": "leads on once a shop was opened; tests/e2e/test_story.py goes through it",
    "ops_console.second_step": "after a password, for who has a factor; tests/console/ops/test_second_step.py opens it",
    "staff_backoffice.second_step": "after a password, for who has a factor; tests/e2e/test_passkeys.py looks at it",
    "staff_backoffice.set_up": "after a password, where a rule asks; tests/e2e/test_passkeys.py looks at it",
    "sso_backoffice.out": "leads to a provider; tests/platform/sso/test_foreign_provider.py goes through it",
    "sso_backoffice.back": "leads on; tests/platform/sso/test_sign_in.py goes through it",
    "sso_backoffice.refused": "answers 403; a page of its own is added below",
    "support_backoffice.enter": "leads in, once by a link; tests/console/ops/test_tenants.py goes through it",
    "staff_backoffice.arrive": "leads on, once a ticket; tests/platform/staff/test_switching.py goes through it",
}
"""Routes that answer nothing here, and why that is right."""
LETTERS_BY_THEMSELVES = {"home_previews_backoffice.mail"}


@dataclass(frozen=True)
class Shot:
    """One page: its name, whose it is, who looks, and the status that it must have."""

    name: str
    surface: str
    path: str
    person: str
    host: str
    status: int = 200


@dataclass
class Plan:
    """All pages of an installation, everybody who looks at them, and the routes that nobody could open."""

    shots: list[Shot]
    persons: dict[str, Person]
    uncovered: list[str]


def plan(installation: Installation) -> Plan:
    """Furnish the demo shop, send people in, and find out which addresses are pages."""
    found = addresses(installation)
    persons = everybody(installation)
    shots, uncovered = [], []
    for address in found:
        shot = first_page(installation, persons, address)
        if isinstance(shot, Shot):
            shots.append(shot)
        elif shot:
            uncovered.append(shot)
    shots += further(installation, persons, {shot.name: shot for shot in shots})
    return Plan(shots, persons, uncovered)


def addresses(installation: Installation) -> list[dict[str, str]]:
    """What `tests.e2e.furnishing` prints for this installation."""
    environment = os.environ | {"LIVERY_HOME": str(installation.home), "LIVERY_PORT": str(installation.port)}
    command = [sys.executable, "-m", "tests.e2e.furnishing"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return listed


def everybody(installation: Installation) -> dict[str, Person]:
    """People by name; a stranger of the platform and of each shop among them."""
    persons = {
        "owner": people.owner_of(installation, SHOP),
        "visitor": Person(installation, SHOP),
        "customer": people.customer_of(installation, SHOP, CUSTOMER, PASSWORD),
        "stranger": Person(installation),
        "founder": people.founder_of(installation),
        "operator": people.operator_of(installation),
    }
    persons |= {f"shopper of {shop}": people.shopper_of(installation, shop) for shop in SHOPS}
    return persons


WHO = {
    "storefront": (f"shopper of {SHOP}", "customer"),
    "backoffice": ("visitor", "owner"),
    "api": ("visitor", "owner"),
    "console": ("founder", "operator"),
}


def first_page(installation: Installation, persons: dict[str, Person], address: dict[str, str]) -> Shot | str:
    """The page as the first one who may see it does; "" for what is no page; else what is wrong with it."""
    endpoint, surface, path = address["endpoint"], address["surface"], address["path"]
    if endpoint in NOT_REACHED:
        return ""
    if not path:
        return f"{endpoint}: no address; tests/isolation/requests.py does not know a variable of it"
    answers = []
    for name in WHO.get(surface, ("visitor", "stranger")):
        answer = persons[name].get(path)
        if answer.is_page and answer.status == 200:
            surface = "mail" if endpoint in LETTERS_BY_THEMSELVES else surface
            return Shot(endpoint, surface, path, name, installation.host(persons[name].shop))
        answers.append(answer)
    if surface == "console" and answers[-1].status == 404:
        return f"{endpoint}: {path} is not there"
    if any(answer.status in (200, 204, 301, 302, 303) and not answer.is_page for answer in answers):
        return "" if surface != "backoffice" or not leads_to_the_door(answers[-1].location) else f"{endpoint}: no entry"
    if surface == "api":
        return ""  # a program's answer to people without a key
    return f"{endpoint}: {path} answers {[answer.status for answer in answers]}"


def leads_to_the_door(location: str) -> bool:
    """Whether even the owner was sent to sign in."""
    return "/sign-in" in location


def further(installation: Installation, persons: dict[str, Person], known: dict[str, Shot]) -> list[Shot]:
    """Pages that share a route: the wizard's steps, the other brands, empty and full, refusals, letters."""
    here, platform = installation.host(SHOP), installation.host()
    shopper = f"shopper of {SHOP}"
    shots = [Shot(f"wizard.{step}", "console", f"/start/{step}", "founder", platform) for step in WIZARD]
    shots += [
        Shot("search.found", "storefront", "/search?q=vase", shopper, here),
        Shot("search.nothing", "storefront", "/search?q=zzzzzz", shopper, here),
        Shot("bag.empty", "storefront", "/cart", "visitor", here),
        Shot("home.find", "backoffice", "/admin/search?q=vase", "owner", here),
        Shot("error.shop", "storefront", "/nothing-here", shopper, here, 404),
        Shot("sso.refused", "backoffice", "/admin/sign-in/provider/refused?why=not_staff_here", "owner", here, 403),
        Shot("error.backoffice", "backoffice", "/admin/nothing-here", "owner", here, 404),
        Shot("error.platform", "console", "/nothing-here", "stranger", platform, 404),
        Shot("error.unknown-host", "storefront", "/", "stranger", installation.host("nobody"), 421),
        Shot("error.closed", "storefront", "/", "stranger", installation.host(CLOSED), 503),
    ]
    shots += [shot for shop in SHOPS[1:] for shot in of_another_brand(installation, persons, shop)]
    return shots + letters(installation, persons)


def of_another_brand(installation: Installation, persons: dict[str, Person], shop: str) -> list[Shot]:
    """What a brand changes most."""
    person = f"shopper of {shop}"
    product = people.products_of(persons[person])[0]
    paths = {
        "home": "/", "collection": "/collections/all", "product": product, "cart": "/cart", "checkout": "/checkout",
        "sign-in": "/account/sign-in", "back-office-door": "/admin/sign-in", "about": "/pages/about",
    }  # fmt: skip
    return [Shot(f"{shop}.{name}", "storefront", path, person, installation.host(shop)) for name, path in paths.items()]


def letters(installation: Installation, persons: dict[str, Person]) -> list[Shot]:
    """One letter of each kind in the mailbox, by its subject without numbers and names."""
    listed = ""
    deadline = time.monotonic() + LETTERS_WITHIN
    while listed.count('href="/mailbox/') < LETTERS and time.monotonic() < deadline:
        time.sleep(0.5)
        listed = persons["operator"].get("/mailbox").text
    kinds: dict[str, str] = {}
    for path, subject in re.findall(r'href="(/mailbox/[0-9a-f-]+)"[^>]*>(.*?)</a>', listed, re.DOTALL):
        kind = re.sub(r"[^a-z]+", "-", re.sub(r"<[^>]*>|\d+", "", subject).strip().lower()).strip("-")
        kinds.setdefault(kind or "letter", path)
    return [
        Shot(f"mail.{kind[:40]}", "mail", f"{path}/body", "operator", installation.host())
        for kind, path in sorted(kinds.items())
    ]


def wanted(shots: list[Shot], only: str) -> list[Shot]:
    """Those whose name or address holds the words."""
    return [shot for shot in shots if not only or re.search(only, f"{shot.name} {shot.path} {shot.host}")]
