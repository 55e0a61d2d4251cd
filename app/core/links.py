"""Signed links that expire: previews, invitations, order status, resets."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from app import settings
from app.core import clock, isolation
from app.core.errors import NotFound


def sign(purpose: str, payload: dict[str, Any], max_age_s: int) -> str:
    """A signed token that ends after `max_age_s` seconds. Bound to its purpose and tenant; readable, not secret."""
    ends = int(clock.now().timestamp()) + max_age_s
    return _serializer(purpose).dumps([ends, payload])


def unsign(purpose: str, token: str) -> dict[str, Any]:
    """What was signed; raises NotFound when forged, over, or of another purpose or tenant."""
    try:
        ends, payload = _serializer(purpose).loads(token)
    except (BadSignature, ValueError, TypeError) as problem:
        raise NotFound() from problem
    if ends < clock.now().timestamp():
        raise NotFound()
    return payload


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        settings.current().secret_key,
        salt=f"{purpose}:{isolation.tenant_or_none()}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
