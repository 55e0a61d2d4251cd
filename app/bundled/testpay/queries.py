"""Reading the pretended bank."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.bundled.testpay.models import TestpaySession
from app.pluginapi import NotFound, db


def session_by_id(session_id: UUID) -> TestpaySession:
    """One session. Raises NotFound."""
    return _one(select(TestpaySession).where(TestpaySession.id == session_id))


def lock_session(session_id: UUID) -> TestpaySession:
    """One session, to be changed. Raises NotFound."""
    return _one(select(TestpaySession).where(TestpaySession.id == session_id).with_for_update())


def session_by_key(key: str) -> TestpaySession:
    """The session that the shop started under this key. Raises NotFound."""
    return _one(select(TestpaySession).where(TestpaySession.key == key))


def _one(statement) -> TestpaySession:
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found
