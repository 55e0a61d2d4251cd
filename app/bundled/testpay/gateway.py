"""The port, implemented by a bank that lives in one table."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from uuid import UUID

from app.bundled.testpay import models, queries, service
from app.pluginapi import (
    Account,
    Callback,
    CallbackEvent,
    CallbackRefused,
    GatewayUnreachable,
    PaymentStatus,
    RefundRequest,
    RefundResult,
    Setting,
    Started,
    StartPayment,
    Status,
    clock,
    mark,
    tenant_url,
)

SIGNATURE = "Testpay-Signature"
OLDEST_SECONDS = 300
_STATUS = {models.APPROVED: Status.CAPTURED, models.DECLINED: Status.FAILED, models.CLOSED: Status.FAILED}
_REASON = {
    models.DECLINED: mark("The test bank declined the payment."),
    models.CLOSED: mark("The payment was not finished in time."),
}


class TestGateway:
    """Behaves as a real gateway does, failures included, and moves no money."""

    __test__ = False  # pytest takes every class called Test... for a test
    code = "testpay"
    title = mark("Test payment")
    settings: tuple[Setting, ...] = ()
    has_secret = True
    pays_later = False
    starts_enabled = True
    gives_up_after: timedelta | None = timedelta(minutes=30)

    def start(self, account: Account, payment: StartPayment) -> Started:
        """Open a session at the bank, once a key, and name its page."""
        session = service.open_session(payment)
        return Started(str(session.id), tenant_url(f"/payments/testpay/{session.id}"))

    def fetch(self, account: Account, reference: str) -> PaymentStatus:
        """What the bank knows; a silent bank does not answer."""
        session = queries.session_by_id(UUID(reference))
        if session.status == models.SILENT:
            raise GatewayUnreachable()
        return status_of(session)

    def cancel(self, account: Account, reference: str) -> PaymentStatus:
        """Close the session unless it is decided."""
        return status_of(service.close_session(UUID(reference)))

    def refund(self, account: Account, refund: RefundRequest) -> RefundResult:
        """Take money back from the session, once a key and never more than was paid."""
        succeeded = service.take_back(UUID(refund.reference), refund.key, refund.amount)
        reason = "" if succeeded else mark("The test bank has no such money.")
        return RefundResult(succeeded, f"refund-{refund.key}", reason)

    def verify_callback(self, account: Account, callback: Callback) -> CallbackEvent:
        """HMAC-SHA256 over time and body, as `t=<seconds>,v1=<hex>`; refused when older than five minutes."""
        headers = {name.lower(): value for name, value in callback.headers.items()}
        parts = dict(part.partition("=")[::2] for part in headers.get(SIGNATURE.lower(), "").split(","))
        moment = parts.get("t", "")
        wanted = _signature(account.secret, moment, callback.body)
        if not account.secret or not hmac.compare_digest(wanted.encode(), parts.get("v1", "").encode()):
            raise CallbackRefused()
        if abs(clock.now().timestamp() - int(moment)) > OLDEST_SECONDS:
            raise CallbackRefused()
        return _read(callback.body)


def status_of(session: models.TestpaySession) -> PaymentStatus:
    """The session in the port's words."""
    status = _STATUS.get(session.status, Status.PENDING)
    return PaymentStatus(status, session.amount, session.currency, _REASON.get(session.status, ""))


def signed_callback(session: models.TestpaySession, secret: str) -> Callback:
    """What the bank sends when a session is decided. The same decision is the same event, however often it is sent."""
    status = status_of(session)
    body = json.dumps(
        {
            "id": f"{session.id}:{session.status}",
            "reference": str(session.id),
            "status": status.status,
            "amount": status.amount,
            "currency": status.currency,
            "reason": status.reason,
        }
    ).encode()
    return sign_body(body, secret)


def sign_body(body: bytes, secret: str) -> Callback:
    """Put the bank's signature on a body."""
    moment = str(int(clock.now().timestamp()))
    return Callback({SIGNATURE: f"t={moment},v1={_signature(secret, moment, body)}"}, body)


def _signature(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def _read(body: bytes) -> CallbackEvent:
    try:
        told = json.loads(body)
        status = PaymentStatus(
            Status(told["status"]), int(told["amount"]), str(told["currency"]), str(told.get("reason", ""))
        )
        return CallbackEvent(str(told["id"]), str(told["reference"]), status)
    except (ValueError, KeyError, TypeError) as unreadable:
        raise CallbackRefused() from unreadable
