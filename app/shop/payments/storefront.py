"""Where gateways call back."""

from __future__ import annotations

from flask import Response, make_response, request

from app.core.access import public
from app.core.errors import NotFound
from app.core.lifecycle import from_machines
from app.core.web import StorefrontDoor
from app.shop.payments import hooks, service
from app.shop.payments.errors import GatewayNotOffered

door = StorefrontDoor("payments")
LONGEST_CALLBACK = 64 * 1024


@door.post("/payments/<gateway>/callback")
@public
@from_machines
def callback(gateway: str) -> Response:
    """Take a gateway's message. The same message again answers the same and does nothing."""
    body = request.get_data(cache=False) if (request.content_length or 0) <= LONGEST_CALLBACK else b""
    try:
        service.receive_callback(gateway, hooks.Callback(dict(request.headers), body))
    except GatewayNotOffered as unknown:
        raise NotFound() from unknown
    return make_response("ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"})
