"""Callbacks, delivered by the worker through the same door that a gateway outside would knock on."""

from __future__ import annotations

from uuid import UUID

from app.bundled.testpay import queries, service
from app.bundled.testpay.gateway import signed_callback
from app.pluginapi import account_of, job, receive_callback


@job(queue="payments", retries=5)
def deliver_callback(session_id: UUID) -> None:
    """Tell the shop how a session ended: signed, verified and settled like a callback over HTTP."""
    service.pay_late(session_id)
    session = queries.session_by_id(session_id)
    receive_callback("testpay", signed_callback(session, account_of("testpay").secret))
