"""The bank's own page, where a buyer is sent to pay."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from app.bundled.testpay import jobs, models, queries, service
from app.bundled.testpay.schemas import Choose
from app.pluginapi import StorefrontDoor, accepts, page, public, redirect_to

door = StorefrontDoor("testpay")
TOLD_BY_CALLBACK = {models.APPROVED, models.DECLINED, models.LATER}


@door.get("/payments/testpay/<uuid:session>")
@public
def pay(session: UUID) -> Response:
    """Show what is to be paid and every ending there is."""
    return page("testpay/storefront/pay.html", session=queries.session_by_id(session))


@door.post("/payments/testpay/<uuid:session>")
@public
@accepts(Choose, again=pay)
def choose(form: Choose, session: UUID) -> Response:
    """End the payment as chosen and send the buyer back to the shop; a challenge stays for one more step."""
    chosen = service.choose(session, form.choice)
    if chosen.status == models.CHALLENGED:
        return redirect_to(f"/payments/testpay/{session}")
    if chosen.status in TOLD_BY_CALLBACK:
        jobs.deliver_callback.enqueue(session_id=chosen.id)
    return redirect_to(chosen.return_url)
