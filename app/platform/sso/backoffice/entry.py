"""Out to the provider and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from flask import Response, request, session, url_for

from app.core import login
from app.core.access import current_actor, public
from app.core.web import page, redirect_to
from app.platform.sso import journeys, queries
from app.platform.sso.backoffice.door import door
from app.platform.sso.errors import REFUSALS, SignInRefused
from app.platform.sso.schemas import Journey
from app.platform.staff import hooks
from app.platform.staff.backoffice import admitting, sessions

_KEPT = "sso."
_MOST = 3
"""Journeys of one browser that may be under way at once, one a tab."""
TRIES, TEN_MINUTES = 40, 600


@door.get("/sign-in/provider")
@public
def out() -> Response:
    """Send the person to the provider, with a state that only this browser brings back."""
    login.rate_limit("sso-address", login.remote_address(), TRIES, TEN_MINUTES)
    try:
        address, state, journey = journeys.set_out(
            sessions.safe_next(request.args.get("next")), is_again=current_actor().kind == "staff"
        )
    except SignInRefused as refusal:
        return _refused(refusal)
    for old in [key for key in session if key.startswith(_KEPT)][: 1 - _MOST]:
        session.pop(old)
    session[_KEPT + state] = asdict(journey)
    return redirect_to(address)


@door.get("/sign-in/provider/back")
@public
def back() -> Response:
    """Whoever comes back with this browser's state and a code that holds is in. The state works once."""
    login.rate_limit("sso-address", login.remote_address(), TRIES, TEN_MINUTES)
    answer = {name: texts[0] for name, texts in request.args.lists() if len(texts) == 1}
    try:
        journey = _journey(answer.get("state", ""))
        member = journeys.come_back(journey, answer)
    except SignInRefused as refusal:
        return _refused(refusal)
    assert journey is not None
    return admitting.admit(member, hooks.ELSEWHERE, wanted=journey.wanted)


@door.get("/sign-in/provider/refused")
@public
def refused() -> Response:
    """Why it did not work, at an address without a code in it."""
    refusal = REFUSALS.get(request.args.get("why", ""), SignInRefused)
    return page("sso/backoffice/refused.html", refusal.status, sentence=refusal().sentence)


def _journey(state: str) -> Journey | None:
    kept: dict[str, Any] | None = session.take(_KEPT + state) if state else None  # type: ignore[attr-defined]  # RowSession
    return msgspec.convert(kept, Journey) if kept else None


def _refused(refusal: SignInRefused) -> Response:
    """By a redirect: an answer below 400 is kept, so the state is used up whatever came of it."""
    return redirect_to(url_for(".refused", why=refusal.code))


def way_in() -> hooks.OtherWay | None:
    """What the sign-in page offers besides a password."""
    row = queries.provider_in_use()
    return hooks.OtherWay(row.label, url_for("sso_backoffice.out"), row.is_only_way) if row else None
