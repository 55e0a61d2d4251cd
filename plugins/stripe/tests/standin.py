"""A Stripe of our own on loopback: sessions, refunds with their ceiling, idempotency, and signed events.

Only the official client talks to it. What it is sent is held against the library's own parameter types, and what it
answers has the names that Stripe's objects have.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams, SessionExpireParams, SessionRetrieveParams

Json = dict[str, Any]
KEY, SECRET = "sk_test_of_a_shop", "whsec_of_a_shop"


class Refused(Exception):
    """An answer that is an error: status, type and sentence."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


class StandIn:
    """State and behaviour; `address` is where it listens."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.kept: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self.is_away, self.requests, self.address = False, [], ""
        self.lock = threading.Lock()

    # --- what a buyer does on its page

    def pay(self, session_id: str) -> dict[str, Any]:
        """The buyer pays at once."""
        session = self._decided(session_id, "paid", "succeeded")
        return self._event("checkout.session.completed", session)

    def pay_later(self, session_id: str) -> dict[str, Any]:
        """The buyer names a bank that takes its time."""
        return self._event("checkout.session.completed", self._decided(session_id, "unpaid", "processing"))

    def bank_refuses(self, session_id: str) -> dict[str, Any]:
        """That bank does not pay."""
        session = self._decided(session_id, "unpaid", "requires_payment_method")
        return self._event("checkout.session.async_payment_failed", session)

    def _decided(self, session_id: str, paid: str, intent: str) -> dict[str, Any]:
        session = self.sessions[session_id]
        session |= {"status": "complete", "payment_status": paid, "url": None}
        if session["payment_intent"] is None:
            made = {"id": f"pi_{next(self.numbers)}", "object": "payment_intent", "amount": session["amount_total"]}
            self.intents[made["id"]] = made | {"currency": session["currency"]}
            session["payment_intent"] = made["id"]
        self.intents[session["payment_intent"]]["status"] = intent
        return session

    def _event(self, kind: str, session: dict[str, Any]) -> dict[str, Any]:
        made = {"id": f"evt_{next(self.numbers)}", "object": "event", "type": kind, "livemode": False}
        return made | {"created": int(time.time()), "api_version": "x", "data": {"object": dict(session)}}

    def signed(
        self, event: dict[str, Any], secret: str = SECRET, at: float | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of a webhook."""
        body, moment = json.dumps(event).encode(), str(int(at or time.time()))
        mac = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={moment},v1={mac}", "Content-Type": "application/json"}, body

    # --- what a program asks

    def answer(
        self, method: str, path: str, given: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one request."""
        with self.lock:
            self.requests.append((method, path, given))
            if self.is_away:
                return 503, _error("api_error", "We are sorry.")
            if headers.get("authorization") != f"Bearer {KEY}":
                return 401, _error("invalid_request_error", "Invalid API Key provided.")
            key = headers.get("idempotency-key", "") if method == "POST" else ""
            said = f"{path} {json.dumps(given, sort_keys=True)}"
            if key in self.kept:
                before, status, body = self.kept[key]
                if before != said:
                    return 400, _error("idempotency_error", "Keys for idempotent requests belong to one request.")
                return status, body
            try:
                status, body = 200, self._route(method, path, given)
            except Refused as refused:
                status, body = refused.status, _error(refused.kind, refused.message)
            if key:
                self.kept[key] = said, status, json.loads(json.dumps(body))
            return status, body

    def _route(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            known_parameters(SessionCreateParams, given)
            return self._open(given)
        found = re.fullmatch(r"/v1/checkout/sessions/(\w+)(/expire)?", path)
        if found:
            known_parameters(SessionExpireParams if found[2] else SessionRetrieveParams, given)
            session = self.sessions.get(found[1])
            if session is None:
                raise Refused(404, "invalid_request_error", "No such checkout.session")
            if found[2]:
                if session["status"] != "open":
                    raise Refused(400, "invalid_request_error", "Only open sessions can be expired.")
                session |= {"status": "expired", "url": None}
            return self._shown(session, given.get("expand", []))
        if (method, path) == ("POST", "/v1/refunds"):
            known_parameters(RefundCreateParams, given)
            return self._refund(given)
        if (method, path) == ("GET", "/v1/balance"):
            return {"object": "balance", "livemode": False, "available": [], "pending": []}
        raise Refused(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")

    def _open(self, given: dict[str, Any]) -> dict[str, Any]:
        prices = [(line["price_data"], int(line["quantity"])) for line in given["line_items"]]
        number, currency = next(self.numbers), prices[0][0]["currency"]
        made = {
            "id": f"cs_test_{number}", "object": "checkout.session", "mode": given["mode"], "status": "open",
            "payment_status": "unpaid", "payment_intent": None, "currency": currency, "livemode": False,
            "amount_total": sum(int(price["unit_amount"]) * times for price, times in prices),
            "client_reference_id": given.get("client_reference_id"), "metadata": given.get("metadata", {}),
            "customer_email": given.get("customer_email"), "success_url": given["success_url"],
            "cancel_url": given.get("cancel_url"), "url": f"https://checkout.stripe.com/c/pay/cs_test_{number}",
            "expires_at": int(time.time()) + 86_400,
        }  # fmt: skip
        self.sessions[made["id"]] = made
        return made

    def _shown(self, session: dict[str, Any], expand: list[str]) -> dict[str, Any]:
        whole = "payment_intent" in expand and session["payment_intent"]
        return session | ({"payment_intent": self.intents[session["payment_intent"]]} if whole else {})

    def _refund(self, given: dict[str, Any]) -> dict[str, Any]:
        intent = self.intents.get(given["payment_intent"])
        if intent is None or intent["status"] != "succeeded":
            raise Refused(400, "invalid_request_error", "This PaymentIntent has no successful charge to refund.")
        amount = int(given["amount"])
        before = sum(one["amount"] for one in self.refunds if one["payment_intent"] == intent["id"])
        if before + amount > intent["amount"]:
            raise Refused(400, "invalid_request_error", "Refund amount is greater than unrefunded amount on charge.")
        made = {
            "id": f"re_{next(self.numbers)}", "object": "refund", "amount": amount, "currency": intent["currency"],
            "payment_intent": intent["id"], "status": "succeeded", "metadata": given.get("metadata", {}),
        }  # fmt: skip
        self.refunds.append(made)
        return made


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}


def known_parameters(shape: Any, given: dict[str, Any]) -> None:
    """Every name that is sent is one of the library's own type of this request, at every depth. Raises Refused."""
    for name, value in given.items():
        if name == "expand":
            continue
        if name not in shape.__annotations__:
            raise Refused(400, "invalid_request_error", f"Received unknown parameter: {name} of {shape.__name__}")
        inner = re.search(rf"{shape.__name__}\w+", str(shape.__annotations__[name]))
        module = vars(sys.modules[shape.__module__])
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and inner and inner[0] in module:
                known_parameters(module[inner[0]], part)


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[0][b]=c` as {"a": [{"b": "c"}]}."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        *way, last = re.findall(r"[^\[\]]+", name)
        place = found
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    return _listed(found)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    return [inner[name] for name in sorted(inner, key=int)] if inner and all(map(str.isdigit, inner)) else inner


@contextmanager
def standing() -> Iterator[StandIn]:
    """One that listens on loopback."""
    state = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply(parse_qsl(urlsplit(self.path).query))

        def do_POST(self) -> None:
            self._reply(parse_qsl(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()))

        def _reply(self, pairs: list[tuple[str, str]]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told = state.answer(self.command, urlsplit(self.path).path, nested(pairs), headers)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
