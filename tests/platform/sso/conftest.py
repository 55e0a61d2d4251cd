"""A provider that is not one: it stands in this process, signs what a test wants, and remembers what it was asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwk, jwt

from app.core import http
from app.platform.sso import service
from app.platform.sso.schemas import ProviderForm
from app.platform.staff import queries as staff

ISSUER = "https://id.example"
CLIENT = "the-shop"
SECRET = "a secret: of+the shop"


@dataclass
class Forged:
    """What the provider says; tests change it."""

    key: Any = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "k1"}))
    description: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    asked: list[Any] = field(default_factory=list)
    nonce: str = ""

    def fetch(self, url: str, *, method: str = "GET", headers: Any = None, content: Any = None, **_: Any) -> Any:
        """What core/http.py would bring back."""
        self.asked.append((method, url, headers or {}, parse_qs((content or b"").decode())))
        answers: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self._description,
            "/jwks": lambda: {"keys": [self.key.as_dict(private=False)]},
            "/token": lambda: {"access_token": "at", "token_type": "Bearer", "id_token": self.token or self.signed()},
            "/me": lambda: self.userinfo,
        }
        assert url.startswith(ISSUER), url
        return httpx.Response(200, content=json.dumps(answers[url.removeprefix(ISSUER)]()))

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks", "userinfo_endpoint": f"{ISSUER}/me",
            "authorization_response_iss_parameter_supported": True,
        } | self.description  # fmt: skip

    def signed(self) -> str:
        """An ID token; a claim that a test set to None is left out."""
        now = int(time.time())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "u1", "nonce": self.nonce, "iat": now, "exp": now + 300,
            "email": "ada@id.example", "email_verified": True, "name": "Ada",
        } | self.claims  # fmt: skip
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "k1"} | self.header, told, self.key)


@dataclass
class Visit:
    """A browser that goes to the provider and comes back."""

    provider: Forged
    browser: Any

    def out(self, path: str = "/admin/sign-in/provider") -> dict[str, str]:
        """Go; what the provider was asked for."""
        answer = self.browser.get(path)
        assert answer.status_code == 303, answer.text
        sent = {name: texts[0] for name, texts in parse_qs(urlsplit(answer.location).query).items()}
        self.provider.nonce = sent.get("nonce", "")
        return sent

    def back(self, state: str, **answer: Any) -> Any:
        """Come back with a code and the provider's name."""
        told = {"code": "c1", "state": state, "iss": ISSUER} | answer
        return self.browser.get(
            "/admin/sign-in/provider/back", query_string={k: v for k, v in told.items() if v is not None}
        )

    def through(self, **answer: Any) -> Any:
        """Both."""
        return self.back(self.out()["state"], **answer)

    @property
    def is_in(self) -> bool:
        """Does the back office open?"""
        return self.browser.get("/admin").status_code == 200


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Forged:
    """Stands in for every outgoing call."""
    forged = Forged()
    monkeypatch.setattr(http, "fetch", forged.fetch)
    return forged


@pytest.fixture
def trust(app: Any, shop: Any) -> Callable[..., None]:
    """Let a shop trust the provider: `trust(first_role="support", at=other_shop)`."""

    def one(at: Any = None, **changes: Any) -> None:
        place = at or shop
        with app.app_context(), place.entered():
            owner = staff.actor_of(staff.staff_by_email(place.owner_email))
            usual = {
                "label": "Northwind", "issuer": ISSUER, "client_id": CLIENT, "client_secret": SECRET,
                "domains": "id.example", "is_on": True,
            }  # fmt: skip
            service.save(ProviderForm(**(usual | changes)), by=owner)

    return one


@pytest.fixture
def visit(provider: Forged, shop: Any) -> Visit:
    """A fresh browser at the shop."""
    return Visit(provider, shop.browser())
