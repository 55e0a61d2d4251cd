"""An integrator's app, and the steps that it and a person take."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from app.platform.oauth import service
from app.platform.oauth.schemas import NewApp
from app.platform.staff import queries as staff

HOME = "https://erp.example/back"
VERIFIER = "v" * 20 + "0123456789-._~abcdefghijklmnop"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@dataclass
class Integration:
    """A registered app and its secret, at one shop."""

    shop: Any
    client_id: str
    secret: str
    browser: Any

    def ask(self, person: Any, **changes: Any) -> Any:
        """Send a person to the consent page; a parameter that is None is left out."""
        return person.get(self.path(**changes))

    def path(self, **changes: Any) -> str:
        """Where people are sent."""
        sent = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": HOME, "state": "s1", "nonce": "n1",
            "scope": "openid profile email orders.read products.read", "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }  # fmt: skip
        sent |= changes
        return "/admin/oauth/authorize?" + urlencode({name: text for name, text in sent.items() if text is not None})

    def agreed(self, person: Any, decision: str = "allow", **changes: Any) -> dict[str, str]:
        """What the app is told once a person decided."""
        answer = person.post_form(self.path(**changes), {"decision": decision})
        assert answer.status_code == 303, answer.text
        return told(answer)

    def token(self, **fields: Any) -> Any:
        """Ask the token endpoint, by client_secret_post."""
        credentials = {"client_id": self.client_id} | ({"client_secret": self.secret} if self.secret else {})
        return self.browser.post("/oauth/token", data=credentials | fields)

    def redeem(self, code: str, **changes: Any) -> Any:
        """Turn a code into tokens."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, "code_verifier": VERIFIER}
        return self.token(**{name: text for name, text in (fields | changes).items() if text is not None})

    def refresh(self, text: str, **changes: Any) -> Any:
        """Use a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=text, **changes)

    def call(self, access_token: str, path: str = "/api/v1/orders") -> Any:
        """Ask the shop's API."""
        return self.browser.get(path, headers={"Authorization": f"Bearer {access_token}"})


def told(answer: Any) -> dict[str, str]:
    """The parameters of a redirect to the app."""
    assert answer.location.startswith(HOME), answer.location
    return {name: texts[0] for name, texts in parse_qs(urlsplit(answer.location).query).items()}


@pytest.fixture
def integrate(app: Any, shop: Any) -> Any:
    """Register an app: `integrate(kind="public", at=other_shop)`."""

    def one(*, kind: str = "server", scopes: tuple[str, ...] = ("orders.read", "products.read"), at: Any = None) -> Any:
        place = at or shop
        with app.app_context(), place.entered():
            owner = staff.actor_of(staff.staff_by_email(place.owner_email))
            form = NewApp(name="Northwind ERP", kind=kind, redirect_uris=HOME, scopes=list(scopes))
            made, secret = service.make_app(form, by=owner)
            client_id = made.client_id
        return Integration(place, client_id, secret, place.browser())

    return one


@pytest.fixture
def erp(integrate: Any) -> Integration:
    """An app on a server, with a secret."""
    return integrate()


@pytest.fixture
def tokens(erp: Integration, staff_client: Any) -> dict[str, Any]:
    """What the app holds once the owner agreed."""
    return erp.redeem(erp.agreed(staff_client)["code"]).json
