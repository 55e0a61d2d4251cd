"""What people hold in their hands: an app that shows codes, and a device that makes passkeys and signs with them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.core import clock

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def set_up_app(browser: Any) -> tuple[pyotp.TOTP, list[str]]:
    """Set up an app in this browser; the app, and the recovery codes that were shown if it was the first factor."""
    shown = browser.get("/admin/sign-in/app").text
    app = pyotp.TOTP(re.search(r'data-copy="([A-Z2-7]{32})"', shown)[1])
    answer = browser.post_form("/admin/sign-in/app", {"code": code_of(app)})
    return app, codes_in(answer.text)


def code_of(app: pyotp.TOTP, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return app.at(clock.now(), counter_offset=steps)


def codes_in(text: str) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<li><code>([a-z0-9-]{19})</code>", text)


@dataclass
class Device:
    """A software authenticator with one passkey (WebAuthn level 2, sections 6 and 7): each field can be told to lie."""

    origin: str
    host: str
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    user: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any], **lies: Any) -> str:
        """The answer to the options of a new passkey, as the browser's script sends it."""
        self.user = _bytes(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        told = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        proof = {"fmt": "none", "attStmt": {}, "authData": self._head(ATTESTED, lies) + told}
        said = self._said("webauthn.create", options, lies)
        return self._answer({"clientDataJSON": _text(said), "attestationObject": _text(cbor2.dumps(proof))})

    def sign(self, options: dict[str, Any], **lies: Any) -> str:
        """The answer to the options of a sign-in."""
        self.counter += lies.get("ticks", 1)
        head, said = self._head(0, lies), self._said("webauthn.get", options, lies)
        signature = self.key.sign(head + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": head, "signature": signature, "userHandle": self.user}
        return self._answer({name: _text(part) for name, part in parts.items()})

    def _head(self, more: int, lies: dict[str, Any]) -> bytes:
        host = hashlib.sha256(lies.get("host", self.host).encode()).digest()
        return host + bytes([lies.get("flags", self.flags) | more]) + self.counter.to_bytes(4, "big")

    def _said(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": lies.get("origin", self.origin)}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response})


def device_at(shop: Any) -> Device:
    """A device in front of this shop's pages."""
    return Device(shop.url("").rstrip("/"), shop.host)


def make_passkey(browser: Any, device: Device, title: str = "", **lies: Any) -> Any:
    """Add a passkey in this browser; the answer."""
    options = browser.post_form("/admin/sign-in/passkeys/options").json
    fields = {"credential": device.make(options, **lies), "title": title}
    return browser.post_form("/admin/sign-in/passkeys", fields)


def sign_with(browser: Any, device: Device, **lies: Any) -> Any:
    """Sign in, or do the second step, with a passkey; the answer."""
    options = browser.post_form("/admin/sign-in/passkey/options").json
    return browser.post_form("/admin/sign-in/passkey", {"credential": device.sign(options, **lies)})


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
